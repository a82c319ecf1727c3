/* one_table.h - checks whether rows may stand in one table, where they are ranked against
 * each other: by their columns and the classes of columns.def, and by the files recorded
 * beside them. */
#ifndef ANALYSIS_ROWS_ONE_TABLE_H
#define ANALYSIS_ROWS_ONE_TABLE_H

#include <stdbool.h>

#include "analysis/rows/runs.h"

struct one_table; /* the values common to the rows so far; opaque */

/* Owner: the caller, one_table_close(). */
int one_table_open(struct one_table **out, struct err *err);
void one_table_close(struct one_table *table); /* NULL is fine */

/* Adds a row, of which nothing is borrowed. -1: no memory, or `*mixed`: it and an earlier
 * row have different conditions, and the message names the column and both values.
 * `mixed` may be NULL. */
int one_table_add(struct one_table *table, const struct row *row, bool *mixed,
                  struct err *err);

/* Calls `each` with the rows of all these files or directories (runs_each()). -1 also
 * where two are the same file, where there is no row at all, and with `*mixed` where two
 * were measured under different conditions, according to the plan.json and env.json
 * beside them. `each` checks the rows themselves. */
int one_table_read(char *const *paths, size_t count, runs_each_fn *each, void *user,
                   bool *mixed, struct err *err);

/* Do both paths lead to the same runs.csv? */
bool one_table_same_file(const char *a, const char *b);

#endif
