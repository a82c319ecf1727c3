/* rank_shift.h - by how much one sample is larger, with the interval that belongs to the
 * tests of rank_test.h. Sources as there. */
#ifndef ANALYSIS_STATISTICS_RANK_SHIFT_H
#define ANALYSIS_STATISTICS_RANK_SHIFT_H

#include <stddef.h>

#include "analysis/statistics/stats.h"
#include "base/err.h"

/* Hodges-Lehmann: how much larger the second sample is, as the median of all differences
 * other - base, and the interval of all shifts that the test does not reject: two of the
 * ordered differences. The interval is that of a continuous distribution, and so covers
 * at least the confidence when there are ties too. Beyond the size where the test is
 * exact it is approximate as well, a few order statistics off. All NAN without values; 0
 * < confidence < 1. Takes memory for the values, not for their differences. -1: no
 * memory. */
int rank_shift_unpaired(const double *base, size_t base_count, const double *other,
                        size_t other_count, double confidence, struct interval *shift,
                        struct err *err);

/* The pseudo-median of differences, which is the median of the means of all pairs of
 * them, each with itself too (Walsh averages), with the interval from the signed rank
 * test. Zeros are values like others here: a shift of 0 is as good an estimate as any.
 * Otherwise as above. */
int rank_shift_paired(const double *differences, size_t count, double confidence,
                      struct interval *shift, struct err *err);

#endif
