/* outcome.c - see outcome.h. */
#include "harness/validity/outcome.h"

#include <math.h>
#include <stdlib.h>

#include "analysis/statistics/stats.h"
#include "base/clock.h"
#include "harness/plan/outside.h"
#include "harness/validity/phase.h"

/* A thousandth of fewer requests is too few to tell a quantile. */
enum { P999_MIN = 10000 };

/* A rate is held when this share of the requests began within the duration, and 99 % of
 * them no later than this. */
#define RATE_HELD_SHARE   0.99
#define RATE_HELD_LATE_US 5000

/* -- counting ------------------------------------------------------------------ */

/* Checks the stamps of a good fetch for order, and against the delay of its origin. */
static void look_at_stamps(struct outcome *outcome, const struct fetch_result *result)
{
    uint64_t delay_ns = result->has_origin_delay
                            ? result->origin_delay_us * CLOCK_NS_PER_US
                            : 0;
    uint64_t took_ns = result->end_ns - result->start_ns;

    if (outcome->is_program) {
        outcome->disordered_count += result->end_ns < result->begin_ns;
        return; /* what is known of its stamps is checked against all delays together */
    }
    if (!result->begin_ns || result->start_ns < result->begin_ns ||
        result->first_byte_ns < result->start_ns ||
        result->end_ns < result->first_byte_ns) {
        outcome->disordered_count++;
        return;
    }
    if (!result->has_origin_delay)
        outcome->unstamped_count++;
    /* The stamp is rounded to a microsecond; the client gets that as slack. */
    if (took_ns + CLOCK_NS_PER_US < delay_ns)
        outcome->early_count++;
    if (took_ns > delay_ns && clock_seconds(took_ns - delay_ns) > outcome->slowest_s)
        outcome->slowest_s = clock_seconds(took_ns - delay_ns);
}

/* Counts the figures that a program did not report of a good fetch. */
static void look_at_gaps(struct outcome *outcome, const struct fetch_result *result)
{
    outcome->no_stamps_count += (result->unknown & FETCH_UNKNOWN_STAMPS) != 0;
    outcome->no_status_count += (result->unknown & FETCH_UNKNOWN_STATUS) != 0;
    outcome->no_length_count += (result->unknown & FETCH_UNKNOWN_LENGTH) != 0;
    outcome->no_crc32_count += (result->unknown & FETCH_UNKNOWN_CRC32) != 0;
}

static void count_results(struct outcome *outcome, const struct plan *plan,
                          const struct measurement *measurement)
{
    uint64_t in_time_ns = measurement->report.started_ns + plan->duration_ns;

    outcome->first_failure = measurement->result_count;
    outcome->first_begin_ns = UINT64_MAX;
    for (size_t i = 0; i < measurement->result_count; i++) {
        const struct fetch_result *result = &measurement->results[i];
        unsigned kind = result->outcome < FETCH_OUTCOME_COUNT ? result->outcome
                                                              : FETCH_LOST;

        outcome->counts[kind]++;
        outcome->premature_count += result->start_ns < result->due_ns &&
                                    result->start_ns &&
                                    !(result->unknown & FETCH_UNKNOWN_STAMPS);
        outcome->begun_in_time += result->start_ns && result->start_ns <= in_time_ns;
        outcome->connections += result->connections;
        outcome->tls_connections += result->tls_us ? result->connections : 0;
        outcome->body_bytes += result->body_bytes;
        outcome->encoded_bytes += result->encoded_bytes;
        if (kind != FETCH_OK && kind != FETCH_UNFINISHED && i < outcome->first_failure)
            outcome->first_failure = i;
        if (result->begin_ns && result->begin_ns < outcome->first_begin_ns)
            outcome->first_begin_ns = result->begin_ns;
        if (result->end_ns > outcome->last_end_ns)
            outcome->last_end_ns = result->end_ns;
        if (kind != FETCH_OK)
            continue;
        look_at_stamps(outcome, result);
        look_at_gaps(outcome, result);
    }
}

/* Most fetches that had begun and not ended at one moment. `begins` and `ends` have room
 * for one number per fetch. A fetch that never ended is in flight until the end. */
