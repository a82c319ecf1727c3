/* rank_test.h - exact rank tests; rank_shift.h has the intervals that belong to them.
 *
 * They do not depend on the shape of the distribution, so that a few slow runs do not
 * decide, and they are exact for small samples. Values are never NAN. For ratios, pass
 * logarithms: the shift is then the logarithm of the ratio. Formulas: Hollander, Wolfe
 * and Chicken, "Nonparametric Statistical Methods" (3rd ed., 2014), chapters 3 and 4;
 * intervals: Bauer, "Constructing confidence sets using rank statistics" (JASA 67,
 * 1972). */
#ifndef ANALYSIS_STATISTICS_RANK_TEST_H
#define ANALYSIS_STATISTICS_RANK_TEST_H

#include "analysis/statistics/stats.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* A two-sided test of "no difference". `p` is twice the smaller tail, at most 1; with
 * ties the distribution of U can be skew, and twice the tail stays a valid p, never under
 * rank_test_least_p(). */
struct rank_test {
    double statistic; /* U of the second sample, or the sum of the positive ranks */
    double p;         /* two-sided; exact where `exact` */
    bool exact;
};

/* Mann-Whitney: does the second sample tend to be larger? Ties have midranks and the
 * exact permutation distribution that belongs to them, while the product of the counts is
 * at most RANK_NULL_PRODUCT_MAX (100 and 100, or 10 and 1000); beyond, the normal
 * approximation with corrections for ties and continuity. The approximation is
 * conservative where one side has only a few values: its p is larger than the exact one.
 * An empty side: p = 1. -1: no memory. */
int rank_test_unpaired(const double *base, size_t base_count, const double *other,
                       size_t other_count, struct rank_test *test, struct err *err);

/* Wilcoxon's signed rank test of differences. Zeros are dropped, as Wilcoxon did, and the
 * test is of what remains; ties as above, exact while at most RANK_NULL_COUNT_MAX remain.
 * All zero, or none: p = 1. -1: no memory. */
int rank_test_paired(const double *differences, size_t count, struct rank_test *test,
                     struct err *err);

/* The least p that samples of these sizes can reach, 2 / C(m + n, n); of differences,
 * with base_count = 0, 2 / 2^n. A family of tests whose least p is over its level can
 * never reject. */
double rank_test_least_p(size_t base_count, size_t other_count);

#endif
