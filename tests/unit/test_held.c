/* test_held.c - every sentence of a conclusion about rates, or about levels with a
 * duration, stands only where the rows support it. */
#include "analysis/report/held.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/conclusion.h"
#include "tests/support/check.h"
#include "tests/support/rate_rows.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

enum { TEXTS_MAX = 7 };

/* Texts that stand in the sentences, and texts that do not; NULL behind the last. */
struct expected {
    const char *present[TEXTS_MAX], *absent[TEXTS_MAX];
};

static void expect(const struct rate_rows *cells, size_t count, enum goal goal,
                   const struct expected *expected)
{
    struct runs runs;
    struct conclusion conclusion;
    struct summary summary;

    rate_rows_summary(cells, count, &runs, &summary);
    assert_int_equal(conclusion_make(&conclusion, &summary, "default", goal, NULL), 0);
    for (size_t i = 0; i < TEXTS_MAX && expected->present[i]; i++)
        if (!strstr(conclusion.sentences, expected->present[i]))
            fail_msg("'%s' is missing in:\n%s", expected->present[i],
                     conclusion.sentences);
    for (size_t i = 0; i < TEXTS_MAX && expected->absent[i]; i++)
        if (strstr(conclusion.sentences, expected->absent[i]))
            fail_msg("'%s' is not supported, but stands in:\n%s", expected->absent[i],
                     conclusion.sentences);
    conclusion_free(&conclusion);
    summary_free(&summary);
    runs_free(&runs);
}

#define EXPECT(cells, goal, ...) \
    expect(cells, COUNT_OF(cells), goal, &(const struct expected){__VA_ARGS__})

#define NOT_HELD .notes = {"rate-not-held"}

/* At the highest rate that a candidate held, by p99 unless another goal is asked for. */
static void test_ranking(void **state)
{
    static const struct rate_rows apart[] = {
        {.strategy = "fast", .rate = 2000, .p99_us = {1000, 1100, 1200}},
        {.strategy = "slow", .rate = 2000, .p99_us = {3000, 3100, 3200}},
    };
    static const struct rate_rows tied[] = {
        {.strategy = "fast", .rate = 2000, .p99_us = {1000, 1100, 3300}},
        {.strategy = "slow", .rate = 2000, .p99_us = {3000, 3100, 3200}, .cores = 0.1},
    };
    static const struct rate_rows few[] = {
        {.strategy = "fast", .rate = 2000, .p99_us = {1000, 1100}},
        {.strategy = "slow", .rate = 2000, .p99_us = {3000, 3100}},
    };

    (void)state;
    EXPECT(apart, GOAL_time,
           .present = {"Rate 2000/s, lowest p99 latency: fast 1.10ms.",
                       "Higher p99 latency: slow 2.82 times.",
                       "Highest rate held in all rounds: fast 2000/s, slow 2000/s.\n"},
           .absent = {"fastest", "theoretical", "Memory", "evel", "none", "reached",
                      "Knee"});
    EXPECT(tied, GOAL_time,
           .present = {"fast 1.10ms, slow 3.10ms (cannot be told apart).",
                       "Least CPU per request: slow 50.0us."},
           .absent = {"Higher p99", "requests per second"});
    EXPECT(tied, GOAL_cpu,
           .present = {"Rate 2000/s, least CPU per request: slow 50.0us.",
                       "More CPU: fast 2 times", "Lowest p99 latency: fast"});
    EXPECT(few, GOAL_time, .present = {"not enough rounds: 2 of the 3"},
           .absent = {"Higher p99"});
}

static const struct rate_rows not_held_low[] = {
    {.strategy = "held", .rate = 2000, .p99_us = {5000, 5100, 5200}},
    {.strategy = "other", .rate = 2000, .p99_us = {6000, 6100, 6200}},
    {.strategy = "late",
     .rate = 2000,
     .p99_us = {1000, 1000, 1000},
     NOT_HELD,
     .reached_rps = 1995,
     .late_us = 12300},
};
/* No strategy held the highest rate: the one below it is ranked. */
static const struct rate_rows not_held_highest[] = {
    {.strategy = "a", .rate = 2000, .p99_us = {5000, 5100, 5200}},
    {.strategy = "a",
     .rate = 5000,
     .p99_us = {5000, 5100, 5200},
     NOT_HELD,
     .reached_rps = 3120},
    {.strategy = "b",
     .rate = 2000,
     .p99_us = {5000, 5100, 5200},
     NOT_HELD,
     .reached_rps = 1500},
};
/* One alone held the highest rate: two are compared below it. */
static const struct rate_rows not_held_alone[] = {
    {.strategy = "a", .rate = 1000, .p99_us = {1000, 1100, 1200}},
    {.strategy = "a", .rate = 2000, .p99_us = {2000, 2100, 2200}},
    {.strategy = "b", .rate = 1000, .p99_us = {3000, 3100, 3200}},
    {.strategy = "b", .rate = 2000, .p99_us = {3000, 3100, 3200}, NOT_HELD},
};
static const struct rate_rows not_held_none[] = {
    {.strategy = "a",
     .rate = 2000,
     .p99_us = {5000, 5100, 5200},
     NOT_HELD,
     .reached_rps = 1500},
};
static const struct rate_rows not_held_in_one_round[] = {
    {.strategy = "a",
     .rate = 2000,
     .p99_us = {5000, 5100, 5200},
     .notes = {NULL, "rate-not-held"},
     .reached_rps = 1500},
};

