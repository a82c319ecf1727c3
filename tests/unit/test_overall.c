/* test_overall.c - the overall line: which cells it covers, its error rates, and its part
 * in the outcome. */
#include "analysis/compare/compare.h"
#include "tests/support/check.h"
#include "tests/support/paired_runs.h"
#include "tests/support/sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { CELLS = 8, ROUNDS = 30 };

/* A sweep over eight cells. */
struct synthetic_sweep {
    double ratio;  /* new / base of all cells but the first */
    double first;  /* of the first cell */
    double noise;  /* relative noise of each figure */
    double shared; /* relative noise that all cells of one side share in a round */
    unsigned rounds;
    unsigned disturbed; /* one visit in this number takes three times its time; 0: none */
};

static void scale(struct row *row, double factor)
{
    row_set_number(row, COLUMN_user_s, row_number(row, COLUMN_user_s) * factor);
    row_set_number(row, COLUMN_overhead_s, row_number(row, COLUMN_overhead_s) * factor);
}

/* The rows of a cell are pairs, one pair per round. */
static void share_disturbance(struct runs *runs, const struct synthetic_sweep *sweep,
                              uint64_t seed)
{
    struct random random = {seed};

    for (size_t i = 0; i < 2 * (size_t)sweep->rounds; i++) {
        double factor = exp(sweep->shared * draw_normal(&random));

        for (size_t cell = 0; cell < CELLS; cell++)
            scale(&runs->rows[cell * 2 * sweep->rounds + i], factor);
    }
}

static void disturb_visits(struct runs *runs, unsigned every, uint64_t seed)
{
    struct random random = {~seed};

    for (size_t i = 0; every && i < runs->count; i++)
        if (!random_below(&random, every))
            scale(&runs->rows[i], 3);
}

static void add_sweep(struct runs *runs, const struct synthetic_sweep *sweep,
                      uint64_t seed)
{
    static const char *const names[CELLS] = {"a", "b", "c", "d", "e", "f", "g", "h"};

    for (size_t i = 0; i < CELLS; i++) {
        const struct paired_runs cell = {names[i],      50,
                                         sweep->rounds, i ? sweep->ratio : sweep->first,
                                         sweep->noise,  NULL};

        paired_runs_add(runs, &cell, seed * CELLS + i);
    }
    if (sweep->shared > 0)
        share_disturbance(runs, sweep, seed);
    disturb_visits(runs, sweep->disturbed, seed);
}

static struct comparison compared(const struct synthetic_sweep *sweep, uint64_t seed,
                                  const struct compare_options *options)
{
    struct runs runs = {0};
    struct comparison comparison;

    add_sweep(&runs, sweep, seed);
    comparison = paired_runs_compare(&runs, options);
    runs_free(&runs);
    return comparison; /* its texts are freed */
}

/* -- covered cells ------------------------------------------------------------- */

static const struct compare_item *line_of(const struct comparison *comparison,
                                          enum metric metric)
{
    for (size_t i = 0; i < comparison->overall_count; i++)
        if (comparison->overall[i].metric == metric)
            return &comparison->overall[i];
    fail_msg("there is no overall %s", metrics[metric].name);
    return NULL;
}

static size_t notes_on(const struct comparison *comparison, const char *strategy)
{
    size_t count = 0;

    for (size_t i = 0; i < comparison->problem_count; i++)
        count += comparison->problems[i].kind == COMPARE_NOTED &&
                 !strcmp(comparison->problems[i].strategy, strategy) &&
                 strstr(comparison->problems[i].text, "not in the overall");
    return count;
}

/* Without noise the line is the geometric mean, even if rounds differ. */
static void test_overall_is_the_geometric_mean(void **state)
{
    const struct synthetic_sweep sweep = {.ratio = 0.96, .first = 1.25, .rounds = ROUNDS};
    struct compare_options options = compare_options_default();
    struct comparison comparison = compared(&sweep, 3, &options);
    const struct compare_item *line = line_of(&comparison, METRIC_cpu);

    (void)state;
    assert_int_equal(comparison.overall_count, 2);
    assert_int_equal(line->cells, CELLS);
    assert_int_equal(line->pairs, ROUNDS);
    assert_true(fabs(line->ratio.estimate - pow(1.25 * pow(0.96, 7), 1.0 / 8)) < 1e-9);
    comparison_free(&comparison);
}

