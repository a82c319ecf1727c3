/* plan_cells.h - the cells of a plan, in running order. */
#ifndef HARNESS_PLAN_PLAN_CELLS_H
#define HARNESS_PLAN_PLAN_CELLS_H

#include "harness/plan/plan.h"

struct cell_list {
    struct cell *cells; /* in running order */
    size_t count;
    double predicted_s; /* of all of them together */
    size_t expected;    /* of a search: how many will be visited, roughly; else 0 */
};

/* All cells of all rounds in running order. Every round visits every cell once, in a
 * newly shuffled order. The variants of a cell follow each other directly, shuffled among
 * themselves, so that they meet the same state of the machine. The same plan gives the
 * same list. With a budget there are as many rounds as could fit into it at best. Owner:
 * the caller, cell_list_free(). */
int plan_cells(const struct plan *plan, struct cell_list *list, struct err *err);
/* The cell of a strategy at a rate in one round, which is not in the list. */
struct cell plan_cell_at_rate(const struct plan *plan, const struct strategy *strategy,
                              const struct variant *variant, unsigned rate,
                              unsigned round);
void cell_list_free(struct cell_list *list);

#endif
