/* selection.h - finds the strategies and cells that a list on the command line names. */
#ifndef HARNESS_PLAN_SELECTION_H
#define HARNESS_PLAN_SELECTION_H

#include "harness/plan/plan.h"

/* The strategy of that name, of bench itself or from outside; NULL: none. */
const struct strategy *selection_find(const struct plan *plan, const char *name);

/* Reads names of strategies and of groups, and "all", separated by commas; each strategy
 * is taken once, in the order of the list. -1: a name is unknown. */
int selection_parse(struct plan *plan, const char *list, struct err *err);

/* Takes strategies that hold one request in flight out of the plan, where the list named
 * their group or all; `left_out` of the plan names them. */
void selection_leave_out_serial(struct plan *plan);

/* Items of such a list, by index: "all", the groups, the strategies; NULL behind the
 * last. */
const char *selection_word(size_t index);

/* Reads cells, STRATEGY@LEVEL separated by commas: the plan's strategies and levels
 * become those, and only these points of the grid are picked. */
int selection_parse_cells(struct plan *plan, const char *list, struct err *err);

/* The same, item by item: a strategy or group; cells between begin and end. */
int selection_add(struct plan *plan, const char *name, struct err *err);
void selection_begin_cells(struct plan *plan);
int selection_add_cell(struct plan *plan, const char *text, struct err *err);
int selection_pick(struct plan *plan, const struct strategy *strategy, unsigned point,
                   struct err *err);
void selection_end_cells(struct plan *plan);

#endif
