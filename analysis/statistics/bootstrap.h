/* bootstrap.h - intervals for statistics that have no exact one. */
#ifndef ANALYSIS_STATISTICS_BOOTSTRAP_H
#define ANALYSIS_STATISTICS_BOOTSTRAP_H

#include "analysis/statistics/stats.h"
#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

enum { BOOTSTRAP_RESAMPLES = 10000 };

/* The statistic of the values and its bias-corrected and accelerated interval (BCa;
 * Efron, "Better bootstrap confidence intervals", JASA 82, 1987), from
 * BOOTSTRAP_RESAMPLES resamples that the seed decides: the same seed gives the same
 * interval. `statistic` is given copies, which it may reorder, and must be finite for any
 * resample; it is called once for each resample and once for each value. low and high are
 * NAN for fewer than 2 values, and so is the estimate of none. 0 < confidence < 1. -1: no
 * memory.
 *
 * For the median of fewer than 20 values stats_median_interval() is the better one. */
int bootstrap_interval(const double *values, size_t count,
                       double (*statistic)(double *sample, size_t count),
                       double confidence, uint64_t seed, struct interval *interval,
                       struct err *err);

#endif
