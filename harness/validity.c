/* validity.c - see validity.h. */
#include "harness/validity.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "fetch/fetch.h"

/* A ramp counts as idle when client and origin together worked for less than this share
 * of it; a short one is not judged, since a busy machine can stop both for some
 * milliseconds. */
#define IDLE_RAMP_WORK  0.25
#define IDLE_RAMP_MIN_S 0.02

/* The origin is late when one response in a hundred was sent so much after it was due. */
#define LATE_MIN_S          0.001
#define LATE_SHARE_OVERHEAD 0.1

/* What a check looks at. */
struct evidence {
    const struct plan *plan;
    const struct cell *cell;
    const struct measurement *measurement;
    const struct outcome *outcome;
};

void verdict_add_note(struct verdict *verdict, enum row_note note)
{
    size_t used = strlen(verdict->notes);

    (void)snprintf(verdict->notes + used, sizeof(verdict->notes) - used, "%s%s",
                   used ? " " : "", note_word(note));
}

/* Writes the reason; returns true, so that a check can end with it. */
static bool fails(struct verdict *verdict, enum row_status status, const char *format,
                  ...) __attribute__((format(printf, 3, 4)));

static bool fails(struct verdict *verdict, enum row_status status, const char *format,
                  ...)
{
    va_list args;

    verdict->status = status;
    va_start(args, format);
    (void)vsnprintf(verdict->reason, sizeof(verdict->reason), format, args);
    va_end(args);
    return true;
}

/* -- what failed: true when it did --------------------------------------------- */

static bool machinery_failed(const struct evidence *the, struct verdict *verdict)
{
    const struct measurement *measurement = the->measurement;

    if (measurement->end != CELL_ENDED)
        return fails(verdict, STATUS_FAILED, "%s", measurement->end_text.text);
    if (measurement->origin_failure.text[0])
        return fails(verdict, STATUS_FAILED, "%s", measurement->origin_failure.text);
    if (measurement->report.failed)
        return fails(verdict, STATUS_FAILED, "%s", measurement->report.failure.text);
    return false;
}

/* "3 of 100 requests failed (timed_out 3); the first was http://...: Timeout was reached"
 */
static bool requests_failed(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    size_t first = outcome->first_failure;
    char kinds[160] = "";
    const char *why;
    size_t used = 0;

    if (outcome->counts[FETCH_OK] == the->cell->requests)
        return false;
    for (int kind = 0; kind < FETCH_OUTCOME_COUNT; kind++)
        if (kind != FETCH_OK && outcome->counts[kind] && used < sizeof(kinds))
            used += (size_t)snprintf(
                kinds + used, sizeof(kinds) - used, "%s%s %" PRIu64, used ? ", " : "",
                fetch_outcome_word((enum fetch_outcome)kind), outcome->counts[kind]);
    if (first >= the->measurement->result_count)
        return fails(verdict, STATUS_FAILED, "no request was made");
    switch (the->measurement->results[first].outcome) {
    case FETCH_LOST:
        why = "no result";
        break;
    case FETCH_BAD_BODY:
        why = "not the body that was expected";
        break;
    case FETCH_BAD_STATUS:
        why = "not the HTTP status that was expected";
        break;
    default:
        why = fetch_code_text(the->measurement->results[first].curl_code);
        break;
    }
    return fails(verdict, STATUS_FAILED,
                 "%" PRIu64 " of %" PRIu64 " requests failed (%s); the first was %s: %s",
                 the->cell->requests - outcome->counts[FETCH_OK], the->cell->requests,
                 kinds, work_url(the->measurement->work, first), why);
}

/* -- what cannot be believed: true when it cannot ------------------------------ */

static bool counts_differ(const struct evidence *the, struct verdict *verdict)
{
    const struct origin_stats *origin = the->measurement->origin;

    if (!the->measurement->has_origin ||
        (origin->requests == the->cell->requests &&
         origin->responses == the->cell->requests && !origin->rejected))
        return false;
    return fails(verdict, STATUS_INVALID,
                 "the client had %" PRIu64
                 " good responses, but the origin was asked %" PRIu64
                 " times, answered %" PRIu64 " and rejected %" PRIu64,
                 the->outcome->counts[FETCH_OK], origin->requests, origin->responses,
                 origin->rejected);
}

static bool too_early(const struct evidence *the, struct verdict *verdict)
{
    if (the->outcome->early_count)
        return fails(verdict, STATUS_INVALID,
                     "%" PRIu64
                     " responses came before the delay that the origin stamped",
                     the->outcome->early_count);
    if (the->outcome->run_s < the->outcome->ideal_s)
        return fails(verdict, STATUS_INVALID,
                     "run_s %.6f is below the ideal of %.6f, which nobody can beat",
                     the->outcome->run_s, the->outcome->ideal_s);
    return false;
}

