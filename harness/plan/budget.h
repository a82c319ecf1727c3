/* budget.h - a sweep with a given time: whether another round fits into it, and when its
 * figures are looked at meanwhile.
 *
 * Who looks at figures again and again and stops when they please is fooled by chance
 * more often than alpha says. So the looks are planned, a fixed number of them at equal
 * parts of the time, and a comparison shares out alpha among them (compare.h). */
#ifndef HARNESS_PLAN_BUDGET_H
#define HARNESS_PLAN_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum { BUDGET_ANALYSES = 5 };

struct budget {
    uint64_t total_ns; /* 0: no limit */
    uint64_t started_ns, round_started_ns;
    uint64_t longest_round_ns;
    unsigned analyses; /* that are past */
};

void budget_start(struct budget *budget, uint64_t total_ns, uint64_t now_ns);

/* Takes off what an earlier part of the sweep has used up. */
void budget_continue(struct budget *budget, uint64_t used_ns, uint64_t longest_round_ns,
                     unsigned analyses);

/* The time that is used up. */
uint64_t budget_used_ns(const struct budget *budget, uint64_t now_ns);

/* A round is over. Does another one as long as the longest fit? */
bool budget_has_room(struct budget *budget, uint64_t now_ns);

/* Has a planned look become due? The last one is at the end of the time, and is not asked
 * for here. */
bool budget_analysis_is_due(struct budget *budget, uint64_t now_ns);

#endif