/* A cell without a figure above 0 in one round is left out and named. An incomplete last
 * round does not count, nor does a reference. */
static void test_which_cells_are_left_out(void **state)
{
    const struct synthetic_sweep sweep = {1, 1, 0.02, 0, ROUNDS, 0};
    struct compare_options options = compare_options_default();
    struct runs runs = {0};
    struct comparison comparison;

    (void)state;
    add_sweep(&runs, &sweep, 5);
    for (size_t i = 0; i < (size_t)2 * ROUNDS; i++)
        row_set_text(&runs.rows[i], COLUMN_notes, "reference");                /* of a */
    row_set_number(&runs.rows[(size_t)2 * ROUNDS + 7], COLUMN_overhead_s, 0);  /* of b */
    row_set_text(&runs.rows[(size_t)4 * ROUNDS + 9], COLUMN_status, "failed"); /* of c */
    runs.count -= 2; /* the last round of h */
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(line_of(&comparison, METRIC_cpu)->cells, CELLS - 2);
    assert_int_equal(line_of(&comparison, METRIC_cpu)->pairs, ROUNDS - 1);
    assert_int_equal(line_of(&comparison, METRIC_overhead)->cells, CELLS - 3);
    assert_int_equal(notes_on(&comparison, "a"), 0);
    assert_int_equal(notes_on(&comparison, "b"), 1);
    assert_int_equal(notes_on(&comparison, "c"), 2);
    assert_int_equal(notes_on(&comparison, "h"), 0);
    comparison_free(&comparison);
    runs.count += 2;
    runs_free(&runs);
}

/* With no cell left there is no verdict, and nothing is cleared. */
static void test_no_cell_left(void **state)
{
    const struct synthetic_sweep sweep = {1, 1, 0.001, 0, ROUNDS, 0};
    struct compare_options options = compare_options_default();
    struct runs runs = {0};
    struct comparison comparison;

    (void)state;
    add_sweep(&runs, &sweep, 5);
    for (size_t cell = 0; cell < CELLS; cell++)
        row_set_number(&runs.rows[cell * 2 * ROUNDS], COLUMN_overhead_s, -0.0001);
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(line_of(&comparison, METRIC_overhead)->verdict, COMPARE_CANNOT_TELL);
    assert_non_null(strstr(line_of(&comparison, METRIC_overhead)->reason, "no cell has"));
    assert_int_equal(line_of(&comparison, METRIC_cpu)->verdict, COMPARE_SAME);
    assert_int_equal(compare_outcome(&comparison), COMPARE_UNDECIDED);
    comparison_free(&comparison);
    runs_free(&runs);
}

/* One memory probe for all rounds is one reading, also over all cells together. */
static void test_one_reading_is_not_many(void **state)
{
    const struct synthetic_sweep sweep = {1, 1, 0.02, 0, ROUNDS, 0};
    struct compare_options options = compare_options_default();
    struct runs runs = {0};
    struct comparison comparison;

    (void)state;
    options.gates[METRIC_memory] = true;
    options.gates_by_default = false;
    add_sweep(&runs, &sweep, 5);
    for (size_t i = 1; i < runs.count; i += 2)
        row_set_count(&runs.rows[i], COLUMN_peak_pss_bytes, 2000000);
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(line_of(&comparison, METRIC_memory)->cells, 0);
    assert_int_equal(line_of(&comparison, METRIC_memory)->verdict, COMPARE_CANNOT_TELL);
    comparison_free(&comparison);
    runs_free(&runs);
}

