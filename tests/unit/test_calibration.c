/* test_calibration.c - calibration: the measured noise, the thresholds, and the cells
 * that gate. */
#include "analysis/compare/calibrate.h"
#include "tests/support/check.h"
#include "tests/support/paired_runs.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct calibration_goal goal(void)
{
    struct calibration_goal goal = {
        .seconds_a_side = 90, .alpha = 0.01, .threshold = 0.05};

    goal.gates[METRIC_cpu] = goal.gates[METRIC_overhead] = true;
    return goal;
}

/* Adds a cell of a given noise; the seed depends on its name and level. */
static void add(struct runs *runs, const char *strategy, uint64_t level, double noise,
                const char *note)
{
    const struct paired_runs cell = {strategy, level, 60, 1, noise, note};

    paired_runs_add(runs, &cell, level + (uint64_t)strategy[0]);
}

static struct calibration calibrated(struct runs *runs)
{
    const struct calibration_goal wanted = goal();
    struct calibration calibration;
    struct err err = {""};

    paired_runs_rename(runs, "a", "b");
    if (calibration_make(&calibration, runs, &wanted, &err))
        fail_msg("%s", err.text);
    return calibration;
}

static const struct calibration_cell *find(const struct calibration *calibration,
                                           const char *strategy, uint64_t level)
{
    for (size_t i = 0; i < calibration->count; i++)
        if (calibration->cells[i].level == level &&
            !strcmp(calibration->cells[i].strategy, strategy))
            return &calibration->cells[i];
    fail_msg("%s is not there", strategy);
    return NULL;
}

/* Both sides have 5 % of noise, so a ratio has sqrt(2) times as much. */
static void test_noise_is_measured(void **state)
{
    struct runs runs = {0};
    struct calibration calibration;
    const struct calibration_metric *metric;

    (void)state;
    add(&runs, "s", 10, 0.05, NULL);
    calibration = calibrated(&runs);
    metric = &find(&calibration, "s", 10)->metrics[METRIC_cpu];
    assert_true(metric->noise > 0.05 && metric->noise < 0.1);
    /* (2.576 + 2.326)^2 * noise^2 / ln(1.05)^2 */
    assert_true(fabs(metric->rounds - pow(4.9022 * metric->noise / log(1.05), 2)) < 1);
    /* 0.113 s per visit: 796 rounds in 90 s, enough for the smallest threshold, 5 %. */
    assert_int_equal(calibration.rounds, 796);
    assert_true(metric->threshold == 0.05);
    assert_true(isnan(calibration_threshold(&calibration, "s", 11, METRIC_cpu)));
    calibration_free(&calibration);
    runs_free(&runs);
}

static void test_noisy_cells_get_their_threshold(void **state)
{
    struct runs runs = {0};
    struct calibration calibration;

    (void)state;
    add(&runs, "s", 10, 0.4, NULL);
    calibration = calibrated(&runs);
    assert_true(calibration_threshold(&calibration, "s", 10, METRIC_cpu) > 0.05);
    assert_true(calibration_threshold(&calibration, "s", 10, METRIC_cpu) < 0.16);
    calibration_free(&calibration);
    runs_free(&runs);
}

/* The overall figure is less noisy than a cell, by the square root of the number of
 * cells. Its threshold is at least 2 %. */
static void test_overall_noise_and_threshold(void **state)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    struct runs runs = {0};
    struct calibration calibration;

    (void)state;
    for (size_t i = 0; i < 4; i++)
        add(&runs, names[i], 10, 0.3, NULL);
    add(&runs, "hopeless", 1, 3, NULL);
    calibration = calibrated(&runs);
    assert_false(find(&calibration, "hopeless", 1)->gates);
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        const struct calibration_metric *all = &calibration.overall[metric];

        if (!goal().gates[metric]) {
            assert_true(isnan(all->threshold));
            continue;
        }
        /* 0.3 * sqrt(2) / sqrt(4), from 60 rounds */
        assert_true(all->noise > 0.14 && all->noise < 0.29);
        assert_true(all->threshold > 0.02);
        assert_true(all->threshold <
                    find(&calibration, "a", 10)->metrics[metric].threshold);
    }
    calibration_free(&calibration);
    runs_free(&runs);
    add(&runs, "s", 10, 0.02, NULL);
    calibration = calibrated(&runs);
    assert_true(calibration.overall[METRIC_cpu].threshold == 0.02);
    calibration_free(&calibration);
    runs_free(&runs);
}

/* Prefers quiet cells to noisy ones and a cell of every strategy to a second one of
 * another; excludes references, cells with rows that are not valid, and cells beyond the
 * maximum. */