static uint64_t inflight_peak(const struct measurement *measurement, double *begins,
                              double *ends)
{
    size_t begun = 0;
    size_t ended = 0;
    size_t peak = 0;

    for (size_t i = 0; i < measurement->result_count; i++) {
        const struct fetch_result *result = &measurement->results[i];

        if (!result->begin_ns || result->unknown & FETCH_UNKNOWN_STAMPS)
            continue;
        begins[begun] = (double)result->begin_ns;
        ends[begun++] = result->end_ns ? (double)result->end_ns : INFINITY;
    }
    stats_sort(begins, begun);
    stats_sort(ends, begun);
    for (size_t i = 0; i < begun; i++) {
        while (ended < begun && ends[ended] <= begins[i])
            ended++;
        /* More can have ended than begun when stamps are not in order. */
        if (i + 1 > ended && i + 1 - ended > peak)
            peak = i + 1 - ended;
    }
    return peak;
}

/* -- quantiles ----------------------------------------------------------------- */

static double origin_delay_s(const struct fetch_result *result)
{
    return result->has_origin_delay ? (double)result->origin_delay_us / 1e6 : NAN;
}

/* Puts the figure of every good fetch into `values`, sorted. Returns their number,
 * NANs excluded. */
static size_t collect(const struct measurement *measurement, phase_fn *figure,
                      double *values)
{
    size_t count = 0;

    for (size_t i = 0; i < measurement->result_count; i++) {
        const struct fetch_result *result = &measurement->results[i];
        double value = result->outcome == FETCH_OK ? figure(result) : NAN;

        if (isfinite(value))
            values[count++] = value;
    }
    stats_sort(values, count);
    return count;
}

/* NAN where it falls among values that are not known, but longer than all others. */
static double quantile_of(const double *values, size_t count, double q)
{
    double quantile = stats_quantile(values, count, q);

    return isinf(quantile) ? NAN : quantile;
}

/* Of sorted values, the last of which may be infinite. */
static struct quantiles quantiles_of(const double *values, size_t count)
{
    return (struct quantiles){
        .min = count && isfinite(values[0]) ? values[0] : NAN,
        .p50 = quantile_of(values, count, 0.5),
        .p90 = quantile_of(values, count, 0.9),
        .p99 = quantile_of(values, count, 0.99),
        .p999 = count >= P999_MIN ? quantile_of(values, count, 0.999) : NAN,
        .max = count && isfinite(values[count - 1]) ? values[count - 1] : NAN,
    };
}

static struct quantiles find_quantiles(const struct measurement *measurement,
                                       phase_fn *figure, double *values)
{
    return quantiles_of(values, collect(measurement, figure, values));
}

/* Latency from the moment at which a fetch was due; that of an unfinished one is longer
 * than all others. */
static struct quantiles find_due_latency(const struct measurement *measurement,
                                         const struct outcome *outcome, double *values)
{
    size_t count = collect(measurement, phase_due_us, values);

    for (uint64_t i = 0; i < outcome->counts[FETCH_UNFINISHED]; i++)
        values[count++] = INFINITY;
    return quantiles_of(values, count);
}

/* How late the client began its fetches, good or not. Those that it never began are the
 * latest. */
static void find_lateness(struct outcome *outcome, const struct plan *plan,
                          const struct measurement *measurement, double *values)
{
    const double share = RATE_HELD_SHARE * (double)measurement->result_count;
    size_t count = 0;
    double late_us;

    for (size_t i = 0; i < measurement->result_count; i++) {
        const struct fetch_result *result = &measurement->results[i];
        double late = result->outcome == FETCH_UNFINISHED && !result->start_ns
                          ? INFINITY
                          : phase_late_us(result);

        if (!isnan(late))
            values[count++] = late;
    }
    stats_sort(values, count);
    outcome->late_us = quantiles_of(values, count);
    /* With fewer than a hundred the longest stands for the 99th percentile. */
    late_us = count >= 100 ? stats_quantile(values, count, 0.99)
              : count      ? values[count - 1]
                           : INFINITY;
    outcome->begun_rps = outcome->no_stamps_count ? NAN
                                                  : (double)outcome->begun_in_time /
                                                        clock_seconds(plan->duration_ns);
    outcome->rate_held = !outcome->no_stamps_count && late_us <= RATE_HELD_LATE_US &&
                         (double)outcome->begun_in_time >= share;
}

