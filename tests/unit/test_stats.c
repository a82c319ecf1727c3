/* test_stats.c - sorting, the interval of the median, Holm's adjustment.
 * test_stats_golden.c compares with other programs. */
#include "analysis/statistics/stats.h"
#include "base/random.h"
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

/* -- sorting ------------------------------------------------------------------- */

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* Of every magnitude and both signs, or close together. */
static double draw(struct random *random, bool is_wide)
{
    static const double special[] = {0,        INFINITY, -INFINITY,    DBL_MAX,
                                     -DBL_MAX, DBL_MIN,  -DBL_TRUE_MIN};
    double fraction = (double)random_below(random, 1u << 20);

    if (!is_wide)
        return 1e15 + (double)random_below(random, 1000);
    if (!random_below(random, 50))
        return special[random_below(random, sizeof(special) / sizeof(special[0]))];
    return ldexp(fraction - (1 << 19), (int)random_below(random, 1800) - 900);
}

/* As qsort() would, from few values, which it sorts, to many. */
static void test_sort(void **state)
{
    static const size_t counts[] = {0, 1, 2, 100, 4095, 4096, 4097, 50000};
    struct random random = {3};

    (void)state;
    for (size_t i = 0; i < 2 * sizeof(counts) / sizeof(counts[0]); i++) {
        size_t count = counts[i / 2];
        double *values = calloc(count + 1, sizeof(*values));
        double *expected = calloc(count + 1, sizeof(*expected));

        assert_non_null(values);
        assert_non_null(expected);
        for (size_t k = 0; k < count; k++)
            values[k] = expected[k] = draw(&random, i % 2);
        values[count] = expected[count] = -1; /* behind the end */
        stats_sort(values, count);
        qsort(expected, count, sizeof(*expected), by_value);
        for (size_t k = 0; k <= count; k++)
            assert_true(values[k] == expected[k]);
        free(values);
        free(expected);
    }
}

/* -- the median ---------------------------------------------------------------- */

/* Ranks and confidence in percent, from a published table. */
static void test_median_interval_table(void **state)
{
    static const struct {
        size_t count, low, high;
        double percent;
    } table[] = {{6, 1, 6, 96.9},   {8, 1, 8, 99.2},   {10, 2, 9, 97.9},
                 {12, 3, 10, 96.1}, {15, 4, 12, 96.5}, {20, 6, 15, 95.9},
                 {30, 10, 21, 95.7}};
    double ranks[30];

    (void)state;
    for (size_t i = 0; i < 30; i++)
        ranks[i] = (double)(i + 1);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        struct interval interval = stats_median_interval(ranks, table[i].count, 0.95);
        double covered = 0;
        double ways = 1;

        assert_true(interval.low == (double)table[i].low);
        assert_true(interval.high == (double)table[i].high);
        /* The interval covers the median if `low` to `high` - 1 values are below it. */
        for (size_t below = 0; below < table[i].high; below++) {
            covered += below >= table[i].low ? ways : 0;
            ways = ways * (double)(table[i].count - below) / (double)(below + 1);
        }
        covered *= 100 / exp2((double)table[i].count);
        assert_true(fabs(covered - table[i].percent) < 0.05 + 1e-9);
        assert_true(covered >= 95);
    }
    assert_nothing_known(stats_median_interval(ranks, 5, 0.95));
}

/* A confidence that two order statistics reach exactly must not be missed by rounding. */
static void test_median_interval_is_reached(void **state)
{
    double ranks[30];

    (void)state;
    for (size_t count = 1; count <= 30; count++) {
        double ways = 1;
        double left_out = 0;

        ranks[count - 1] = (double)count;
        for (size_t below = 0; below < count / 2; below++) {
            struct interval interval;

            left_out += 2 * ways / exp2((double)count);
            ways = ways * (double)(count - below) / (double)(below + 1);
            interval = stats_median_interval(ranks, count, 1 - left_out);
            assert_true(interval.low == (double)(below + 1));
            assert_true(interval.high == (double)(count - below));
        }
    }
}

/* No values, in arrays of no length. */
static void test_no_values(void **state)
{
    (void)state;
    assert_true(isnan(stats_median_interval(NULL, 0, 0.95).estimate));
    assert_nothing_known(stats_median_interval(NULL, 0, 0.95));
    stats_holm(NULL, 0, NULL, NULL);
    assert_true(stats_normal_quantile(0) == -INFINITY);
    assert_true(stats_normal_quantile(1) == INFINITY);
    assert_true(stats_normal_quantile(0.5) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort),
        cmocka_unit_test(test_median_interval_table),
        cmocka_unit_test(test_median_interval_is_reached),
        cmocka_unit_test(test_no_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