static void test_which_cells_gate(void **state)
{
    struct runs runs = {0};
    struct calibration calibration;
    size_t gating = 0;

    (void)state;
    for (uint64_t level = 1; level <= 9; level++)
        add(&runs, "quiet", level, 0.02 + 0.001 * (double)level, NULL);
    add(&runs, "noisy", 1, 0.2, NULL);
    add(&runs, "hopeless", 1, 3, NULL);
    add(&runs, "known", 1, 0.01, "reference");
    add(&runs, "broken", 1, 0.01, NULL);
    row_set_text(&runs.rows[runs.count - 1], COLUMN_status, "failed");
    calibration = calibrated(&runs);
    for (size_t i = 0; i < calibration.count; i++)
        gating += calibration.cells[i].gates;
    assert_true(gating <= CALIBRATION_GATES_MAX);
    assert_true(gating >= 5);
    assert_true(find(&calibration, "quiet", 1)->gates);
    assert_true(find(&calibration, "noisy", 1)->gates);
    assert_false(find(&calibration, "quiet", 9)->gates);
    assert_false(find(&calibration, "hopeless", 1)->gates);
    assert_false(find(&calibration, "known", 1)->gates);
    assert_false(find(&calibration, "broken", 1)->gates);
    calibration_free(&calibration);
    runs_free(&runs);
}

static void test_every_cell_is_too_noisy(void **state)
{
    const struct calibration_goal wanted = goal();
    struct runs runs = {0};
    struct calibration calibration;
    struct err err = {""};

    (void)state;
    add(&runs, "hopeless", 1, 6, NULL);
    paired_runs_rename(&runs, "a", "b");
    assert_int_equal(calibration_make(&calibration, &runs, &wanted, &err), -1);
    assert_non_null(strstr(err.text, "quiet enough"));
    runs_free(&runs);
}

/* Sets the overhead of some rows; NAN: absent, as with other servers. */
static void set_overhead(struct runs *runs, const char *strategy, double overhead_s)
{
    for (size_t i = 0; i < runs->count; i++)
        if (!strcmp(row_text(&runs->rows[i], COLUMN_strategy), strategy))
            row_set_number(&runs->rows[i], COLUMN_overhead_s, overhead_s);
}

/* A cell that lacks a ratio in one requested metric gates on none; a metric that no cell
 * has is not requested. */
static void test_metrics_without_a_ratio(void **state)
{
    struct runs runs = {0};
    struct calibration calibration;

    (void)state;
    add(&runs, "s", 10, 0.02, NULL);
    add(&runs, "below", 10, 0.02, NULL);
    set_overhead(&runs, "below", -0.001);
    calibration = calibrated(&runs);
    assert_true(find(&calibration, "s", 10)->gates);
    assert_false(find(&calibration, "below", 10)->gates);
    calibration_free(&calibration);
    runs_free(&runs);

    runs = (struct runs){0};
    add(&runs, "s", 10, 0.02, NULL);
    add(&runs, "below", 10, 0.02, NULL);
    set_overhead(&runs, "s", NAN);
    set_overhead(&runs, "below", NAN);
    calibration = calibrated(&runs);
    assert_true(find(&calibration, "s", 10)->gates);
    assert_true(find(&calibration, "below", 10)->gates);
    calibration_free(&calibration);
    runs_free(&runs);
}

static void test_file_round_trip(void **state)
{
    char path[] = "/tmp/bench-calibration-XXXXXX";
    int fd = mkstemp(path);
    struct runs runs = {0};
    struct calibration calibration;
    struct calibration again;
    struct err err = {""};
    FILE *file;

    (void)state;
    assert_true(fd >= 0);
    (void)close(fd);
    add(&runs, "s", 10, 0.4, NULL);
    calibration = calibrated(&runs);
    calibration.conditions.env = json_pack("{s:{s:s}, s:{}}", "machine", "kernel", "6.1",
                                           "bench");
    calibration.conditions.plan = json_pack("{s:s}", "delay", "1s");
    assert_int_equal(calibration_write(&calibration, path, &err), 0);
    assert_int_equal(calibration_read(&again, path, &err), 0);
    assert_int_equal(again.rounds, calibration.rounds);
    assert_int_equal(again.count, 1);
    assert_true(again.cells[0].gates);
    assert_true(fabs(calibration_threshold(&again, "s", 10, METRIC_cpu) -
                     calibration_threshold(&calibration, "s", 10, METRIC_cpu)) < 1e-6);
    /* Memory has no second reading, so its noise stays absent. */
    assert_true(isnan(again.cells[0].metrics[METRIC_memory].noise));
    assert_true(json_equal(again.conditions.plan, calibration.conditions.plan));
    assert_int_equal(json_object_size(again.conditions.env), 1);
    assert_true(json_equal(json_object_get(again.conditions.env, "machine"),
                           json_object_get(calibration.conditions.env, "machine")));
    calibration_free(&again);
    calibration_free(&calibration);
    runs_free(&runs);

    file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("{\"schema\": 99}", file);
    (void)fclose(file);
    assert_int_equal(calibration_read(&again, path, &err), -1);
    assert_non_null(strstr(err.text, "bench calibrate"));
    (void)unlink(path);
    assert_int_equal(calibration_read(&again, path, &err), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise_is_measured),
        cmocka_unit_test(test_noisy_cells_get_their_threshold),
        cmocka_unit_test(test_overall_noise_and_threshold),
        cmocka_unit_test(test_which_cells_gate),
        cmocka_unit_test(test_every_cell_is_too_noisy),
        cmocka_unit_test(test_metrics_without_a_ratio),
        cmocka_unit_test(test_file_round_trip),
    };

    return cmocka_run_group_tests_name("calibration", tests, NULL, NULL);
}
