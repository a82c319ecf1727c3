/* compare_check.h - may one cell of two sides be compared at all? Part of compare.c. */
#ifndef ANALYSIS_COMPARE_COMPARE_CHECK_H
#define ANALYSIS_COMPARE_COMPARE_CHECK_H

#include "analysis/compare/comparison.h"
#include "analysis/rows/grouping.h"

/* Adds everything that the report must name to the problems of the comparison.
 * `*comparable` is false if the cell was not measured or the sides measure different
 * things. -1: no memory. */
int compare_check(struct comparison *comparison, const struct group *base,
                  const struct group *head, bool *comparable, struct err *err);

#endif
