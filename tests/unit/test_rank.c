/* test_rank.c - properties of rank tests and their intervals that hold for any values. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include <math.h>
#include <stdlib.h>

enum { MANY = 64 };

/* -- properties for any values ------------------------------------------------- */

/* Sets `at` to just below and just above each end of `shift`, the interval of all shifts
 * that the test does not reject: it rejects the first and the last of the four. */
static void ends_of(struct interval shift, double at[4])
{
    at[0] = shift.low - 1e-9;
    at[1] = shift.low + 1e-9;
    at[2] = shift.high - 1e-9;
    at[3] = shift.high + 1e-9;
}

static void subtract(const double *values, size_t count, double less, double *moved)
{
    for (size_t i = 0; i < count; i++)
        moved[i] = values[i] - less;
}

static void test_intervals_invert_tests(void **state)
{
    struct random random = {4};
    double base[MANY];
    double other[MANY];
    double moved[MANY];
    double at[4];

    (void)state;
    for (int round = 0; round < 60; round++) {
        size_t m = 6 + random_below(&random, 20);
        size_t n = 6 + random_below(&random, 20);

        draw_lognormal(&random, base, m);
        draw_lognormal(&random, other, n);
        ends_of(shift_unpaired(base, m, other, n, 0.95), at);
        for (int i = 0; i < 4; i++) {
            subtract(other, n, at[i], moved);
            assert_int_equal(unpaired(base, m, moved, n).p > 0.05, i == 1 || i == 2);
        }
        ends_of(shift_paired(other, n, 0.95), at);
        for (int i = 0; i < 4; i++) {
            subtract(other, n, at[i], moved);
            assert_int_equal(paired(moved, n).p > 0.05, i == 1 || i == 2);
        }
    }
}

static void test_swapped_samples(void **state)
{
    struct random random = {5};
    double base[MANY];
    double other[MANY];

    (void)state;
    for (int round = 0; round < 100; round++) {
        size_t m = 1 + random_below(&random, MANY);
        size_t n = 1 + random_below(&random, MANY);
        struct rank_test one;
        struct rank_test two;
        struct interval there;
        struct interval back;

        draw_whole(&random, base, m, 40);
        draw_whole(&random, other, n, 40);
        one = unpaired(base, m, other, n);
        two = unpaired(other, n, base, m);
        assert_near(one.p, two.p);
        assert_near(one.statistic + two.statistic, (double)(m * n));
        there = shift_unpaired(base, m, other, n, 0.9);
        back = shift_unpaired(other, n, base, m, 0.9);
        assert_near(there.estimate, -back.estimate);
        if (isnan(there.low)) {
            assert_nothing_known(back);
            continue;
        }
        assert_near(there.low, -back.high);
        assert_near(there.high, -back.low);
    }
}

static void test_negated_differences(void **state)
{
    struct random random = {6};
    double differences[MANY];
    double minus[MANY];

    (void)state;
    for (int round = 0; round < 100; round++) {
        size_t count = 6 + random_below(&random, MANY - 6);
        struct interval shift;
        struct interval back;

        draw_whole(&random, differences, count, 40);
        for (size_t i = 0; i < count; i++) {
            differences[i] -= 15;
            minus[i] = -differences[i];
        }
        assert_near(paired(differences, count).p, paired(minus, count).p);
        shift = shift_paired(differences, count, 0.95);
        back = shift_paired(minus, count, 0.95);
        assert_near(shift.estimate, -back.estimate);
        assert_near(shift.low, -back.high);
        assert_near(shift.high, -back.low);
    }
}

/* Only the order counts: p is bitwise equal after a monotonic transformation. */
static void test_only_the_order_counts(void **state)
{
    struct random random = {7};
    double base[MANY];
    double other[MANY];

    (void)state;
    for (int round = 0; round < 50; round++) {
        double before;

        draw_whole(&random, base, MANY, 30);
        draw_whole(&random, other, MANY / 2, 30);
        before = unpaired(base, MANY, other, MANY / 2).p;
        for (size_t i = 0; i < MANY; i++) {
            base[i] = exp(base[i]) * 1e-200;
            other[i] = exp(other[i]) * 1e-200;
        }
        assert_true(unpaired(base, MANY, other, MANY / 2).p == before);
    }
}

/* Where the exact test gives way to the approximation, p and the interval hardly change.
 */
static void test_exact_and_approximate_agree(void **state)
{
    enum { EXACT = 100, BEYOND = 101 };
    struct random random = {8};
    double base[BEYOND];
    double other[BEYOND];
    struct rank_test exact;
    struct rank_test beyond;
    struct interval narrow;
    struct interval wide;

    (void)state;
    draw_lognormal(&random, base, BEYOND);
    draw_lognormal(&random, other, BEYOND);
    /* The additional value on each side lies in the middle of both samples. */
    base[EXACT] = 1.0;
    other[EXACT] = 1.000001;
    exact = unpaired(base, EXACT, other, EXACT);
    beyond = unpaired(base, BEYOND, other, BEYOND);
    assert_true(exact.exact && !beyond.exact);
    assert_true(fabs(exact.p - beyond.p) < 0.02);
    narrow = shift_unpaired(base, EXACT, other, EXACT, 0.95);
    wide = shift_unpaired(base, BEYOND, other, BEYOND, 0.95);
    assert_true(fabs(narrow.low - wide.low) < 0.05 * (narrow.high - narrow.low));
    assert_true(fabs(narrow.high - wide.high) < 0.05 * (narrow.high - narrow.low));
}