/* A strategy that did not hold the rate has no rank, however low its latency. */
static void test_not_held(void **state)
{
    (void)state;
    EXPECT(not_held_low, GOAL_time,
           .present = {"lowest p99 latency: held 5.10ms.", "other 1.20 times",
                       "late began 1,995 of 2,000 per second, 1 % of them at least "
                       "12.3ms late: ",
                       "held in all rounds: held 2000/s, other 2000/s; none: late.\n"},
           .absent = {"late reached", "late 1.00ms", "late 5"});
    EXPECT(
        not_held_highest, GOAL_time,
        .present = {"Rate 2000/s, lowest p99 latency: a 5.10ms; no other strategy",
                    "b reached 1,500 of 2,000 per second",
                    "Rate 5000/s: no strategy that could be ranked held it.\na reached "
                    "3,120 of 5,000 per second",
                    "Highest rate held in all rounds: a 2000/s; none: b.\n"},
        .absent = {"Rate 5000/s, "});
    EXPECT(
        not_held_alone, GOAL_time,
        .present = {"Rate 2000/s, lowest p99 latency: a 2.10ms; no other strategy",
                    "Rate 1000/s, lowest p99 latency: a 1.10ms.\nHigher p99 latency: b "
                    "2.82 times."});
    EXPECT(not_held_highest, GOAL_time, .absent = {"Rate 1"});
    EXPECT(not_held_none, GOAL_time,
           .present = {"Rate 2000/s, lowest p99 latency: nothing can be ranked: no "
                       "strategy that could be ranked held the rate.",
                       "a reached 1,500 of 2,000 per second:",
                       "No rate was held in all rounds by a.\n"},
           .absent = {"Highest rate held", "held it"});
    EXPECT(not_held_in_one_round, GOAL_time,
           .present = {"a reached 1,500 of 2,000 per second in 1 of 3 rounds"},
           .absent = {"Highest rate held"});
}

/* A rate that was held may have too few requests for the figure that ranks. */
static void test_few_requests(void **state)
{
    static const struct rate_rows cells[] = {
        {.strategy = "a", .rate = 5, .p99_us = {NAN, NAN, NAN}},
        {.strategy = "b",
         .rate = 5,
         .p99_us = {NAN, NAN, NAN},
         NOT_HELD,
         .reached_rps = 5.1},
        {.strategy = "c",
         .rate = 5,
         .p99_us = {NAN, NAN, NAN},
         NOT_HELD,
         .reached_rps = 4.9},
    };
    static const struct rate_rows programs[] = {
        {.strategy = "a", .rate = 5, .p99_us = {NAN, NAN, NAN}, .notes = {"no-stamps"}},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"Rate 5/s, lowest p99 latency: nothing can be ranked: p99 latency "
                       "needs 100 good requests per cell; raise --duration.",
                       "b began 5.1 of 5.1 per second, 1 % of them over 5ms late: its",
                       "c reached 4.9 of 5.1 per second: ",
                       "Highest rate held in all rounds: a 5/s; none: b, c."},
           .absent = {"no strategy that could be ranked held"});
    EXPECT(programs, GOAL_time, .present = {"no strategy has a valid round with this"},
           .absent = {"--duration"});
}

/* A server that serves few requests at a time is no lack of the client. */
static void test_capacity(void **state)
{
    static const struct rate_rows cells[] = {
        {.strategy = "a",
         .rate = 2000,
         .p99_us = {5000, 5100, 5200},
         .notes = {"", "rate-not-held", "rate-not-held"},
         .reached_rps = 1500,
         .capacity = 20},
        {.strategy = "b",
         .rate = 2000,
         .p99_us = {5000, 5100, 5200},
         NOT_HELD,
         .reached_rps = 1500,
         .inflight_peak = 19,
         .capacity = 20},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"a reached 1,500 of 2,000 per second in the median of 2 of 3 "
                       "rounds: the server's capacity of 20 at a time.",
                       "b reached 1,500 of 2,000 per second: its rows show no resource"});
}

