/* test_outcome.c - the figures of synthetic results: quantiles are observed values, and
 * absent where there are too few. */
#include "base/clock.h"
#include "harness/plan/plan_fields.h"
#include "harness/validity/outcome.h"
#include "tests/support/check.h"
#include "tests/support/mock.h"

#include <math.h>

enum { COUNT_MAX = 1000 };

/* Makes `count` results. Durations of fetch i, from 0, are i + 1 times a unit that
 * differs per figure. They are stored in reverse, so they are not sorted already. */
static void make_results(struct fetch_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint64_t times = count - i;
        uint64_t begin_ns = CLOCK_NS_PER_S;

        results[i] = (struct fetch_result){
            .begin_ns = begin_ns,
            .start_ns = begin_ns + times * 2 * CLOCK_NS_PER_US,
            .first_byte_ns = begin_ns + times * 50 * CLOCK_NS_PER_US,
            .end_ns = begin_ns + times * 100 * CLOCK_NS_PER_US,
            .connections = 1,
            .connect_us = (uint32_t)(times * 10),
            .tls_us = (uint32_t)(times * 17),
            .outcome = FETCH_OK,
        };
    }
}

/* Returns the figures of the results; the plan does not matter here. */
static struct outcome outcome_of(const struct fetch_result *results, size_t count)
{
    struct plan plan = plan_defaults();
    struct cell cell = {.strategy = &mock_parallel, .level = 10, .requests = count};
    struct measurement measurement = {.results = results, .result_count = count};
    struct outcome outcome;

    assert_int_equal(outcome_make(&outcome, &plan, &cell, &measurement, NULL), 0);
    return outcome;
}

static bool same(double is, double expected)
{
    return isnan(expected) ? isnan(is) : is == expected;
}

/* The quantiles of 1, 2, ... `count`; NAN: too few values. */
struct quantiles_of {
    size_t count;
    double p50, p90, p99;
};

static void assert_quantiles(const struct quantiles *is, double unit,
                             const struct quantiles_of *of)
{
    double max = (double)of->count;

    if (same(is->min, unit) && same(is->p50, of->p50 * unit) &&
        same(is->p90, of->p90 * unit) && same(is->p99, of->p99 * unit) &&
        same(is->max, max * unit))
        return;
    fail_msg("%g %g %g %g %g is not %g times 1 %g %g %g %g", is->min, is->p50, is->p90,
             is->p99, is->max, unit, of->p50, of->p90, of->p99, max);
}

static void test_thresholds(void **state)
{
    static const struct quantiles_of cases[] = {
        {1, 1, NAN, NAN},   {2, 1, NAN, NAN},      {3, 2, NAN, NAN},  {9, 5, NAN, NAN},
        {10, 5, 9, NAN},    {11, 6, 10, NAN},      {99, 50, 90, NAN}, {100, 50, 90, 99},
        {101, 51, 91, 100}, {1000, 500, 900, 990},
    };
    static struct fetch_result results[COUNT_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t count = cases[i].count;
        struct outcome outcome;

        make_results(results, count);
        outcome = outcome_of(results, count);
        assert_quantiles(&outcome.latency_us, 100, &cases[i]);
        assert_quantiles(&outcome.queue_us, 2, &cases[i]);
        assert_quantiles(&outcome.connect_us, 10, &cases[i]);
        /* excludes the connect time before it */
        assert_quantiles(&outcome.tls_us, 7, &cases[i]);
        assert_quantiles(&outcome.ttfb_us, 50, &cases[i]);
    }
}

static void assert_no_quantiles(const struct quantiles *is)
{
    assert_true(isnan(is->min) && isnan(is->p50) && isnan(is->p90) && isnan(is->p99) &&
                isnan(is->max));
}

/* Only good fetches that have the figure count. */
static void test_absent_values_do_not_count(void **state)
{
    static struct fetch_result results[COUNT_MAX];
    struct outcome outcome;

    (void)state;
    make_results(results, 100);
    results[99].outcome = FETCH_TIMED_OUT; /* the one with one unit */
    results[98].connections = 0;           /* the one with two, on a kept connection */
    results[97].tls_us = 0;                /* the one with three, without TLS */
    results[96].first_byte_ns = 0;
    outcome = outcome_of(results, 100);
    assert_true(isnan(outcome.latency_us.p99)); /* 99 good fetches are too few */
    assert_true(outcome.latency_us.min == 200 && outcome.latency_us.p90 == 9100);
    assert_true(outcome.connect_us.min == 30);
    assert_true(outcome.tls_us.min == 28);
    assert_true(outcome.ttfb_us.min == 100 && outcome.ttfb_us.p50 == 51 * 50);
    for (size_t i = 0; i < 100; i++)
        results[i].connections = 0;
    outcome = outcome_of(results, 100);
    assert_no_quantiles(&outcome.connect_us);
    assert_no_quantiles(&outcome.tls_us);
    for (size_t i = 0; i < 100; i++)
        results[i].outcome = FETCH_LOST;
    outcome = outcome_of(results, 100);
    assert_no_quantiles(&outcome.latency_us);
    assert_no_quantiles(&outcome.queue_us);
    assert_no_quantiles(&outcome.ttfb_us);
    assert_no_quantiles(&outcome.origin_delay_s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_absent_values_do_not_count),
    };

    return cmocka_run_group_tests_name("outcome", tests, NULL, NULL);
}
