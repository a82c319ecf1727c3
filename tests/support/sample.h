/* sample.h - samples for tests of statistics, and rank tests that cannot fail. */
#ifndef TESTS_SUPPORT_SAMPLE_H
#define TESTS_SUPPORT_SAMPLE_H

#include "analysis/statistics/rank_test.h"
#include "analysis/statistics/stats.h"
#include "base/random.h"

#include <stddef.h>

/* Integers from 0 to kinds - 1, so that there are ties. */
void draw_whole(struct random *random, double *values, size_t count, size_t kinds);

/* A standard normal value. */
double draw_normal(struct random *random);

/* Skewed, positive and without ties, as times are; the median is 1. */
void draw_lognormal(struct random *random, double *values, size_t count);

/* Equal within rounding. */
void assert_near(double found, double expected);

/* Both ends are NAN. */
void assert_nothing_known(struct interval interval);

/* The functions of rank_test.h, asserted to succeed. */
struct rank_test unpaired(const double *base, size_t base_count, const double *other,
                          size_t other_count);
struct rank_test paired(const double *differences, size_t count);
struct interval shift_unpaired(const double *base, size_t base_count, const double *other,
                               size_t other_count, double confidence);
struct interval shift_paired(const double *differences, size_t count, double confidence);

#endif
