/* notes.c - see notes.h. */
#include "harness/validity/notes.h"

#include <math.h>

#include "base/text.h"
#include "harness/validity/disturbance.h"

/* The origin's share of a core above which it may have limited the cell. */
#define ORIGIN_BUSY_MAX 0.70

/* The share of a core that a hypervisor may take. Short cells are not judged, since the
 * kernel counts in steps of 10 ms. */
#define STOLEN_SHARE  0.05
#define STOLEN_MIN_MS 30

/* The origin is late when one response in a hundred was sent this late. */
#define LATE_MIN_S          0.001
#define LATE_SHARE_OVERHEAD 0.1

/* Appends the word of a note. */
static void add(struct verdict *verdict, enum row_note note)
{
    (void)text_append(verdict->notes, sizeof(verdict->notes), "%s%s",
                      verdict->notes[0] ? " " : "", note_word(note));
}

/* Compares the delays served with the delays asked for. An origin with --overload slow is
 * meant to serve later. */
static bool origin_was_late(const struct plan *plan, const struct outcome *outcome)
{
    const struct quantiles *stamped = &outcome->origin_delay_s;
    const struct quantiles *asked = &outcome->asked_delay_s;
    double late_s = isnan(stamped->p99) ? stamped->max - asked->max
                                        : stamped->p99 - asked->p99;

    return plan->origin.overload != OVERLOAD_SLOW && late_s > LATE_MIN_S &&
           late_s > LATE_SHARE_OVERHEAD * outcome->overhead_s;
}

static bool cpu_was_stolen(const struct kernel_counters *kernel, double cost_s)
{
    return kernel->cpu_known && kernel->cpu_stolen_ms >= STOLEN_MIN_MS &&
           (double)kernel->cpu_stolen_ms / 1e3 > STOLEN_SHARE * cost_s;
}

void notes_of_plan(struct verdict *verdict, const struct plan *plan)
{
    if (plan->origin.faults.text[0])
        add(verdict, NOTE_FAULTS_ASKED);
    if (!plan->site)
        return;
    add(verdict, NOTE_NO_ORIGIN);
    if (plan->site->fetch.insecure)
        add(verdict, NOTE_INSECURE);
}

void notes_of_disturbance(struct verdict *verdict, const struct measurement *measurement)
{
    double stopped_s;

    if (disturbance_stopped(measurement, &stopped_s))
        add(verdict, NOTE_STOPPED);
    if (disturbance_throttled(measurement))
        add(verdict, NOTE_CPU_THROTTLED);
}

/* Whether a program had fewer requests in flight than it was asked for, by its stamps or
 * at the origin. */
static bool is_below_level(const struct measurement *measurement,
                           const struct outcome *outcome)
{
    return (outcome->inflight_peak && outcome->inflight_peak < outcome->inflight_limit) ||
           (measurement->has_origin && outcome->level_held &&
            measurement->origin->in_flight_peak < outcome->origin_limit);
}

/* Figures that it did not report, and that were not checked. */
static void notes_of_program(struct verdict *verdict,
                             const struct measurement *measurement,
                             const struct outcome *outcome)
{
    if (!outcome->is_program)
        return;
    if (outcome->no_length_count)
        add(verdict, NOTE_NO_LENGTH);
    else if (outcome->no_crc32_count)
        add(verdict, NOTE_LENGTH_ONLY);
    if (outcome->no_status_count)
        add(verdict, NOTE_NO_STATUS);
    if (outcome->no_stamps_count)
        add(verdict, NOTE_NO_STAMPS);
    if (measurement->has_origin && measurement->origin->first_client_ns &&
        measurement->origin->first_client_ns < measurement->report.go_ns)
        add(verdict, NOTE_START_EXCLUDED);
    if (outcome->spare_connections)
        add(verdict, NOTE_SPARE_CONNECTIONS);
}

static bool is_level_missed(const struct plan *plan,
                            const struct measurement *measurement,
                            const struct outcome *outcome)
{
    return (measurement->has_origin && behaviour_has_delay(&plan->origin) &&
            !outcome->level_held) ||
           (outcome->is_program && is_below_level(measurement, outcome));
}

void notes_of_cell(struct verdict *verdict, const struct plan *plan,
                   const struct cell *cell, const struct measurement *measurement,
                   const struct outcome *outcome)
{
    if (measurement->report.injected)
        add(verdict, NOTE_INJECTED);
    if (cell->rate && !outcome->rate_held)
        add(verdict, NOTE_RATE_NOT_HELD);
    if (!plan_has_moments(plan) && is_level_missed(plan, measurement, outcome))
        add(verdict, NOTE_LEVEL_NOT_HELD);
    if (measurement->slots_full)
        add(verdict, NOTE_SLOTS_FULL);
    notes_of_program(verdict, measurement, outcome);
    if (outcome->origin_busy > ORIGIN_BUSY_MAX)
        add(verdict, NOTE_ORIGIN_BOUND);
    if (measurement->has_origin && origin_was_late(plan, outcome))
        add(verdict, NOTE_ORIGIN_LATE);
    if (outcome_failed(outcome, cell)) /* else it would not be valid */
        add(verdict, NOTE_ERRORS_ALLOWED);
    if (cell->strategy->reference)
        add(verdict, NOTE_REFERENCE);
    if (cell->once)
        add(verdict, NOTE_MEASURED_ONCE);
    if (outcome->origin_limit < outcome->inflight_limit)
        add(verdict, NOTE_LIBCURL_QUEUE);
    if (measurement->kernel.known && measurement->kernel.tcp_timeouts)
        add(verdict, NOTE_FOREIGN_TIMEOUTS);
    if (cpu_was_stolen(&measurement->kernel, outcome->cost_s))
        add(verdict, NOTE_CPU_STOLEN);
    if (measurement->memory_probe.failure.text[0])
        add(verdict, NOTE_MEMORY_PROBE_FAILED);
    if (!measurement->kernel.known)
        add(verdict, NOTE_KERNEL_SILENT);
}
