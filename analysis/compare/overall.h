/* overall.h - one metric of all cells together: the geometric mean of their ratios, round
 * by round. */
#ifndef ANALYSIS_COMPARE_OVERALL_H
#define ANALYSIS_COMPARE_OVERALL_H

#include "analysis/compare/comparison.h"
#include "analysis/rows/grouping.h"

/* How many standard deviations, estimated by the median absolute deviation, the ratio of
 * a cell in one round may lie from the cell's median. */
#define OVERALL_LIMIT 2

/* Adds the overall line of a metric, measured but not yet judged. A round is one sample,
 * so that a disturbance of all its cells counts once. The line has the cells that gate on
 * this metric and have a valid figure above 0 on both sides in every round; the others
 * are added as problems to be noted. An incomplete last round does not count.
 *
 * A ratio beyond OVERALL_LIMIT counts as one at the limit (Winsor's mean), since now and
 * then a disturbed visit takes several times its CPU time; docs/design.md has figures.
 * The limit lies the same distance above and below the median, so equal sides stay
 * symmetric.
 *
 * The geometric mean of ratios is the ratio of geometric means, so a line is a pair of
 * means for each round. There is no floor: its cells have theirs. A line without a cell
 * cannot tell. -1: no memory. */
int overall_add(struct comparison *comparison, const struct grouping *base,
                const struct grouping *head, enum metric metric, double threshold,
                struct err *err);

#endif
