/* fault_outcome.c - see fault_outcome.h. */
#include "harness/plan/fault_outcome.h"

enum fetch_outcome fault_outcome(enum fault_kind kind)
{
    static const enum fetch_outcome outcomes[FAULT_KIND_COUNT] = {
        FETCH_OK,
#define FAULT(name, word, outcome, wire) [FAULT_##name] = FETCH_##outcome,
#include "origin/fault.def"
#undef FAULT
    };

    return outcomes[kind];
}

unsigned faults_time_out_percent(const struct fault_rates *rates)
{
    unsigned percent = 0;

    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (fault_outcome((enum fault_kind)kind) == FETCH_TIMED_OUT)
            percent += rates->percent[kind];
    return percent;
}
