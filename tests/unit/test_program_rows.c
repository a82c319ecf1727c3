/* test_program_rows.c - the row of a program from outside: its mistakes, the figures that
 * it does not report, and those that it has. */
#include <string.h>

#include "analysis/report/summary.h"
#include "base/clock.h"
#include "harness/cell/report_check.h"
#include "harness/plan/plan_fields.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

#define GO_NS (1000 * CLOCK_NS_PER_S - CLOCK_NS_PER_MS)

#define TIMEOUTS \
    "the kernel counted 0 listen overflows, 0 listen drops and 2 TCP timeouts meanwhile"

static void tell_as_programs_do(struct measurement *measurement, unsigned unknown)
{
    for (size_t i = 0; i < measurement->result_count; i++) {
        struct fetch_result *result = &mock_results(measurement)[i];

        result->unknown = (uint16_t)(FETCH_UNKNOWN_PHASES | unknown);
        result->has_origin_delay = 0;
        result->origin_delay_us = 0;
        result->first_byte_ns = 0;
        result->connections = 0;
        result->encoded_bytes = result->body_bytes;
    }
    measurement->report.start_ns = 250 * CLOCK_NS_PER_MS;
    measurement->report.setup_ns = 0;
    measurement->report.go_ns = GO_NS;
}

static void good(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, 0);
}

static void fetches_before_go(struct mock *mock, struct measurement *measurement)
{
    tell_as_programs_do(measurement, FETCH_UNKNOWN_STAMPS);
    mock->origin->arrivals_ns[0] = GO_NS - CLOCK_NS_PER_MS;
}

static void connects_before_go(struct mock *mock, struct measurement *measurement)
{
    tell_as_programs_do(measurement, 0);
    mock->origin->first_client_ns = GO_NS - CLOCK_NS_PER_MS;
}

static void holds_more(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *result = &mock_results(measurement)[10];

    (void)mock;
    tell_as_programs_do(measurement, 0);
    result->begin_ns = result->start_ns = mock_results(measurement)[0].begin_ns;
}

static void origin_holds_more(struct mock *mock, struct measurement *measurement)
{
    tell_as_programs_do(measurement, FETCH_UNKNOWN_STAMPS);
    mock->origin->in_flight_peak = 11;
}

/* One at a time. */
static void holds_less(struct mock *mock, struct measurement *measurement)
{
    uint64_t first_ns = mock_results(measurement)[0].begin_ns;

    tell_as_programs_do(measurement, 0);
    for (size_t i = 0; i < measurement->result_count; i++) {
        struct fetch_result *result = &mock_results(measurement)[i];

        result->begin_ns = result->start_ns = first_ns + i * 52 * CLOCK_NS_PER_MS;
        result->end_ns = result->begin_ns + 51 * CLOCK_NS_PER_MS;
        mock->origin->arrivals_ns[i] = result->begin_ns + CLOCK_NS_PER_US;
    }
    mock->origin->in_flight_peak = 1;
    measurement->report.run_ns = 20ull * 52 * CLOCK_NS_PER_MS;
}

static void is_too_fast(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, 0);
    mock_results(measurement)[3].end_ns = mock_results(measurement)[3].begin_ns +
                                          49 * CLOCK_NS_PER_MS;
}

static void opens_too_few(struct mock *mock, struct measurement *measurement)
{
    tell_as_programs_do(measurement, 0);
    mock->origin->connections = 4;
}

static void reads_too_little(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, 0);
    mock_results(measurement)[3].body_bytes--;
}

static void tells_no_length(struct mock *mock, struct measurement *measurement)
{
    reads_too_little(mock, measurement);
    tell_as_programs_do(measurement, FETCH_UNKNOWN_LENGTH | FETCH_UNKNOWN_CRC32);
}

static void tells_no_crc32(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, FETCH_UNKNOWN_CRC32);
}

static void tells_no_status(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, FETCH_UNKNOWN_STATUS);
}

static void tells_no_stamps(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, FETCH_UNKNOWN_STAMPS);
}

static void reports_an_error(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, 0);
    mock_results(measurement)[0].outcome = FETCH_TIMED_OUT;
    mock_results(measurement)[0].cause = FETCH_CAUSE_TOLD;
    (void)snprintf(measurement->report.told, sizeof(measurement->report.told),
                   "timeout: x");
}

/* -- TCP timeouts: the two waves of the mock take 102 ms -- */

static void times_out_unseen(struct mock *mock, struct measurement *measurement)
{
    tells_no_stamps(mock, measurement);
    measurement->kernel.tcp_timeouts = 2;
    measurement->report.run_ns = 200 * CLOCK_NS_PER_MS;
}

static void one_timeout_is_untold(struct mock *mock, struct measurement *measurement)
{
    times_out_unseen(mock, measurement);
    tell_as_programs_do(measurement, 0);
    mock_results(measurement)[3].unknown |= FETCH_UNKNOWN_STAMPS;
}

