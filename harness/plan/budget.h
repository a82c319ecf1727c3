/* budget.h - the time budget of a sweep: whether another round fits into it, and when
 * interim analyses are due.
 *
 * Looking at the figures again and again and stopping at will raises the rate of false
 * alarms above alpha. So interim analyses are planned, a fixed number at equal parts of
 * the budget, and a comparison divides alpha among them (compare.h). */
#ifndef HARNESS_PLAN_BUDGET_H
#define HARNESS_PLAN_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

enum { BUDGET_ANALYSES = 5 };

struct budget {
    uint64_t total_ns; /* 0: no limit */
    uint64_t started_ns, round_started_ns;
    uint64_t longest_round_ns;
    unsigned analyses; /* done so far */
};

void budget_start(struct budget *budget, uint64_t total_ns, uint64_t now_ns);

/* Deducts the time and the analyses that earlier parts of the sweep used. */
void budget_continue(struct budget *budget, uint64_t used_ns, uint64_t longest_round_ns,
                     unsigned analyses);

/* The time used so far. */
uint64_t budget_used_ns(const struct budget *budget, uint64_t now_ns);

/* To be called after each round: does another one as long as the longest fit? */
bool budget_has_room(struct budget *budget, uint64_t now_ns);

/* Whether an interim analysis is due. The final one, at the end of the budget, does not
 * count as interim. */
bool budget_analysis_is_due(struct budget *budget, uint64_t now_ns);

#endif
