/* selection.h - which strategies and cells a list on the command line names. */
#ifndef HARNESS_PLAN_SELECTION_H
#define HARNESS_PLAN_SELECTION_H

#include "harness/plan/plan.h"

/* Reads names of strategies and of groups, and "all", with commas between them; each
 * strategy is taken once, in the order of the list. -1 if there is none of that name. */
int selection_parse(struct plan *plan, const char *list, struct err *err);

/* Reads cells, STRATEGY@LEVEL with commas between them: the plan's strategies and levels
 * become those, and only these points of the grid are picked. */
int selection_parse_cells(struct plan *plan, const char *list, struct err *err);

/* The same one by one: a strategy or group, and between begin and end cells. */
int selection_add(struct plan *plan, const char *name, struct err *err);
void selection_begin_cells(struct plan *plan);
int selection_add_cell(struct plan *plan, const char *text, struct err *err);
int selection_pick(struct plan *plan, const struct strategy *strategy, unsigned level,
                   struct err *err);
void selection_end_cells(struct plan *plan);

#endif
