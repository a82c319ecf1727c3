/* test_conclusion.c - every sentence of a conclusion stands only where the rows support
 * it. */
#include "analysis/report/conclusion.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/cell_rows.h"
#include "tests/support/check.h"

/* The sentences about some cells, to be freed. */
static char *conclude(const struct cell_rows *cells, size_t count, enum goal goal)
{
    struct runs runs;
    struct conclusion conclusion;
    struct summary summary;
    char *sentences;

    cell_rows_summary(cells, count, &runs, &summary);
    assert_int_equal(conclusion_make(&conclusion, &summary, "default", goal, NULL), 0);
    sentences = strdup(conclusion.sentences);
    assert_non_null(sentences);
    conclusion_free(&conclusion);
    summary_free(&summary);
    runs_free(&runs);
    return sentences;
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Texts that stand in the sentences, and texts that do not; NULL behind the last. */
struct expected {
    const char *present[4], *absent[4];
};

static void expect(const struct cell_rows *cells, size_t count, enum goal goal,
                   const struct expected *expected)
{
    char *sentences = conclude(cells, count, goal);

    for (size_t i = 0; i < 4 && expected->present[i]; i++)
        if (!strstr(sentences, expected->present[i]))
            fail_msg("'%s' is missing in:\n%s", expected->present[i], sentences);
    for (size_t i = 0; i < 4 && expected->absent[i]; i++)
        if (strstr(sentences, expected->absent[i]))
            fail_msg("'%s' is not supported, but stands in:\n%s", expected->absent[i],
                     sentences);
    free(sentences);
}

#define EXPECT(cells, goal, ...) \
    expect(cells, COUNT_OF(cells), goal, &(const struct expected){__VA_ARGS__})

static void test_fastest(void **state)
{
    static const struct cell_rows apart[] = {
        {.strategy = "slow", .level = 10, .cost_s = {0.30, 0.31, 0.32}, .ideal_s = 0.05},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}, .ideal_s = 0.05},
    };
    /* One round of the slower one was as fast as one of the faster one. */
    static const struct cell_rows overlapping[] = {
        {.strategy = "slow", .level = 10, .cost_s = {0.12, 0.31, 0.32}},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}},
    };
    /* Eight against eight: the ranges overlap in one round, and the ranks tell them
     * apart. */
    static const struct cell_rows many[] = {
        {.strategy = "slow",
         .level = 10,
         .cost_s = {0.12, 0.2, 0.21, 0.22, 0.23, 0.24, 0.25, 0.26}},
        {.strategy = "fast",
         .level = 10,
         .cost_s = {0.10, 0.11, 0.11, 0.12, 0.11, 0.11, 0.13, 0.11}},
    };

    (void)state;
    EXPECT(apart, GOAL_time,
           .present = {"Level 10, fastest: fast 110ms; theoretical minimum 50.0ms.",
                       "Slower: slow 2.82 times.",
                       "With 3 rounds, 1 of 10 pairs of equals differs by chance; "
                       "with 5, 1 of 126."},
           {"cannot be told apart", "not enough", "Not enough"});
    EXPECT(
        overlapping, GOAL_time,
        .present = {"Level 10, fastest: fast 110ms, slow 310ms (cannot be told apart)."},
        .absent = {"Slower", "theoretical minimum"});
    EXPECT(many, GOAL_time,
           .present = {"fastest: fast 110ms.", "Slower: slow 2.05 times."},
           .absent = {"cannot be told apart). Lowest", "With 8 rounds"});
}