/* Compares the delays that the origin stamped with the delays asked for. The origin
 * numbers requests as they arrive, so which request had which delay is not known here,
 * only the set of delays. A stamp is never below its delay, so the k-th of the sorted
 * stamps is never below the k-th of the sorted delays. Stamps are rounded to a
 * microsecond. `asked` has room for one number per request. */
static void compare_delays(struct outcome *outcome, const struct plan *plan,
                           const struct measurement *measurement, double *stamped,
                           double *asked)
{
    const struct behaviour *origin = &plan->origin;
    size_t count = collect(measurement, origin_delay_s, stamped);

    outcome->origin_delay_s = quantiles_of(stamped, count);
    outcome->asked_delay_s = quantiles_of(asked, 0);
    if (!measurement->has_origin || count < measurement->result_count)
        return; /* some are not known, so the row is not valid */
    for (size_t i = 0; i < count; i++)
        asked[i] = clock_seconds(delay_of(&origin->delay, origin->seed, i));
    stats_sort(asked, count);
    outcome->asked_delay_s = quantiles_of(asked, count);
    for (size_t i = 0; i < count; i++)
        outcome->short_count += stamped[i] < asked[i] - 1e-6;
}

/* Compares the times of a program's fetches with the delays asked for: which request had
 * which delay is not known, but no fetch is shorter than its own, so the k-th of the
 * sorted times is never below the k-th of the sorted delays. That holds for a part of the
 * fetches too: if some failed or have no stamps, the k-th of the others is longer. But
 * then one of those may have been as slow as the run. */
static void compare_times(struct outcome *outcome, const struct plan *plan,
                          const struct measurement *measurement, double *took,
                          double *asked)
{
    const struct behaviour *origin = &plan->origin;
    size_t all = measurement->result_count;
    size_t count;

    if (!outcome->is_program)
        return;
    count = collect(measurement, phase_latency_us, took);
    for (size_t i = 0; i < all; i++)
        asked[i] = measurement->has_origin
                       ? clock_seconds(delay_of(&origin->delay, origin->seed, i)) * 1e6
                       : 0;
    stats_sort(asked, all);
    outcome->slowest_s = count && count == all ? (took[count - 1] - asked[0]) / 1e6
                                               : INFINITY;
    /* After a repeated request the fetches may have other delays than these. */
    if (!measurement->has_origin || measurement->origin->requests > all)
        return;
    for (size_t i = 0; i < count; i++)
        outcome->early_count += took[i] < asked[i];
}

/* Figures that a program cannot report, or did not, are the origin's. */
static void ask_origin_instead(struct outcome *outcome, const struct plan *plan,
                               const struct cell *cell,
                               const struct measurement *measurement)
{
    const struct origin_stats *origin = measurement->origin;

    outcome->inflight_known = !outcome->no_stamps_count;
    outcome->connections_known = !outcome->is_program;
    if (!outcome->is_program)
        return;
    if (!outcome->inflight_known)
        outcome->inflight_peak = measurement->has_origin ? origin->in_flight_peak : 0;
    if (!measurement->has_origin)
        return;
    outcome->connections = origin->connections;
    if (!plan->reuse_connections && outcome->connections > cell->requests)
        outcome->spare_connections = outcome->connections - cell->requests;
    outcome->tls_connections = origin->tls_handshakes + origin->tls_resumed;
}

/* -- times --------------------------------------------------------------------- */

static void find_times(struct outcome *outcome, const struct plan *plan,
                       const struct cell *cell, const struct measurement *measurement)
{
    const struct cell_report *report = &measurement->report;

    outcome->start_s = outcome->is_program && report->stage >= CELL_OPENED
                           ? clock_seconds(report->start_ns)
                           : NAN;
    outcome->setup_s = report->stage >= CELL_OPENED && !outcome->is_program
                           ? clock_seconds(report->setup_ns)
                           : NAN;
    outcome->run_s = report->stage >= CELL_RAN ? clock_seconds(report->run_ns) : NAN;
    outcome->teardown_s = report->stage >= CELL_CLOSED && !outcome->is_program
                              ? clock_seconds(report->teardown_ns)
                              : NAN;
    outcome->cost_s = outcome->is_program ? outcome->run_s
                                          : outcome->setup_s + outcome->run_s;
    outcome->cpu_s =
        report->stage >= CELL_RAN
            ? ((double)report->usage.user_us + (double)report->usage.system_us) / 1e6
            : NAN;
    outcome->ideal_s = plan_has_ideal(plan) ? clock_seconds(cell->ideal_ns) : NAN;
    outcome->overhead_s = outcome->cost_s - outcome->ideal_s;
    outcome->run_overhead_s = outcome->run_s - outcome->ideal_s;
    outcome->throughput_rps = (double)outcome->counts[FETCH_OK] / outcome->run_s;
}