static bool connections_differ(const struct evidence *the, struct verdict *verdict)
{
    uint64_t opened = the->outcome->connections;

    if (the->measurement->has_origin && the->measurement->origin->connections != opened)
        return fails(verdict, STATUS_INVALID,
                     "the client opened %" PRIu64
                     " connections, the origin accepted %" PRIu64,
                     opened, the->measurement->origin->connections);
    if (!the->plan->reuse_connections && opened != the->cell->requests)
        return fails(verdict, STATUS_INVALID,
                     "%" PRIu64 " connections for %" PRIu64
                     " requests: with fresh connections it must be one each",
                     opened, the->cell->requests);
    /* Kept connections of a foreign server may be closed by it at any time. */
    if (the->plan->reuse_connections && the->measurement->has_origin &&
        opened > the->outcome->origin_limit)
        return fails(verdict, STATUS_INVALID,
                     "%" PRIu64 " connections for %" PRIu64
                     " in flight: kept connections were not reused",
                     opened, the->outcome->origin_limit);
    return false;
}

static bool kernel_complains(const struct evidence *the, struct verdict *verdict)
{
    const struct kernel_counters *kernel = &the->measurement->kernel;

    if (!kernel->known ||
        (!kernel->listen_overflows && !kernel->listen_drops && !kernel->tcp_timeouts))
        return false;
    return fails(verdict, STATUS_INVALID,
                 "the kernel counted %" PRIu64 " listen overflows, %" PRIu64
                 " listen drops and %" PRIu64 " TCP time-outs meanwhile",
                 kernel->listen_overflows, kernel->listen_drops, kernel->tcp_timeouts);
}

static bool level_differs(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    uint64_t at_origin;

    if (outcome->inflight_peak != outcome->inflight_limit)
        return fails(verdict, STATUS_INVALID,
                     "%" PRIu64
                     " fetches were in flight at the most where it must be %" PRIu64,
                     outcome->inflight_peak, outcome->inflight_limit);
    /* Without a delay, what the origin has before it at a time proves nothing. */
    if (!the->measurement->has_origin || !the->plan->delay_ns)
        return false;
    at_origin = the->measurement->origin->in_flight_peak;
    if (at_origin > outcome->origin_limit ||
        (outcome->level_held && at_origin != outcome->origin_limit))
        return fails(verdict, STATUS_INVALID,
                     "the origin had %" PRIu64
                     " requests before it at the most where it must be %" PRIu64,
                     at_origin, outcome->origin_limit);
    return false;
}

/* Where the last request reaches the origin after the first response is due, that may
 * only be because making the requests takes the time: then somebody was at work. A model
 * that waits for one response before it sends the next request leaves the CPU idle
 * instead, and has never had the level in flight, whatever its stamps say. */
static bool level_was_held_back(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    double work_s = outcome->cpu_s + outcome->origin_cpu_s;

    if (!the->measurement->has_origin || !the->plan->delay_ns || outcome->level_held ||
        !(outcome->ramp_s > IDLE_RAMP_MIN_S) ||
        !(work_s < outcome->ramp_s * IDLE_RAMP_WORK))
        return false;
    return fails(
        verdict, STATUS_INVALID,
        "the level was never in flight: the requests took %.3f s to arrive, and for "
        "that only %.3f s of CPU time were used",
        outcome->ramp_s, work_s);
}

/* -- notes --------------------------------------------------------------------- */

static bool origin_was_late(const struct evidence *the)
{
    const struct outcome *outcome = the->outcome;
    double delay_s = isnan(outcome->origin_delay_s.p99) ? outcome->origin_delay_s.max
                                                        : outcome->origin_delay_s.p99;
    double late_s = delay_s - clock_seconds(the->plan->delay_ns);

    return the->measurement->has_origin && late_s > LATE_MIN_S &&
           late_s > LATE_SHARE_OVERHEAD * outcome->overhead_s;
}

static void add_notes(const struct evidence *the, struct verdict *verdict)
{
    if (the->measurement->has_origin && the->plan->delay_ns && !the->outcome->level_held)
        verdict_add_note(verdict, NOTE_LEVEL_NOT_HELD);
    if (the->outcome->origin_busy > VALIDITY_ORIGIN_BUSY_MAX)
        verdict_add_note(verdict, NOTE_ORIGIN_BOUND);
    if (origin_was_late(the))
        verdict_add_note(verdict, NOTE_ORIGIN_LATE);
    if (the->cell->once)
        verdict_add_note(verdict, NOTE_MEASURED_ONCE);
    if (the->outcome->origin_limit < the->outcome->inflight_limit)
        verdict_add_note(verdict, NOTE_LIBCURL_QUEUE);
}

void validity_judge(struct verdict *verdict, const struct plan *plan,
                    const struct cell *cell, const struct measurement *measurement,
                    const struct outcome *outcome)
{
    struct evidence the = {plan, cell, measurement, outcome};

    *verdict = (struct verdict){.status = STATUS_VALID};
    if (machinery_failed(&the, verdict) || requests_failed(&the, verdict) ||
        counts_differ(&the, verdict) || too_early(&the, verdict) ||
        connections_differ(&the, verdict) || kernel_complains(&the, verdict) ||
        level_differs(&the, verdict) || level_was_held_back(&the, verdict))
        return;
    add_notes(&the, verdict);
}