static void test_rounds(void **state)
{
    static const struct cell_rows two[] = {
        {.strategy = "slow", .level = 10, .cost_s = {0.30, 0.31}},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11}},
    };
    static const struct cell_rows one_short[] = {
        {.strategy = "short", .level = 10, .cost_s = {0.05, 0.05}},
        {.strategy = "slow", .level = 10, .cost_s = {0.30, 0.31, 0.32}},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}},
    };
    /* Measured once, and its own minimum is above the worst round of the best. */
    static const struct cell_rows by_ideal[] = {
        {.strategy = "serial",
         .level = 10,
         .cost_s = {0.51},
         .ideal_s = 0.5,
         .inflight_peak = 1},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}, .ideal_s = 0.05},
    };
    /* The rounds of a reference, which is not ranked, do not count. */
    static const struct cell_rows beside_reference[] = {
        {.strategy = "floor",
         .level = 10,
         .cost_s = {0.01, 0.01, 0.01, 0.01, 0.01},
         .notes = "reference"},
        {.strategy = "slow", .level = 10, .cost_s = {0.51}},
        {.strategy = "fast", .level = 10, .cost_s = {0.10}},
    };
    /* The same without such a minimum: the one round proves nothing. */
    static const struct cell_rows once[] = {
        {.strategy = "serial", .level = 10, .cost_s = {0.51}, .ideal_s = 0.05},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}, .ideal_s = 0.05},
    };
    static const struct cell_rows alone[] = {
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}}};

    (void)state;
    EXPECT(
        two, GOAL_time,
        .present =
            {"Level 10, fastest: not enough rounds: 2 of the 3 that a conclusion needs"},
        .absent = {"Slower", "fast 1", "times"});
    EXPECT(one_short, GOAL_time,
           .present = {"fastest: fast 110ms", "Slower: slow 2.82 times.",
                       "Not enough rounds to place short 50.0ms."},
           .absent = {"cannot be told apart"});
    EXPECT(by_ideal, GOAL_time,
           .present = {"Slower: serial 4.64 times.",
                       "serial: one request at a time, at least 500ms."},
           {"Not enough rounds to place", "With 1 rounds", "pairs of equals"});
    EXPECT(beside_reference, GOAL_time,
           .present = {"not enough rounds: 1 of the 3 that a conclusion needs"},
           .absent = {"5 of the 3"});
    EXPECT(once, GOAL_time, .present = {"Not enough rounds to place serial 510ms."},
           .absent = {"Slower"});
    EXPECT(alone, GOAL_time, .present = {"fast 110ms; no other strategy was ranked."},
           {"Slower"});
}

static void test_not_ranked(void **state)
{
    static const struct cell_rows cells[] = {
        {.strategy = "floor",
         .level = 10,
         .cost_s = {0.01, 0.01, 0.01},
         .notes = "reference"},
        {.strategy = "bound",
         .level = 10,
         .cost_s = {0.02, 0.02, 0.02},
         .notes = "origin-bound"},
        {.strategy = "queue",
         .level = 10,
         .cost_s = {0.03, 0.03, 0.03},
         .notes = "libcurl-queue"},
        {.strategy = "fast", .level = 10, .cost_s = {0.10, 0.11, 0.12}},
    };
    static const struct cell_rows no_cells[] = {
        {.strategy = "none", .level = 10, .cost_s = {0}}};
    static const struct cell_rows nothing[] = {{.strategy = "floor",
                                                .level = 10,
                                                .cost_s = {0.01, 0.01, 0.01},
                                                .notes = "reference"}};

    (void)state;
    EXPECT(cells, GOAL_time,
           .present = {"fastest: fast 110ms; no other strategy was ranked."},
           {"floor", "bound", "queue"});
    EXPECT(
        nothing, GOAL_time,
        .present = {"fastest: nothing can be ranked: each strategy with this figure is a "
                    "reference, or its notes forbid it."},
        .absent = {"floor", "rounds"});
    EXPECT(no_cells, GOAL_time,
           .present = {"No row is valid: there is nothing to conclude."});
}

static void test_goals(void **state)
{
    static const struct cell_rows cells[] = {
        {.strategy = "lean",
         .level = 100,
         .cost_s = {0.30, 0.31, 0.32},
         .memory_kib = 10},
        {.strategy = "fast",
         .level = 100,
         .cost_s = {0.10, 0.11, 0.12},
         .memory_kib = 20},
        {.strategy = "near",
         .level = 100,
         .cost_s = {0.20, 0.21, 0.22},
         .memory_kib = 10.3},
    };

    (void)state;
    EXPECT(cells, GOAL_cpu,
           .present = {"Level 100, least CPU per request: fast 55.0us.",
                       "More CPU: near 1.91 times, lean 2.82 times.",
                       "Fastest: fast 110ms."});
    EXPECT(cells, GOAL_p99,
           .present = {"Level 100, lowest p99 latency: fast 110ms.",
                       "Higher p99 latency: near 1.91 times"});
    /* Read in one round is enough for memory; 3 % are none. */
    EXPECT(cells, GOAL_memory,
           .present = {"Level 100, least memory per request: lean 10.0KiB, near 10.3KiB "
                       "(cannot be told apart).",
                       "More memory: fast 2 times."});
}

