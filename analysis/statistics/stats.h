/* stats.h - arithmetic on arrays of measurements. */
#ifndef ANALYSIS_STATISTICS_STATS_H
#define ANALYSIS_STATISTICS_STATS_H

#include <stddef.h>

#include "base/strict_math.h"

/* Sorts ascending, in place. */
void stats_sort(double *values, size_t count);

/* The smallest value with at least a share `q` of all values at or below it (nearest
 * rank): an observed value, never one in between. NAN when there are fewer than 1 / (1 -
 * q) values, so that the 99th percentile needs a hundred. `sorted` is ascending; 0 < q
 * < 1. */
double stats_quantile(const double *sorted, size_t count, double q);

/* The middle value, or the mean of the two middle ones; NAN without values. */
double stats_median(const double *sorted, size_t count);

/* A copy in ascending order, to be freed; NULL without memory. */
double *stats_sorted_copy(const double *values, size_t count);

/* An estimate and an interval around it. low and high are NAN where the sample is too
 * small for the confidence that was asked for. */
struct interval {
    double estimate, low, high;
};

/* The median and an interval of two order statistics that covers the true one with at
 * least the confidence, for any distribution: the narrowest that leaves out as many
 * values on each side (Hollander, Wolfe and Chicken 2014, section 3.6). `sorted` is
 * ascending; 0 < confidence < 1. 95 % needs 6 values. */
struct interval stats_median_interval(const double *sorted, size_t count,
                                      double confidence);

/* Holm's adjustment of the p values of a family, which keeps the chance of any false
 * alarm under the level at which the adjusted ones are read (Holm, "A simple sequentially
 * rejective multiple test procedure", Scand. J. Stat. 6, 1979). `adjusted` and `room`
 * have room for as many as `p`; `adjusted` has their order. */
void stats_holm(const double *p, size_t count, double *adjusted, size_t *room);

/* The value that a standard normal variable is below with probability `p`, to some 15
 * digits (Wichura, algorithm AS 241, Appl. Stat. 37, 1988); infinite for 0 and 1. */
double stats_normal_quantile(double p);

#endif
