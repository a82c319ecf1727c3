/* supply.c - see supply.h. */
#include "harness/cell/supply.h"

#include "base/clock.h"
#include "harness/plan/arrivals.h"

/* A request that begins this late still has its whole timeout before the cell ends. */
#define END_SLACK_NS (100 * CLOCK_NS_PER_MS)

static struct work_timing timing_of(const struct plan *plan, const struct cell *cell,
                                    const struct arrivals *arrivals)
{
    struct work_timing timing = {.moments = arrivals->moments};

    if (!cell->rate) {
        timing.close_ns = plan->duration_ns;
        return timing;
    }
    timing.close_ns = plan_timeout_ns(plan) + END_SLACK_NS;
    if (arrivals->count)
        timing.close_ns += arrivals->moments[arrivals->count - 1].due_ns;
    timing.cuts = true;
    return timing;
}

int supply_make(struct work **work, const struct plan *plan, const struct cell *cell,
                const struct target_list *targets, bool at_once, struct err *err)
{
    struct arrival_rule rule = plan_arrivals(plan, cell->rate, cell->round);
    struct arrivals arrivals = {.count = cell->requests};
    struct work_timing timing = {.moments = NULL};
    int result;

    if (!at_once) {
        if (arrivals_make(&arrivals, &rule, cell->requests, targets->targets,
                          targets->count, err))
            return -1;
        timing = timing_of(plan, cell, &arrivals);
    }
    result = work_create_timed(work, targets->targets, targets->count, arrivals.count,
                               &timing, err);
    if (!result)
        work_arm(*work, arrivals.count);
    arrivals_free(&arrivals);
    return result;
}

uint64_t supply_last_due_ns(const struct work *work)
{
    size_t count;

    (void)work_results(work, &count);
    return count ? work_due_ns(work, count - 1) : 0;
}

static bool is_unfinished(const struct fetch_result *result, uint64_t stop_ns)
{
    return (result->outcome == FETCH_LOST && !result->begin_ns) ||
           (result->outcome == FETCH_TIMED_OUT && result->end_ns >= stop_ns);
}

void supply_settle(const struct work *work, const struct cell *cell, uint64_t started_ns,
                   struct fetch_result *results, size_t count)
{
    uint64_t stop_ns = started_ns + work_close_ns(work);

    for (size_t i = 0; i < count; i++) {
        results[i].due_ns = work_has_moments(work) ? started_ns + work_due_ns(work, i)
                                                   : 0;
        if (cell->rate && is_unfinished(&results[i], stop_ns))
            results[i].outcome = FETCH_UNFINISHED;
    }
}