/* The limit per host keeps a client from its rate, and was asked for. */
static void test_limit_per_host(void **state)
{
    static const struct rate_rows limited[] = {
        {.strategy = "a",
         .rate = 2000,
         .p99_us = {5000, 5100, 5200},
         NOT_HELD,
         .reached_rps = 50,
         .per_host = 50},
    };
    static const struct rate_rows unlimited[] = {
        {.strategy = "a",
         .rate = 2000,
         .p99_us = {5000, 5100, 5200},
         NOT_HELD,
         .reached_rps = 50},
    };

    (void)state;
    EXPECT(limited, GOAL_time,
           .present = {"a reached 50 of 2,000 per second: at most 50 per second and host "
                       "were asked for.\n"},
           .absent = {"no resource"});
    EXPECT(unlimited, GOAL_time, .present = {"no resource"},
           .absent = {"per second and host"});
}

/* What ran out, as far as the rows show it. */
static void test_resources(void **state)
{
    static const struct rate_rows cells[] = {
        {.strategy = "single",
         .rate = 5000,
         .p99_us = {5000, 5000, 5000},
         NOT_HELD,
         .reached_rps = 3120,
         .cores = 0.98},
        {.strategy = "places",
         .rate = 5000,
         .p99_us = {5000, 5000, 5000},
         NOT_HELD,
         .reached_rps = 3120,
         .cores = 0.5,
         .inflight_peak = RATE_LIMIT},
        {.strategy = "ports",
         .rate = 5000,
         .p99_us = {5000, 5000, 5000},
         NOT_HELD,
         .reached_rps = 3120,
         .cores = 0.5,
         .connect_failed = 1200},
        {.strategy = "unknown",
         .rate = 5000,
         .p99_us = {5000, 5000, 5000},
         NOT_HELD,
         .reached_rps = 3120,
         .cores = 0.85,
         .inflight_peak = RATE_LIMIT - 1},
        {.strategy = "throttled",
         .rate = 5000,
         .p99_us = {5000, 5000, 5000},
         .notes = {"rate-not-held cpu-throttled"},
         .reached_rps = 3120},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"single reached 3,120 of 5,000 per second: CPU: 0.98 of a core.\n",
                       "places reached 3,120 of 5,000 per second: all 500 places in "
                       "flight.\n",
                       "ports reached 3,120 of 5,000 per second: 1,200 requests without "
                       "a connection.\n",
                       "unknown reached 3,120 of 5,000 per second: its rows show no "
                       "resource that ran out.\n",
                       "throttled reached 3,120 of 5,000 per second: note "
                       "cpu-throttled.\n"},
           .absent = {"0.85", "0.50", "499"});
}

/* Places that were free in one round, or CPU time in most, did not run out. */
static void test_resources_of_all_rounds(void **state)
{
    struct rate_rows cell = {.strategy = "a",
                             .rate = 5000,
                             .p99_us = {5000, 5000, 5000},
                             NOT_HELD,
                             .reached_rps = 3120};
    struct runs runs = {.rows = NULL};
    struct summary summary;
    struct conclusion conclusion;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct row row;

        cell.inflight_peak = i == 2 ? RATE_LIMIT - 1 : RATE_LIMIT;
        cell.cores = i == 2 ? 1.9 : 0.4;
        row = rate_rows_row(&cell, i);
        assert_int_equal(runs_add(&runs, &row, NULL), 0);
    }
    assert_int_equal(summary_make(&summary, &runs, NULL, NULL), 0);
    assert_int_equal(conclusion_make(&conclusion, &summary, "default", GOAL_p99, NULL),
                     0);
    assert_non_null(strstr(conclusion.sentences, "no resource that ran out"));
    conclusion_free(&conclusion);
    summary_free(&summary);
    runs_free(&runs);
}

