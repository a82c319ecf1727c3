/* stats.h - arithmetic on arrays of measurements. */
#ifndef RESULTS_STATS_H
#define RESULTS_STATS_H

#include <stddef.h>

/* Sorts ascending, in place. */
void stats_sort(double *values, size_t count);

/* The smallest value with at least a share `q` of all values at or below it (nearest
 * rank): an observed value, never one in between. NAN when there are fewer than 1 / (1 -
 * q) values, so that the 99th percentile needs a hundred. `sorted` is ascending; 0 < q
 * < 1. */
double stats_quantile(const double *sorted, size_t count, double q);

/* The middle value, or the mean of the two middle ones; NAN of nothing. */
double stats_median(const double *sorted, size_t count);

#endif
