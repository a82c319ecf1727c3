/* test_arrivals.c - when requests become due: how many, how far apart, and per host. */
#include "harness/plan/arrivals.h"

#include <math.h>
#include <stdlib.h>

#include "base/clock.h"
#include "tests/support/check.h"

enum { TARGETS = 4, RATE = 2000 };

static const struct work_target targets[TARGETS] = {
    {.url = "http://a:80/1"},
    {.url = "http://a:80/2?x"},
    {.url = "http://b"},
    {.url = "http://a:81/1"},
};

static struct arrival_rule make_rule(bool poisson, uint64_t duration_ns, unsigned rate)
{
    return (struct arrival_rule){
        .poisson = poisson,
        .duration_ns = duration_ns,
        .rate = rate,
        .seed = 7,
        .round = 1,
    };
}

/* Without a rate, forty. */
static struct arrivals make(const struct arrival_rule *rule)
{
    size_t count = rule->rate ? arrivals_count(rule) : 40;
    struct arrivals arrivals;
    struct err err = {""};

    if (arrivals_make(&arrivals, rule, count, targets, TARGETS, &err))
        fail_msg("%s", err.text);
    for (size_t i = 1; arrivals.moments && i < arrivals.count; i++)
        assert_true(arrivals.moments[i].due_ns >= arrivals.moments[i - 1].due_ns);
    return arrivals;
}