/* The client is not accused for a slow server, and a reference is no candidate. */
static void test_not_candidates(void **state)
{
    static const struct rate_rows cells[] = {
        {.strategy = "good", .rate = 2000, .p99_us = {5000, 5100, 5200}},
        {.strategy = "bound",
         .rate = 2000,
         .p99_us = {1000, 1000, 1000},
         .notes = {"origin-bound"}},
        {.strategy = "behind",
         .rate = 2000,
         .p99_us = {9000, 9000, 9000},
         .notes = {"origin-bound rate-not-held"},
         .reached_rps = 1500,
         .cores = 1.9},
        {.strategy = "floor",
         .rate = 2000,
         .p99_us = {500, 500, 500},
         .notes = {"reference"}},
        {.strategy = "base",
         .rate = 2000,
         .p99_us = {500, 500, 500},
         .notes = {"reference rate-not-held"}},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"lowest p99 latency: good 5.10ms; no other strategy was ranked.",
                       "Not ranked, since the server was the bottleneck: bound.\n",
                       "behind reached 1,500 of 2,000 per second: the server was the "
                       "bottleneck, not the client.\n",
                       "rounds: bound 2000/s, good 2000/s; none: behind.\n"},
           .absent = {"floor", "base", "1.90", "bottleneck: bound, behind"});
}

/* Rounds that failed are not held; one in flight at a time is no limit at a low rate; and
 * nothing is said of a strategy without a valid round. */
static void test_rounds_that_failed(void **state)
{
    static const struct rate_rows cells[] = {
        {.strategy = "good",
         .rate = 100,
         .p99_us = {5000, 5100, 5200},
         .inflight_peak = 1},
        {.strategy = "slow",
         .rate = 100,
         .p99_us = {9000, 9100, 9200},
         .inflight_peak = 1},
        {.strategy = "good", .rate = 200, .p99_us = {1}, .status = "failed"},
        {.strategy = "dead", .rate = 100, .p99_us = {1}, .status = "infeasible"},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"Rate 100/s, lowest p99 latency: good", "slow 1.78 times",
                       "held in all rounds: good 100/s, slow 100/s.\n"},
           .absent = {"one request at a time", "200/s", "dead"});
}

/* The latency of one that is behind may have no end. */
static void test_endless(void **state)
{
    struct rate_rows cells[] = {
        {.strategy = "good", .rate = 1000, .p99_us = {5000, 5100, 5200}},
        {.strategy = "stuck", .rate = 1000, .p99_us = {1, 1, 1}, .unfinished = 500},
    };
    struct runs runs = {.rows = NULL};
    struct summary summary;
    struct conclusion conclusion;

    (void)state;
    for (size_t i = 0; i < 6; i++) {
        struct row row = rate_rows_row(&cells[i / 3], i % 3);

        if (i >= 3)
            row.fields[COLUMN_latency_p99_us].present = false;
        assert_int_equal(runs_add(&runs, &row, NULL), 0);
    }
    assert_int_equal(summary_make(&summary, &runs, NULL, NULL), 0);
    assert_int_equal(conclusion_make(&conclusion, &summary, "default", GOAL_p99, NULL),
                     0);
    assert_non_null(strstr(conclusion.sentences, "Higher p99 latency: stuck endless."));
    conclusion_free(&conclusion);
    summary_free(&summary);
    runs_free(&runs);
}

/* Of levels with a duration cost times are all the same: throughput ranks. */
static void test_durations(void **state)
{
    static const struct rate_rows cells[] = {
        {.strategy = "fast",
         .level = 100,
         .p99_us = {2000, 2010, 2020},
         .throughput = {9000, 9050, 9100}},
        {.strategy = "slow",
         .level = 100,
         .p99_us = {1000, 1010, 1020},
         .throughput = {6000, 6050, 6100}},
    };
    static const struct rate_rows few[] = {
        {.strategy = "fast", .level = 100, .p99_us = {2000}, .throughput = {9000}},
        {.strategy = "slow", .level = 100, .p99_us = {1000}, .throughput = {6000}},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"Level 100, most requests per second: fast 9050.",
                       "Fewer requests per second: slow 1.50 times.",
                       "Lowest p99 latency: slow 1.01ms."},
           .absent = {"fastest", "Fastest", "Rate", "held"});
    EXPECT(cells, GOAL_p99,
           .present = {"Level 100, lowest p99 latency: slow 1.01ms.",
                       "Most requests per second: fast 9050."});
    EXPECT(few, GOAL_time, .present = {"not enough rounds: 1 of the 3"},
           .absent = {"Fewer"});
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranking),
        cmocka_unit_test(test_not_held),
        cmocka_unit_test(test_few_requests),
        cmocka_unit_test(test_capacity),
        cmocka_unit_test(test_limit_per_host),
        cmocka_unit_test(test_resources),
        cmocka_unit_test(test_resources_of_all_rounds),
        cmocka_unit_test(test_not_candidates),
        cmocka_unit_test(test_rounds_that_failed),
        cmocka_unit_test(test_endless),
        cmocka_unit_test(test_durations),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