/* The earliest time at which one of the requests that fill the level can be due: its
 * delay begins with its arrival or later. */
static uint64_t first_due_ns(const struct outcome *outcome, const struct plan *plan,
                             const struct origin_stats *origin)
{
    uint64_t first_ns = UINT64_MAX;

    for (uint64_t i = 0; i < outcome->origin_limit; i++) {
        uint64_t due_ns = origin->arrivals_ns[i] +
                          delay_of(&plan->origin.delay, plan->origin.seed, i);

        first_ns = due_ns < first_ns ? due_ns : first_ns;
    }
    return first_ns;
}

static void ask_origin(struct outcome *outcome, const struct plan *plan,
                       const struct measurement *measurement)
{
    const struct origin_stats *origin = measurement->origin;

    outcome->ramp_s = outcome->origin_cpu_s = outcome->origin_busy = NAN;
    if (!measurement->has_origin || !origin->requests)
        return;
    if (origin->requests >= outcome->origin_limit) {
        uint64_t full_ns = origin->arrivals_ns[outcome->origin_limit - 1];

        outcome->ramp_s = clock_seconds(full_ns - origin->arrivals_ns[0]);
        outcome->level_held = full_ns < first_due_ns(outcome, plan, origin);
    }
    if (origin->idle_ns > origin->first_client_ns) {
        outcome->origin_cpu_s = clock_seconds(origin->cpu_idle_ns - origin->cpu_first_ns);
        outcome->origin_busy = outcome->origin_cpu_s /
                               clock_seconds(origin->idle_ns - origin->first_client_ns);
    }
}

uint64_t outcome_failed(const struct outcome *outcome, const struct cell *cell)
{
    return cell->requests - outcome->counts[FETCH_OK] - outcome->counts[FETCH_UNFINISHED];
}

int outcome_make(struct outcome *outcome, const struct plan *plan,
                 const struct cell *cell, const struct measurement *measurement,
                 struct err *err)
{
    /* Room for two numbers per result, and never for none. */
    double *room = calloc(2 * measurement->result_count + 2, sizeof(*room));

    if (!room)
        return err_errno(err, "no memory for the figures of %zu requests",
                         measurement->result_count);
    *outcome = (struct outcome){
        .is_program = outside_is_program(plan, cell->strategy),
        .inflight_limit = plan_inflight_limit(plan, cell->strategy, cell->level),
        .origin_limit = plan_origin_limit(plan, cell->strategy, cell->level),
    };
    count_results(outcome, plan, measurement);
    outcome->inflight_peak = inflight_peak(measurement, room,
                                           room + measurement->result_count + 1);
    outcome->latency_us = cell->rate
                              ? find_due_latency(measurement, outcome, room)
                              : find_quantiles(measurement, phase_latency_us, room);
    outcome->late_us = quantiles_of(room, 0);
    outcome->begun_rps = NAN;
    if (cell->rate)
        find_lateness(outcome, plan, measurement, room);
    outcome->queue_us = find_quantiles(measurement, phase_queue_us, room);
    outcome->connect_us = find_quantiles(measurement, phase_connect_us, room);
    outcome->tls_us = find_quantiles(measurement, phase_tls_us, room);
    outcome->ttfb_us = find_quantiles(measurement, phase_ttfb_us, room);
    compare_delays(outcome, plan, measurement, room,
                   room + measurement->result_count + 1);
    compare_times(outcome, plan, measurement, room, room + measurement->result_count + 1);
    ask_origin_instead(outcome, plan, cell, measurement);
    find_times(outcome, plan, cell, measurement);
    ask_origin(outcome, plan, measurement);
    free(room);
    return 0;
}