/* Counters explain only where they differ by enough, and rounds do not overlap. */
static void test_explanation(void **state)
{
    static const struct cell_rows cells[] = {
        {"fast",
         10,
         {0.10, 0.11, 0.12},
         .threads = 1,
         .processes = 1,
         .switches = 1,
         .faults = 4},
        {"threads",
         10,
         {0.20, 0.21, 0.22},
         .threads = 11,
         .processes = 1,
         .switches = 3,
         .faults = 4},
        {"same",
         10,
         {0.121, 0.122, 0.123},
         .threads = 1,
         .processes = 1,
         .switches = 1,
         .faults = 4},
    };
    static const struct cell_rows from_zero[] = {
        {"fast", 10, {0.10, 0.11, 0.12}, .threads = 1, .processes = 1, .faults = 4},
        {"switching",
         10,
         {0.20, 0.21, 0.22},
         .threads = 1,
         .processes = 1,
         .switches = 3,
         .faults = 4},
    };

    (void)state;
    EXPECT(cells, GOAL_time,
           .present =
               {"threads: 11 threads against 1, 3 context switches per request against 1",
                "same: no counter of its rows explains the difference."},
           .absent = {"page faults", "processes against"});
    EXPECT(from_zero, GOAL_time,
           .present = {"switching: 3 context switches per request against 0"},
           .absent = {"no counter of its rows"});
}

static void test_knee(void **state)
{
    /* From 20 to 40 throughput does not grow; the other one's doubles with the level. */
    static const struct cell_rows cells[] = {
        {.strategy = "bends", .level = 10, .cost_s = {4.0, 4.0, 4.0}},
        {.strategy = "bends", .level = 20, .cost_s = {2.0, 2.0, 2.0}},
        {.strategy = "bends", .level = 40, .cost_s = {1.9, 1.9, 1.9}},
        {.strategy = "grows", .level = 10, .cost_s = {4.0, 4.0, 4.0}},
        {.strategy = "grows", .level = 20, .cost_s = {2.0, 2.1, 2.0}},
        {.strategy = "grows", .level = 40, .cost_s = {1.0, 1.1, 1.0}},
        {.strategy = "noisy", .level = 10, .cost_s = {4.0, 4.0, 4.0}},
        {.strategy = "noisy", .level = 20, .cost_s = {2.0, 2.0, 2.0}},
        {.strategy = "noisy", .level = 40, .cost_s = {1.0, 1.9, 1.9}},
    };
    /* The best one bends: what holds at its knee is said too. */
    static const struct cell_rows best_bends[] = {
        {.strategy = "bends", .level = 10, .cost_s = {4.0, 4.0, 4.0}},
        {.strategy = "bends", .level = 20, .cost_s = {3.9, 3.9, 3.9}},
        {.strategy = "other", .level = 10, .cost_s = {4.5, 4.5, 4.5}},
        {.strategy = "other", .level = 20, .cost_s = {4.4, 4.4, 4.4}},
    };

    (void)state;
    EXPECT(cells, GOAL_time, .present = {"Knee: bends at 20; "},
           {"grows at", "noisy at"});
    EXPECT(best_bends, GOAL_time,
           .present = {"Level 20, fastest: bends 3.90s", "Level 10, fastest: bends 4.00s",
                       "Knee: bends at 10, other at 10; from there to the next level, "
                       "throughput grows less than half as fast as the level."});
}

static void test_failed_requests(void **state)
{
    static const struct cell_rows cells[] = {
        {.strategy = "flaky",
         .level = 10,
         .cost_s = {0.10, 0.11, 0.12},
         .failed = 25,
         .notes = "errors-allowed"},
        {.strategy = "sound", .level = 10, .cost_s = {0.20, 0.21, 0.22}},
    };

    (void)state;
    EXPECT(
        cells, GOAL_time,
        .present = {"fastest: flaky 110ms (2.5% failed).", "Slower: sound 1.91 times."});
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fastest),         cmocka_unit_test(test_rounds),
        cmocka_unit_test(test_not_ranked),      cmocka_unit_test(test_goals),
        cmocka_unit_test(test_explanation),     cmocka_unit_test(test_knee),
        cmocka_unit_test(test_failed_requests),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
