/* one_table.h - may these rows stand in one table, where they are ranked against each
 * other? Asked of the rows alone, by the classes of columns.def, and of what is recorded
 * beside them. */
#ifndef ANALYSIS_ROWS_ONE_TABLE_H
#define ANALYSIS_ROWS_ONE_TABLE_H

#include <stdbool.h>

#include "analysis/rows/runs.h"

/* Checks the rows. -1: no memory, or `*mixed`: two of them are of different conditions,
 * and the message names the column and both values. `mixed` may be NULL. */
int one_table_check(const struct runs *runs, bool *mixed, struct err *err);

/* Adds the rows of all these files or directories. -1 also where two are the same file,
 * and with `*mixed` where two were measured under different conditions, as plan.json and
 * env.json beside them say, or else the rows. */
int one_table_read(struct runs *runs, char *const *paths, size_t count, bool *mixed,
                   struct err *err);

/* Do both paths lead to the same runs.csv? */
bool one_table_same_file(const char *a, const char *b);

#endif