static void is_slow_and_times_out(struct mock *mock, struct measurement *measurement)
{
    times_out_unseen(mock, measurement);
    tell_as_programs_do(measurement, 0);
    mock_results(measurement)[19].end_ns += 150 * CLOCK_NS_PER_MS;
    measurement->report.run_ns += 100 * CLOCK_NS_PER_MS;
}

static void cannot_have_timed_out(struct mock *mock, struct measurement *measurement)
{
    times_out_unseen(mock, measurement);
    tell_as_programs_do(measurement, 0);
}

static void is_too_short_for_a_timeout(struct mock *mock, struct measurement *measurement)
{
    tells_no_stamps(mock, measurement);
    measurement->kernel.tcp_timeouts = 2;
}

/* A plan whose program behaves as mock_parallel. */
static struct plan program_plan(void)
{
    struct plan plan = plan_defaults();
    struct strategy *strategy;

    assert_int_equal(plan_set(&plan, "program", "p=./p", NULL), 0);
    assert_int_equal(plan_set(&plan, "strategy", "p", NULL), 0);
    assert_int_equal(levels_parse(&plan.levels, &levels_kind, "10", NULL), 0);
    strategy = &plan.outside.items[0]->strategy;
    strategy->open = mock_parallel.open;
    strategy->run = mock_parallel.run;
    strategy->close = mock_parallel.close;
    plan.rounds = 1;
    plan.requests = 20;
    return plan;
}

