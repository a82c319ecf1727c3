/* grouping.h - rows sorted into cells: the rounds of one strategy at one point, its level
 * or its rate, in one variant. */
#ifndef ANALYSIS_ROWS_GROUPING_H
#define ANALYSIS_ROWS_GROUPING_H

#include <stdbool.h>

#include "analysis/rows/metric.h"
#include "analysis/rows/point.h"
#include "analysis/rows/runs.h"
#include "analysis/rows/words.h"

/* One cell and its rows, in the order of the file. All is borrowed. */
struct group {
    const char *variant, *strategy;
    enum point_kind kind;
    uint64_t point;
    size_t rank; /* of the strategy in the order that was given */
    const struct row *const *rows;
    size_t count;
};

struct grouping {
    struct group *groups; /* by variant, point, and the order of the strategies */
    size_t count;
    const struct row **rows;
};

/* Groups the rows of a variant (NULL: of all). `order` (NULL-terminated, may be NULL) is
 * the order of the strategies; others follow, by name. Rows and their texts are borrowed.
 * -1: no memory. */
int grouping_make(struct grouping *grouping, const struct runs *runs, const char *variant,
                  const char *const *order, struct err *err);
void grouping_free(struct grouping *grouping); /* fine for all zeros */

/* The first group of this cell, or NULL. */
const struct group *grouping_find(const struct grouping *grouping, const char *strategy,
                                  uint64_t point);

/* The index of a strategy in such an order; the length of the order if it is not in
 * it. */
size_t strategy_rank(const char *strategy, const char *const *order);

/* Writes the finite figures of the valid rows of a group into `figures`, which has room
 * for all rows. Returns how many there are. */
size_t group_figures(const struct group *group, enum metric metric, double *figures);

/* -- of a row ------------------------------------------------------------------ */

enum row_status row_status_of(const struct row *row); /* an unknown word: invalid */
bool row_is_valid(const struct row *row);

/* Whether requests become due, or may begin, for a given time: then their number is a
 * result, and the cost time is not. */
bool row_is_timed(const struct row *row);

/* Whether both have the same value in this column. Present and absent differ; both absent
 * is the same. */
bool row_same_field(const struct row *a, const struct row *b, enum column column);

/* The first column of a class in which they differ; COLUMN_COUNT: none. A row without a
 * hash of its conditions, or without its program and libraries, does not differ in these,
 * nor do rows with a duration in how many requests there were in it. */
enum column row_differs_in(const struct row *a, const struct row *b,
                           enum column_class class);

/* The same for rows of one strategy at one point, over the classes LEVEL, CELL and
 * CONDITION: the first column that makes them measurements of different things, libraries
 * aside. */
enum column row_condition_differs(const struct row *a, const struct row *b);

#endif
