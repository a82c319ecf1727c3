/* budget.c - see budget.h. */
#include "harness/plan/budget.h"

void budget_start(struct budget *budget, uint64_t total_ns, uint64_t now_ns)
{
    *budget = (struct budget){
        .total_ns = total_ns,
        .started_ns = now_ns,
        .round_started_ns = now_ns,
    };
}

void budget_continue(struct budget *budget, uint64_t used_ns, uint64_t longest_round_ns,
                     unsigned analyses)
{
    budget->started_ns -= used_ns;
    budget->longest_round_ns = longest_round_ns;
    budget->analyses = analyses;
}

uint64_t budget_used_ns(const struct budget *budget, uint64_t now_ns)
{
    return now_ns - budget->started_ns;
}

bool budget_has_room(struct budget *budget, uint64_t now_ns)
{
    uint64_t round_ns = now_ns - budget->round_started_ns;

    budget->round_started_ns = now_ns;
    if (round_ns > budget->longest_round_ns)
        budget->longest_round_ns = round_ns;
    return !budget->total_ns ||
           now_ns - budget->started_ns + budget->longest_round_ns <= budget->total_ns;
}

bool budget_analysis_is_due(struct budget *budget, uint64_t now_ns)
{
    uint64_t part_ns = budget->total_ns / BUDGET_ANALYSES;
    unsigned past;

    if (!part_ns)
        return false;
    past = (unsigned)((now_ns - budget->started_ns) / part_ns);
    if (past <= budget->analyses || past >= BUDGET_ANALYSES)
        return false;
    budget->analyses = past;
    return true;
}
