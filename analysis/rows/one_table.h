/* one_table.h - may these rows stand in one table, where they are ranked against each
 * other? Asked of the rows alone, by the classes of columns.def, and of what is recorded
 * beside them. */
#ifndef ANALYSIS_ROWS_ONE_TABLE_H
#define ANALYSIS_ROWS_ONE_TABLE_H

#include <stdbool.h>

#include "analysis/rows/runs.h"

struct one_table; /* what the rows so far have in common; opaque */

/* Owner: the caller, one_table_close(). */
int one_table_open(struct one_table **out, struct err *err);
void one_table_close(struct one_table *table); /* NULL is fine */

/* Adds a row, of which nothing is borrowed. -1: no memory, or `*mixed`: it and one before
 * are of different conditions, and the message names the column and both values. `mixed`
 * may be NULL. */
int one_table_add(struct one_table *table, const struct row *row, bool *mixed,
                  struct err *err);

/* Calls `each` with the rows of all these files or directories (runs_each()). -1 also
 * where two are the same file, where there is no row at all, and with `*mixed` where two
 * were measured under different conditions, as plan.json and env.json beside them say.
 * The rows are for `each` to check. */
int one_table_read(char *const *paths, size_t count, runs_each_fn *each, void *user,
                   bool *mixed, struct err *err);

/* Do both paths lead to the same runs.csv? */
bool one_table_same_file(const char *a, const char *b);

#endif
