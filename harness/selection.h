/* selection.h - which strategies a list on the command line names. */
#ifndef HARNESS_SELECTION_H
#define HARNESS_SELECTION_H

#include "harness/plan.h"

/* Reads names of strategies and of groups, and "all", with commas between them; each
 * strategy is taken once, in the order of the list. -1 if there is none of that name. */
int selection_parse(struct plan *plan, const char *list, struct err *err);

#endif