static void test_thresholds(void **state)
{
    const struct synthetic_sweep sweep = {1.025, 1.025, 0.002, 0, ROUNDS, 0};
    struct compare_options options = compare_options_default();
    struct calibration calibration = {0};
    struct comparison comparison = compared(&sweep, 3, &options);

    (void)state;
    assert_true(line_of(&comparison, METRIC_cpu)->threshold == 0.03);
    assert_int_equal(compare_outcome(&comparison), COMPARE_CLEAR);
    comparison_free(&comparison);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        calibration.overall[metric].threshold = NAN;
    calibration.overall[METRIC_cpu].threshold = 0.02;
    options.calibration = &calibration;
    comparison = compared(&sweep, 3, &options);
    assert_true(line_of(&comparison, METRIC_cpu)->threshold == 0.02);
    assert_true(line_of(&comparison, METRIC_overhead)->threshold == 0.03);
    assert_int_equal(line_of(&comparison, METRIC_cpu)->verdict, COMPARE_SLOWER);
    assert_int_equal(compare_outcome(&comparison), COMPARE_REGRESSION);
    comparison_free(&comparison);
    options.overall_threshold = 0.04; /* as given by the user */
    comparison = compared(&sweep, 3, &options);
    assert_true(line_of(&comparison, METRIC_cpu)->threshold == 0.04);
    assert_int_equal(compare_outcome(&comparison), COMPARE_CLEAR);
    comparison_free(&comparison);
}

/* -- the outcome --------------------------------------------------------------- */

/* Each cell alone is too noisy for a verdict, all together are not. With by_cells the
 * overall line is ignored. */
static void test_noisy_cells_are_cleared_together(void **state)
{
    const struct synthetic_sweep sweep = {1, 1, 0.09, 0, ROUNDS, 0};
    struct compare_options options = compare_options_default();
    struct comparison comparison = compared(&sweep, 1, &options);

    (void)state;
    assert_true(compare_count(&comparison, COMPARE_CANNOT_TELL) > 0);
    assert_int_equal(compare_hiding_count(&comparison), 0);
    assert_int_equal(compare_outcome(&comparison), COMPARE_CLEAR);
    assert_true(compare_is_decided(&comparison));
    comparison_free(&comparison);
    options.by_cells = true;
    comparison = compared(&sweep, 1, &options);
    assert_int_equal(comparison.overall_count, 0);
    assert_int_equal(compare_outcome(&comparison), COMPARE_UNDECIDED);
    assert_false(compare_is_decided(&comparison));
    comparison_free(&comparison);
}

/* Shares of many sweeps: with an outcome, and with the true ratio inside the interval of
 * the overall CPU. */
struct tries {
    double outcomes[COMPARE_OUTCOME_COUNT];
    double covered;
};

enum { TRIES = 200 };

static struct tries tried(const struct synthetic_sweep *sweep, double truth)
{
    struct compare_options options = compare_options_default();
    struct tries tries = {0};

    for (uint64_t seed = 1; seed <= TRIES; seed++) {
        struct comparison comparison = compared(sweep, seed * 7919, &options);
        const struct compare_item *line = line_of(&comparison, METRIC_cpu);

        tries.outcomes[compare_outcome(&comparison)] += 1.0 / TRIES;
        if (line->ratio.low <= truth && truth <= line->ratio.high)
            tries.covered += 1.0 / TRIES;
        comparison_free(&comparison);
    }
    return tries;
}

/* At 97.5 %, five of 200 intervals miss, at most 12 with a probability of 0.998. Noise
 * that all cells of a round share counts as one sample. */
static void test_coverage(void **state)
{
    static const struct synthetic_sweep sweeps[] = {
        {1, 1, 0.05, 0, ROUNDS, 0},      {1, 1, 0.01, 0.05, ROUNDS, 0},
        {1.05, 1.05, 0.02, 0.02, 15, 0}, {1.05, 1.05, 0.1, 0, 15, 20},
        {1, 1, 0.1, 0.02, ROUNDS, 20},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(sweeps) / sizeof(sweeps[0]); i++) {
        struct tries tries = tried(&sweeps[i], sweeps[i].ratio);

        if (tries.covered < 0.94)
            fail_msg("sweep %zu: the true ratio was in %g of the intervals", i,
                     tries.covered);
    }
}