static void test_constant(void **state)
{
    static const struct {
        uint64_t duration_ms, count;
        unsigned rate;
    } cases[] = {{1000, 100, 100},  {1000, 1, 1}, {100, 1, 1},  {1001, 2, 1},
                 {2500, 8, 3},      {10, 1, 100}, {11, 2, 100}, {3600000, 3600000, 1000},
                 {1, 1000, 1000000}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct arrival_rule rule = make_rule(
            false, cases[i].duration_ms * CLOCK_NS_PER_MS, cases[i].rate);
        struct arrivals arrivals = make(&rule);

        assert_int_equal(arrivals.count, cases[i].count);
        for (size_t j = 0; j < arrivals.count; j++) {
            assert_int_equal(arrivals.moments[j].due_ns,
                             j * CLOCK_NS_PER_S / cases[i].rate);
            assert_int_equal(arrivals.moments[j].target, j % TARGETS);
        }
        assert_true(arrivals.moments[arrivals.count - 1].due_ns < rule.duration_ns);
        arrivals_free(&arrivals);
    }
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* The largest distance between the distribution of the gaps and the exponential one of
 * the same rate (Kolmogorov and Smirnov). */
static double distance(const struct arrivals *arrivals)
{
    size_t count = arrivals->count - 1;
    double *gaps_s = calloc(count, sizeof(*gaps_s));
    double most = 0;

    assert_non_null(gaps_s);
    for (size_t i = 0; i < count; i++)
        gaps_s[i] = clock_seconds(arrivals->moments[i + 1].due_ns -
                                  arrivals->moments[i].due_ns);
    qsort(gaps_s, count, sizeof(*gaps_s), compare);
    for (size_t i = 0; i < count; i++) {
        double share = 1 - exp(-gaps_s[i] * RATE);

        most = fmax(most, fabs(share - (double)i / (double)count));
        most = fmax(most, fabs(share - (double)(i + 1) / (double)count));
    }
    free(gaps_s);
    return most;
}

/* One exponential sequence in twenty is farther off than 1.36 / sqrt(n), one in a
 * thousand than 1.95 / sqrt(n). Of forty, seven or more beyond the first would be a
 * chance of one in two hundred; the seeds are fixed. */
static void test_poisson_gaps(void **state)
{
    struct arrival_rule rule = make_rule(true, 10 * CLOCK_NS_PER_S, RATE);
    unsigned far = 0;

    (void)state;
    for (rule.round = 1; rule.round <= 40; rule.round++) {
        struct arrivals arrivals = make(&rule);
        double count = (double)arrivals.count;

        /* Four standard deviations of the count. */
        assert_true(fabs(count - 10.0 * RATE) < 4 * sqrt(10.0 * RATE));
        assert_true(distance(&arrivals) < 1.95 / sqrt(count));
        far += distance(&arrivals) > 1.36 / sqrt(count);
        assert_true(arrivals.moments[arrivals.count - 1].due_ns < rule.duration_ns);
        arrivals_free(&arrivals);
    }
    assert_true(far < 7);
    /* The test can fail: equal gaps are not exponential. */
    rule.poisson = false;
    {
        struct arrivals arrivals = make(&rule);

        assert_true(distance(&arrivals) > 0.3);
        arrivals_free(&arrivals);
    }
}

/* How many gaps of two sequences are the same, of their first hundred, `shift` apart. */
static size_t same_gaps(const struct arrivals *a, const struct arrivals *b, size_t shift)
{
    size_t same = 0;

    for (size_t i = 0; i < 100; i++)
        same += a->moments[i + shift + 1].due_ns - a->moments[i + shift].due_ns ==
                b->moments[i + 1].due_ns - b->moments[i].due_ns;
    return same;
}

/* The same for all strategies; another one in each round, and no part of another's. */
static void test_sequences(void **state)
{
    struct arrival_rule rule = make_rule(true, CLOCK_NS_PER_S, RATE);
    struct arrivals first = make(&rule);
    struct arrivals again = make(&rule);
    struct arrivals others[3];

    (void)state;
    assert_int_equal(first.count, again.count);
    assert_int_equal(same_gaps(&first, &again, 0), 100);
    rule.round = 2;
    others[0] = make(&rule);
    rule = make_rule(true, CLOCK_NS_PER_S, RATE + 1);
    others[1] = make(&rule);
    rule = make_rule(true, CLOCK_NS_PER_S, RATE);
    rule.seed++;
    others[2] = make(&rule);
    for (size_t i = 0; i < 3; i++) {
        for (size_t shift = 0; shift < 20; shift++) {
            assert_true(same_gaps(&first, &others[i], shift) < 5);
            assert_true(same_gaps(&others[i], &first, shift) < 5);
        }
        arrivals_free(&others[i]);
    }
    arrivals_free(&first);
    arrivals_free(&again);
}

/* Each host gets its requests no faster than the limit, the others do not wait for it,
 * and no target is lost. */
static void test_per_host(void **state)
{
    struct arrival_rule rule = make_rule(false, CLOCK_NS_PER_S, 0);
    size_t counts[TARGETS] = {0};
    uint64_t last_ns[3] = {0};
    bool seen[3] = {false};
    struct arrivals arrivals;

    (void)state;
    rule.per_host_rate = 10;
    for (int at_rate = 0; at_rate < 2; at_rate++) {
        rule.rate = at_rate ? 40 : 0;
        rule.duration_ns = at_rate ? CLOCK_NS_PER_S : 0;
        arrivals = make(&rule);
        assert_int_equal(arrivals.count, 40);
        for (size_t i = 0; i < arrivals.count; i++) {
            const struct work_moment *moment = &arrivals.moments[i];
            size_t host = moment->target < 2 ? 0 : moment->target - 1;

            counts[moment->target]++;
            if (seen[host])
                assert_true(moment->due_ns >= last_ns[host] + CLOCK_NS_PER_S / 10);
            seen[host] = true;
            last_ns[host] = moment->due_ns;
        }
        /* Twenty requests for the host of two targets, ten for each other one. */
        assert_int_equal(last_ns[0], 19 * CLOCK_NS_PER_S / 10);
        assert_true(last_ns[1] < 11 * CLOCK_NS_PER_S / 10);
        arrivals_free(&arrivals);
        seen[0] = seen[1] = seen[2] = false;
    }
    for (size_t i = 0; i < TARGETS; i++)
        assert_int_equal(counts[i], 20);
    /* Those that the limit would put off beyond the duration are left out. */
    rule.duration_ns = CLOCK_NS_PER_S / 2;
    rule.rate = 0;
    arrivals = make(&rule);
    assert_int_equal(arrivals.count, 3 * 5);
    arrivals_free(&arrivals);
    rule.per_host_rate = 0;
    arrivals = make(&rule);
    assert_null(arrivals.moments);
    arrivals_free(&arrivals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_constant),
        cmocka_unit_test(test_poisson_gaps),
        cmocka_unit_test(test_sequences),
        cmocka_unit_test(test_per_host),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
