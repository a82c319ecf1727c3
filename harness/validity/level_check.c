/* level_check.c - see level_check.h. */
#include "harness/validity/level_check.h"

#include <inttypes.h>

#include "base/clock.h"
#include "harness/validity/disturbance.h"

/* The ramp, from the first request to the one that fills the level, counts as idle when
 * client and origin together worked for less than this share of it. A short one is not
 * judged, since a busy machine can stop both for some milliseconds. */
#define IDLE_RAMP_WORK  0.25
#define IDLE_RAMP_MIN_S 0.02

/* And only when the CPUs that bench may use were idle together for this share of it. */
#define IDLE_RAMP_MACHINE 0.5

bool level_check_exceeds(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;

    if (outcome->inflight_peak <= outcome->inflight_limit)
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "%" PRIu64 " fetches were in flight; the level allows %" PRIu64,
                         outcome->inflight_peak, outcome->inflight_limit);
}

/* A program may hold less than its level, which is a note, but not more. */
bool level_check_differs(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    bool waits = plan_has_moments(the->plan); /* requests, until they are due */
    uint64_t at_origin;

    if (level_check_exceeds(the, verdict))
        return true;
    if (!waits && !outcome->is_program &&
        outcome->inflight_peak < outcome->inflight_limit)
        return verdict_fails(verdict, STATUS_INVALID,
                             "at most %" PRIu64
                             " fetches were in flight instead of %" PRIu64,
                             outcome->inflight_peak, outcome->inflight_limit);
    if (!the->measurement->has_origin || !behaviour_has_delay(&the->plan->origin))
        return false;
    at_origin = the->measurement->origin->in_flight_peak;
    if (at_origin > outcome->origin_limit)
        return verdict_fails(verdict, STATUS_INVALID,
                             "the origin held %" PRIu64
                             " requests at a time; the limit is %" PRIu64,
                             at_origin, outcome->origin_limit);
    if (!waits && outcome->level_held && !outcome->is_program &&
        at_origin < outcome->origin_limit)
        return verdict_fails(verdict, STATUS_INVALID,
                             "the origin held at most %" PRIu64
                             " requests at a time instead of %" PRIu64,
                             at_origin, outcome->origin_limit);
    return false;
}

/* Nothing may be fetched before the clock of a program starts. */
bool level_check_before_go(const struct evidence *the, struct verdict *verdict)
{
    const struct measurement *measurement = the->measurement;
    const struct origin_stats *origin = measurement->origin;
    uint64_t go_ns = measurement->report.go_ns;

    if (!the->outcome->is_program || !go_ns || !measurement->has_origin ||
        !origin->requests || !origin->arrivals_room || origin->arrivals_ns[0] >= go_ns)
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "a request reached the origin %.6f s before 'go'",
                         clock_seconds(go_ns - origin->arrivals_ns[0]));
}

/* If the last request reaches the origin after the first response is due, the only valid
 * cause is that making the requests takes that long: then client or origin used the CPU.
 * A model that waits for one response before it sends the next request leaves the CPU
 * idle instead, and never has the level in flight, even if its stamps say so. If our CPUs
 * had no idle time, the model may have waited for a CPU that other programs used, and the
 * row stays valid. */
bool level_check_held_back(const struct evidence *the, struct verdict *verdict)
{
    const struct outcome *outcome = the->outcome;
    const struct kernel_counters *kernel = &the->measurement->kernel;
    double work_s = outcome->cpu_s + outcome->origin_cpu_s;
    double stopped_s;

    if (kernel->cpu_known &&
        (double)(kernel->cpu_idle_ms + kernel->cpu_waiting_ms) / 1e3 <
            outcome->ramp_s * IDLE_RAMP_MACHINE)
        return false;
    if (disturbance_stopped(the->measurement, &stopped_s) ||
        disturbance_throttled(the->measurement))
        return false; /* it worked when it could */
    if (!the->measurement->has_origin || !behaviour_has_delay(&the->plan->origin) ||
        outcome->is_program || plan_has_moments(the->plan) || outcome->level_held ||
        !(outcome->ramp_s > IDLE_RAMP_MIN_S) ||
        !(work_s < outcome->ramp_s * IDLE_RAMP_WORK))
        return false;
    return verdict_fails(
        verdict, STATUS_INVALID,
        "the level was never in flight: the requests took %.3f s to arrive, but only "
        "%.3f s of CPU time were used",
        outcome->ramp_s, work_s);
}