/* Ten thousand values per side: a hundred million differences that are not stored. */
static void test_ten_thousand_values(void **state)
{
    enum { COUNT = 10000 };
    struct random random = {9};
    double *base = calloc(COUNT, sizeof(*base));
    double *other = calloc(COUNT, sizeof(*other));
    struct interval shift;

    (void)state;
    assert_non_null(base);
    assert_non_null(other);
    draw_lognormal(&random, base, COUNT);
    draw_lognormal(&random, other, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        other[i] += 0.1;
    shift = shift_unpaired(base, COUNT, other, COUNT, 0.99);
    assert_true(shift.low < 0.1 && 0.1 < shift.high && shift.high - shift.low < 0.05);
    assert_true(unpaired(base, COUNT, other, COUNT).p < 1e-12);
    for (size_t i = 0; i < COUNT; i++)
        other[i] -= base[i];
    shift = shift_paired(other, COUNT, 0.99);
    assert_true(shift.low < 0.1 && 0.1 < shift.high && shift.high - shift.low < 0.05);
    assert_true(paired(other, COUNT).p < 1e-12);
    free(base);
    free(other);
}

/* -- the ends of the range ----------------------------------------------------- */

static void test_no_values(void **state)
{
    double value = 2;
    struct interval shift;

    (void)state;
    assert_true(unpaired(NULL, 0, &value, 1).p == 1);
    assert_true(unpaired(&value, 1, NULL, 0).p == 1);
    assert_true(paired(NULL, 0).p == 1);
    assert_true(paired(&(double){0}, 1).p == 1);
    shift = shift_unpaired(NULL, 0, &value, 1, 0.95);
    assert_true(isnan(shift.estimate));
    assert_nothing_known(shift);
    shift = shift_paired(NULL, 0, 0.95);
    assert_true(isnan(shift.estimate));
    assert_nothing_known(shift);
    shift = shift_paired(&value, 1, 0.95);
    assert_true(shift.estimate == 2);
    assert_nothing_known(shift);
}

/* The least p for tabled sizes is reached. */
static void test_least_p(void **state)
{
    static const double values[24] = {1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12,
                                      13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24};

    (void)state;
    assert_near(rank_test_least_p(4, 4), 2.0 / 70);
    assert_near(rank_test_least_p(10, 10), 2.0 / 184756);
    assert_near(rank_test_least_p(0, 6), 1.0 / 32);
    assert_near(rank_test_least_p(0, 12), 1.0 / 2048);
    for (size_t count = 1; count <= 12; count++) {
        double reached = unpaired(values, count, values + 12, 12).p;

        assert_true(fabs(reached / rank_test_least_p(count, 12) - 1) < 1e-12);
        reached = paired(values, count).p;
        assert_true(fabs(reached / rank_test_least_p(0, count) - 1) < 1e-12);
    }
    assert_true(rank_test_least_p(1, 0) == 1);
    assert_true(rank_test_least_p(0, 0) == 1);
    assert_true(rank_test_least_p(10000, 10000) == 0);
}

/* -- coverage of the intervals ------------------------------------------------- */

/* The share of 2000 intervals that cover the true shift must be the confidence or a
 * little more; its standard error is 0.5 %. */
enum { INTERVALS = 2000 };

static void round_to(double grain, double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        values[i] = round(values[i] / grain) * grain;
}

/* Two samples of one skewed distribution, the second shifted by 0.25, both rounded to
 * multiples of `grain` to create ties. */
static double coverage_unpaired(size_t m, size_t n, double grain)
{
    struct random random = {10};
    double base[MANY];
    double other[MANY];
    size_t inside = 0;

    for (int i = 0; i < INTERVALS; i++) {
        struct interval shift;

        draw_lognormal(&random, base, m);
        draw_lognormal(&random, other, n);
        round_to(grain, base, m);
        round_to(grain, other, n);
        subtract(other, n, -0.25, other);
        shift = shift_unpaired(base, m, other, n, 0.95);
        inside += shift.low <= 0.25 && 0.25 <= shift.high;
    }
    return (double)inside / INTERVALS;
}

/* Differences of two such values, shifted by 0.25. */
static double coverage_paired(size_t count)
{
    struct random random = {11};
    double differences[MANY];
    double less[MANY];
    size_t inside = 0;

    for (int i = 0; i < INTERVALS; i++) {
        struct interval shift;

        draw_lognormal(&random, differences, count);
        draw_lognormal(&random, less, count);
        for (size_t j = 0; j < count; j++)
            differences[j] += 0.25 - less[j];
        shift = shift_paired(differences, count, 0.95);
        inside += shift.low <= 0.25 && 0.25 <= shift.high;
    }
    return (double)inside / INTERVALS;
}

static void test_coverage(void **state)
{
    const double shares[] = {
        coverage_unpaired(5, 5, 1e-6),
        coverage_unpaired(8, 12, 1e-6),
        coverage_unpaired(20, 20, 1e-6),
        coverage_paired(7),
        coverage_paired(20),
    };

    (void)state;
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
        if (shares[i] < 0.94 || shares[i] > 0.985)
            fail_msg("case %zu: %g of the intervals cover", i, shares[i]);
    assert_true(coverage_unpaired(10, 10, 0.25) >= 0.95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_intervals_invert_tests),
        cmocka_unit_test(test_swapped_samples),
        cmocka_unit_test(test_negated_differences),
        cmocka_unit_test(test_only_the_order_counts),
        cmocka_unit_test(test_exact_and_approximate_agree),
        cmocka_unit_test(test_ten_thousand_values),
        cmocka_unit_test(test_no_values),
        cmocka_unit_test(test_least_p),
        cmocka_unit_test(test_coverage),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