static void test_rows(void **state)
{
    static const struct {
        void (*alter)(struct mock *, struct measurement *);
        const char *status, *reason, *notes;
    } cases[] = {
        {good, "valid", "", ""},
        {fetches_before_go, "invalid",
         "a request reached the origin 0.001000 s before 'go'", ""},
        {holds_more, "invalid", "11 fetches were in flight; the level allows 10", ""},
        {origin_holds_more, "invalid", "11 fetches were in flight; the level allows 10",
         ""},
        {holds_less, "valid", "", "level-not-held"},
        {is_too_fast, "invalid", "1 requests took less time than the delays asked for",
         ""},
        {opens_too_few, "invalid",
         "4 connections for 20 requests: fresh connections need one per request", ""},
        {reads_too_little, "invalid",
         "the client received 80189 bytes of bodies, the origin sent 80190", ""},
        {tells_no_length, "valid", "", "no-length"},
        {tells_no_crc32, "valid", "", "length-only"},
        {tells_no_status, "valid", "", "no-status"},
        {tells_no_stamps, "valid", "", "no-stamps"},
        {connects_before_go, "valid", "", "start-excluded"},
        {reports_an_error, "failed",
         "1 of 20 requests failed (timed_out 1); the first was http://mock/: timeout: x",
         ""},
        {times_out_unseen, "invalid", TIMEOUTS, ""},
        {one_timeout_is_untold, "invalid", TIMEOUTS, ""},
        {is_slow_and_times_out, "invalid", TIMEOUTS, ""},
        {cannot_have_timed_out, "valid", "", "foreign-timeouts"},
        {is_too_short_for_a_timeout, "valid", "", "no-stamps foreign-timeouts"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = program_plan();
        struct recorded_sweep recorded;
        struct row row = record_altered(&recorded, &plan, cases[i].alter);

        assert_string_equal(row_text(&row, COLUMN_reason), cases[i].reason);
        assert_string_equal(row_text(&row, COLUMN_status), cases[i].status);
        assert_string_equal(row_text(&row, COLUMN_notes), cases[i].notes);
        runs_free(&recorded.runs);
        plan_free(&plan);
    }
}

static void one_fails(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    tell_as_programs_do(measurement, 0);
    mock_results(measurement)[0].outcome = FETCH_IO_FAILED;
    mock_results(measurement)[0].cause = FETCH_CAUSE_TOLD;
}

static void one_fails_and_one_is_fast(struct mock *mock, struct measurement *measurement)
{
    one_fails(mock, measurement);
    is_too_fast(mock, measurement);
    mock_results(measurement)[0].outcome = FETCH_IO_FAILED;
}

/* The failed fetch may be the one that waited. */
static void one_fails_and_times_out(struct mock *mock, struct measurement *measurement)
{
    one_fails(mock, measurement);
    measurement->kernel.tcp_timeouts = 2;
    measurement->report.run_ns = 200 * CLOCK_NS_PER_MS;
}

/* Its good fetches are still compared with the delays. */
static void test_allowed_errors(void **state)
{
    static const struct {
        void (*alter)(struct mock *, struct measurement *);
        const char *status, *reason;
    } cases[] = {
        {one_fails, "valid", ""},
        {one_fails_and_one_is_fast, "invalid",
         "1 requests took less time than the delays asked for"},
        {one_fails_and_times_out, "invalid", TIMEOUTS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = program_plan();
        struct recorded_sweep recorded;
        struct row row;

        plan.allowed_errors = 0.1;
        row = record_altered(&recorded, &plan, cases[i].alter);
        assert_string_equal(row_text(&row, COLUMN_reason), cases[i].reason);
        assert_string_equal(row_text(&row, COLUMN_status), cases[i].status);
        runs_free(&recorded.runs);
        plan_free(&plan);
    }
}

static void test_figures(void **state)
{
    struct plan plan = program_plan();
    struct recorded_sweep recorded;
    struct row row = record_altered(&recorded, &plan, good);

    (void)state;
    assert_true(row_number(&row, COLUMN_start_s) == 0.25);
    assert_true(row_number(&row, COLUMN_cost_s) == row_number(&row, COLUMN_run_s));
    assert_false(row.fields[COLUMN_setup_s].present);
    assert_false(row.fields[COLUMN_teardown_s].present);
    assert_false(row.fields[COLUMN_encoded_bytes].present);
    assert_false(row.fields[COLUMN_ttfb_p50_us].present);
    assert_false(row.fields[COLUMN_queue_p50_us].present);
    assert_true(row.fields[COLUMN_latency_p50_us].present);
    assert_int_equal(row_count(&row, COLUMN_connections), 20);
    runs_free(&recorded.runs);
    row = record_altered(&recorded, &plan, tells_no_stamps);
    assert_false(row.fields[COLUMN_latency_p50_us].present);
    assert_int_equal(row_count(&row, COLUMN_inflight_peak), 10);
    runs_free(&recorded.runs);
    plan_free(&plan);
}

/* Beside a program the setup of other strategies is left out, and only then. */
static void test_run_time(void **state)
{
    (void)state;
    for (int with_program = 0; with_program < 2; with_program++) {
        struct plan plan = program_plan();
        struct recorded_sweep recorded;
        struct recorded_sweep other;
        struct summary summary;
        struct row row = record_altered(&recorded, &plan, good);
        struct row own;

        plan.strategies[0] = &mock_parallel;
        own = record_altered(&other, &plan, NULL);
        if (with_program)
            assert_int_equal(runs_add(&other.runs, &row, NULL), 0);
        assert_int_equal(summary_make(&summary, &other.runs, NULL, NULL), 0);
        assert_int_equal(summary.run_times, with_program);
        assert_string_equal(summary.cells[0].strategy, "mock-parallel");
        assert_true(summary.cells[0].spreads[METRIC_cost].median ==
                    row_number(&own, with_program ? COLUMN_run_s : COLUMN_cost_s));
        assert_true(
            summary.cells[0].spreads[METRIC_overhead].median ==
            row_number(&own, with_program ? COLUMN_run_overhead_s : COLUMN_overhead_s));
        summary_free(&summary);
        runs_free(&recorded.runs);
        runs_free(&other.runs);
        plan_free(&plan);
    }
}

/* A program's slot may say that it was unfinished without a begin, and nothing else. */
static void test_never_begun(void **state)
{
    const struct cell_bounds bounds = {.begin_ns = 1, .end_ns = 2, .last_due_ns = 2};
    struct fetch_result results[] = {
        {.outcome = FETCH_UNFINISHED, .unknown = FETCH_UNKNOWN_PHASES},
        {.outcome = FETCH_TIMED_OUT, .unknown = FETCH_UNKNOWN_PHASES}};

    (void)state;
    assert_int_equal(results_check(results, 1, &bounds, NULL), 0);
    assert_int_equal(results[0].outcome, FETCH_UNFINISHED);
    assert_int_equal(results_check(results, 2, &bounds, NULL), -1);
    assert_int_equal(results[1].outcome, FETCH_LOST);
}

/* Begun, and ended, before it was due, by a strategy that did not wait. */
static void test_begun_too_early(void **state)
{
    const struct cell_bounds bounds = {.begin_ns = 1, .end_ns = 4, .last_due_ns = 9};
    struct fetch_result results[] = {
        {.begin_ns = 9, .start_ns = 2, .end_ns = 3, .outcome = FETCH_OK},
        {.begin_ns = 10, .start_ns = 2, .end_ns = 3, .outcome = FETCH_OK}};

    (void)state;
    assert_int_equal(results_check(results, 1, &bounds, NULL), 0);
    assert_int_equal(results[0].begin_ns, 2);
    assert_int_equal(results_check(results, 2, &bounds, NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),        cmocka_unit_test(test_allowed_errors),
        cmocka_unit_test(test_figures),     cmocka_unit_test(test_run_time),
        cmocka_unit_test(test_never_begun), cmocka_unit_test(test_begun_too_early),
    };

    return cmocka_run_group_tests_name("program_rows", tests, NULL, NULL);
}
