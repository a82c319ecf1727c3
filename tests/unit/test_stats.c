/* test_stats.c - the interval of the median, Holm's adjustment, the bootstrap. What
 * others make of values is in test_stats_golden.c. */
#include "analysis/statistics/bootstrap.h"
#include "analysis/statistics/stats.h"
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include <math.h>
#include <stdlib.h>

/* -- the median ---------------------------------------------------------------- */

/* Ranks and confidence in percent, as they are tabled. */
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
        /* It covers when from `low` to `high` - 1 of the values are below the median. */
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

/* A confidence that two order statistics have to the last bit is reached by them, for all
 * that the arithmetic rounds. */
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

/* No values, and room for none. */
static void test_no_values(void **state)
{
    (void)state;
    assert_true(isnan(stats_mad(NULL, 0, NULL)));
    assert_true(isnan(stats_median_interval(NULL, 0, 0.95).estimate));
    assert_nothing_known(stats_median_interval(NULL, 0, 0.95));
    stats_holm(NULL, 0, NULL, NULL);
    assert_true(stats_normal_quantile(0) == -INFINITY);
    assert_true(stats_normal_quantile(1) == INFINITY);
    assert_true(stats_normal_quantile(0.5) == 0);
}

/* -- the bootstrap ------------------------------------------------------------- */

static double median(double *values, size_t count)
{
    stats_sort(values, count);
    return stats_median(values, count);
}

static struct interval bootstrap(const double *values, size_t count,
                                 double (*statistic)(double *, size_t), uint64_t seed)
{
    struct interval interval;

    assert_int_equal(
        bootstrap_interval(values, count, statistic, 0.9, seed, &interval, NULL), 0);
    return interval;
}

/* BCa of all 6^6 resamples, written out: what ten thousand of them come near to. */
static void test_bootstrap_of_all_resamples(void **state)
{
    enum { COUNT = 6, ALL = 46656 };
    static const double values[COUNT] = {1.0, 1.1, 1.3, 1.7, 2.2, 4.0};
    const double z = 1.6448536269514722;
    double *all = calloc(ALL, sizeof(*all));
    double estimate = 11.3 / 6;
    double below = 0;
    double squares = 0;
    double cubes = 0;
    struct interval found = bootstrap(values, COUNT, sample_mean, 1);

    (void)state;
    assert_non_null(all);
    for (size_t i = 0; i < ALL; i++) {
        for (size_t j = 0, digits = i; j < COUNT; j++, digits /= COUNT)
            all[i] += values[digits % COUNT] / COUNT;
        below += all[i] < estimate - 1e-9 ? 1 : all[i] < estimate + 1e-9 ? 0.5 : 0;
    }
    stats_sort(all, ALL);
    for (size_t j = 0; j < COUNT; j++) {
        double influence = (values[j] - estimate) / (COUNT - 1);

        squares += influence * influence;
        cubes += influence * influence * influence;
    }
    assert_near(found.estimate, estimate);
    for (int side = -1; side <= 1; side += 2) {
        double bias = stats_normal_quantile(below / ALL);
        double a = cubes / (6 * pow(squares, 1.5));
        double moved = bias + (bias + side * z) / (1 - a * (bias + side * z));
        double expected = all[(size_t)(ALL * erfc(-moved / sqrt(2)) / 2)];
        double apart = (side < 0 ? found.low : found.high) - expected;

        assert_true(fabs(apart) < 0.03 * (found.high - found.low));
    }
    free(all);
}

static void test_bootstrap_ends(void **state)
{
    static const double same[7] = {3, 3, 3, 3, 3, 3, 3};
    static const double values[9] = {5, 1, 4, 2, 8, 7, 9, 3, 6};
    struct interval first = bootstrap(values, 9, sample_mean, 7);
    struct interval again = bootstrap(values, 9, sample_mean, 7);
    struct interval other = bootstrap(values, 9, sample_mean, 8);

    (void)state;
    assert_true(first.low == again.low && first.high == again.high);
    assert_true(first.low != other.low || first.high != other.high);
    assert_true(isnan(bootstrap(NULL, 0, sample_mean, 1).estimate));
    assert_nothing_known(bootstrap(NULL, 0, sample_mean, 1));
    assert_true(bootstrap(values, 1, sample_mean, 1).estimate == 5);
    assert_nothing_known(bootstrap(values, 1, sample_mean, 1));
    first = bootstrap(same, 7, median, 1);
    assert_true(first.low == 3 && first.estimate == 3 && first.high == 3);
    first = bootstrap(values, 9, median, 1);
    assert_true(first.low >= 1 && first.low <= 4 && first.estimate == 5);
    assert_true(first.high >= 6 && first.high <= 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_median_interval_table),
        cmocka_unit_test(test_median_interval_is_reached),
        cmocka_unit_test(test_no_values),
        cmocka_unit_test(test_bootstrap_of_all_resamples),
        cmocka_unit_test(test_bootstrap_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