/* Equal sides are never called slower, even if rounds differ; with little noise they are
 * cleared. */
static void test_equal_sides(void **state)
{
    static const struct synthetic_sweep quiet = {1, 1, 0.02, 0, ROUNDS, 0};
    static const struct synthetic_sweep noisy = {1, 1, 0.3, 0, ROUNDS, 0};
    static const struct synthetic_sweep disturbed = {1, 1, 0.02, 0.2, ROUNDS, 0};
    struct tries tries = tried(&quiet, 1);

    (void)state;
    assert_true(tries.outcomes[COMPARE_REGRESSION] == 0);
    assert_true(tries.outcomes[COMPARE_CLEAR] > 0.98);
    tries = tried(&noisy, 1);
    assert_true(tries.outcomes[COMPARE_REGRESSION] <= 0.025);
    tries = tried(&disturbed, 1);
    assert_true(tries.outcomes[COMPARE_REGRESSION] <= 0.025);
}

/* A regression that no cell shows alone shows in all of them together. */
static void test_small_regression_in_every_cell(void **state)
{
    static const struct synthetic_sweep sweep = {1.05, 1.05, 0.03, 0, ROUNDS, 0};
    struct tries tries = tried(&sweep, 1.05);

    (void)state;
    assert_true(tries.outcomes[COMPARE_REGRESSION] > 0.9);
    assert_true(tries.outcomes[COMPARE_CLEAR] == 0);
}

/* A few visits that take three times their time decide nothing: of eight cells every
 * second round has one. */
static void test_disturbed_visits(void **state)
{
    static const struct synthetic_sweep equal = {1, 1, 0.05, 0, ROUNDS, 20};
    static const struct synthetic_sweep slower = {1.1, 1.1, 0.05, 0, ROUNDS, 20};
    struct tries tries = tried(&equal, 1);

    (void)state;
    assert_true(tries.outcomes[COMPARE_REGRESSION] <= 0.025);
    assert_true(tries.outcomes[COMPARE_CLEAR] > 0.5);
    tries = tried(&slower, 1.1);
    assert_true(tries.outcomes[COMPARE_REGRESSION] > 0.9);
    assert_true(tries.outcomes[COMPARE_CLEAR] == 0);
}

/* One cell is much slower and the others a little faster: the mean looks equal and must
 * not clear it. */
static void test_one_large_regression_is_not_hidden(void **state)
{
    static const double noises[] = {0.02, 0.05, 0.1, 0.2};

    (void)state;
    for (size_t i = 0; i < sizeof(noises) / sizeof(noises[0]); i++) {
        const struct synthetic_sweep sweep = {0.96, 1.25, noises[i], 0, ROUNDS, 0};
        struct tries tries = tried(&sweep, pow(1.25 * pow(0.96, 7), 1.0 / 8));

        if (tries.outcomes[COMPARE_CLEAR] > 0.025) /* by the bound of one interval */
            fail_msg("noise %g: %g of the sweeps were cleared", noises[i],
                     tries.outcomes[COMPARE_CLEAR]);
        if (i == 0)
            assert_true(tries.outcomes[COMPARE_REGRESSION] > 0.99);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_overall_is_the_geometric_mean),
        cmocka_unit_test(test_which_cells_are_left_out),
        cmocka_unit_test(test_no_cell_left),
        cmocka_unit_test(test_one_reading_is_not_many),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_noisy_cells_are_cleared_together),
        cmocka_unit_test(test_coverage),
        cmocka_unit_test(test_equal_sides),
        cmocka_unit_test(test_small_regression_in_every_cell),
        cmocka_unit_test(test_disturbed_visits),
        cmocka_unit_test(test_one_large_regression_is_not_hidden),
    };

    return cmocka_run_group_tests_name("overall", tests, NULL, NULL);
}
