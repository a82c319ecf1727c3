/* test_sweep.c - from a plan to rows, with synthetic measurements: the cells visited,
 * every column, and the ends of a sweep. */
#include "analysis/rows/words.h"
#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- rows ---------------------------------------------------------------------- */

/* A sweep of synthetic cells must equal tests/golden/runs.csv, to the last digit. */
static void test_golden(void **state)
{
    struct plan plan = recorded_sweep_plan("1,10,200");
    struct recorded_sweep recorded = {.runs = {0}};
    struct sweep_tally tally;
    char *text = NULL;
    char *golden = NULL;
    size_t size = 0;
    FILE *file;

    (void)state;
    plan.rounds = 2;
    plan.max_cell_ns = 8 * CLOCK_NS_PER_S; /* serial at level 200 takes 10 s */
    mock_open(&recorded.mock, &plan);
    recorded.csv = open_memstream(&text, &size);
    assert_int_equal(row_write_header(recorded.csv, NULL), 0);
    assert_int_equal(record_sweep(&recorded, &plan, &no_limits, &tally, NULL), 0);
    (void)fclose(recorded.csv);
    assert_int_equal(tally.statuses[STATUS_VALID], 10);
    assert_int_equal(tally.statuses[STATUS_SKIPPED], 1);
    assert_int_equal(recorded.begun, 10);
    if (getenv("BENCH_WRITE_GOLDEN")) {
        file = fopen(TESTS_DIR "/golden/runs.csv", "w");
        assert_non_null(file);
        (void)fputs(text, file);
        (void)fclose(file);
    }
    file = fopen(TESTS_DIR "/golden/runs.csv", "r");
    assert_non_null(file);
    size = 0;
    assert_true(getdelim(&golden, &size, '\0', file) > 0);
    (void)fclose(file);
    assert_string_equal(text, golden);
    free(golden);
    free(text);
    runs_free(&recorded.runs);
    mock_close(&recorded.mock);
}

static void test_warm_up_is_not_recorded(void **state)
{
    struct plan plan = recorded_sweep_plan("1,3");
    struct recorded_sweep recorded = {.runs = {0}};
    struct sweep_tally tally;

    (void)state;
    plan.warmup_rounds = 2;
    mock_open(&recorded.mock, &plan);
    assert_int_equal(record_sweep(&recorded, &plan, &no_limits, &tally, NULL), 0);
    assert_int_equal(recorded.begun, 12);
    assert_int_equal(recorded.runs.count, 4);
    assert_int_equal(tally.statuses[STATUS_VALID], 4);
    runs_free(&recorded.runs);
    mock_close(&recorded.mock);
}

static void test_infeasible_cells_are_rows(void **state)
{
    static const struct machine_limits few = {.descriptors = 200};
    struct plan plan = recorded_sweep_plan("100,300");
    struct recorded_sweep recorded = {.runs = {0}};
    struct sweep_tally tally;

    (void)state;
    plan.strategies[0] = &mock_parallel;
    plan.strategy_count = 1;
    plan.rounds = 3;
    plan.shuffled = false;
    mock_open(&recorded.mock, &plan);
    /* The origin needs a descriptor per client, even if the strategy needs fewer. */
    assert_int_equal(record_sweep(&recorded, &plan, &few, &tally, NULL), 0);
    assert_int_equal(tally.statuses[STATUS_VALID], 3);
    assert_int_equal(tally.statuses[STATUS_INFEASIBLE], 1); /* one row instead of three */
    assert_string_equal(row_text(&recorded.runs.rows[1], COLUMN_status), "infeasible");
    assert_non_null(strstr(row_text(&recorded.runs.rows[1], COLUMN_reason), "ulimit -n"));
    assert_false(recorded.runs.rows[1].fields[COLUMN_position].present);
    assert_false(recorded.runs.rows[1].fields[COLUMN_cost_s].present);
    runs_free(&recorded.runs);
    mock_close(&recorded.mock);
}

static void test_sink_failure_ends_the_sweep(void **state)
{
    struct plan plan = recorded_sweep_plan("1,3,5");
    struct recorded_sweep recorded = {.rows_until_failure = 2};
    struct sweep_tally tally;
    struct err err = {""};

    (void)state;
    mock_open(&recorded.mock, &plan);
    assert_int_equal(record_sweep(&recorded, &plan, &no_limits, &tally, &err), -1);
    assert_string_equal(err.text, "the disk is full");
    assert_int_equal(recorded.begun, 2);
    runs_free(&recorded.runs);
    mock_close(&recorded.mock);
}

static void interrupt(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->end = CELL_INTERRUPTED;
}

static void test_interruption_ends_the_sweep(void **state)
{
    struct plan plan = recorded_sweep_plan("1,3,5");
    struct recorded_sweep recorded = {.runs = {0}};
    struct sweep_tally tally;

    (void)state;
    mock_open(&recorded.mock, &plan);
    recorded.mock.alter = interrupt;
    recorded.mock.alter_after = 4;
    assert_int_equal(record_sweep(&recorded, &plan, &no_limits, &tally, NULL), 0);
    assert_true(tally.interrupted);
    assert_int_equal(recorded.begun, 5);
    assert_int_equal(recorded.runs.count, 4); /* the interrupted cell leaves no row */
    runs_free(&recorded.runs);
    mock_close(&recorded.mock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_warm_up_is_not_recorded),
        cmocka_unit_test(test_infeasible_cells_are_rows),
        cmocka_unit_test(test_sink_failure_ends_the_sweep),
        cmocka_unit_test(test_interruption_ends_the_sweep),
    };

    return cmocka_run_group_tests_name("sweep", tests, NULL, NULL);
}
