/* sample.c - see sample.h. */
#include "tests/support/sample.h"
#include "analysis/statistics/rank_shift.h"

#include "tests/support/check.h"

#include <math.h>

void draw_whole(struct random *random, double *values, size_t count, size_t kinds)
{
    for (size_t i = 0; i < count; i++)
        values[i] = (double)random_below(random, kinds);
}

double draw_normal(struct random *random)
{
    return stats_normal_quantile(((double)(random_next(random) >> 11) + 0.5) / 0x1p53);
}

void draw_lognormal(struct random *random, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = exp(0.5 * draw_normal(random));
}

void assert_near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * fmax(1, fabs(expected))))
        fail_msg("%.17g, not %.17g", found, expected);
}

void assert_nothing_known(struct interval interval)
{
    assert_true(isnan(interval.low));
    assert_true(isnan(interval.high));
}

struct rank_test unpaired(const double *base, size_t base_count, const double *other,
                          size_t other_count)
{
    struct rank_test test;

    assert_int_equal(
        rank_test_unpaired(base, base_count, other, other_count, &test, NULL), 0);
    return test;
}

struct rank_test paired(const double *differences, size_t count)
{
    struct rank_test test;

    assert_int_equal(rank_test_paired(differences, count, &test, NULL), 0);
    return test;
}

struct interval shift_unpaired(const double *base, size_t base_count, const double *other,
                               size_t other_count, double confidence)
{
    struct interval shift;

    assert_int_equal(rank_shift_unpaired(base, base_count, other, other_count, confidence,
                                         &shift, NULL),
                     0);
    return shift;
}

struct interval shift_paired(const double *differences, size_t count, double confidence)
{
    struct interval shift;

    assert_int_equal(rank_shift_paired(differences, count, confidence, &shift, NULL), 0);
    return shift;
}
