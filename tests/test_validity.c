/* test_validity.c - every check can fail: made-up measurements with one thing wrong. */
#include "base/clock.h"
#include "results/words.h"
#include "tests/check.h"
#include "tests/collect.h"

#include <string.h>

static void one_is_lost(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[3].outcome = FETCH_LOST;
    mock_results(measurement)[3].end_ns = 0;
}

static void one_has_a_bad_body(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[5].outcome = FETCH_BAD_BODY;
}

static void one_times_out(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[0].outcome = FETCH_TIMED_OUT;
    mock_results(measurement)[0].curl_code = 28;
    mock_results(measurement)[9].outcome = FETCH_IO_FAILED;
}

static void origin_was_asked_once_more(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->requests++;
}

static void origin_answered_one_less(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->responses--;
}

static void origin_rejected_one(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->rejected++;
}

static void one_is_early(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *result = &mock_results(measurement)[2];

    (void)mock;
    /* By two microseconds; one would be the rounding of the stamp. */
    result->end_ns = result->start_ns +
                     (result->origin_delay_us - 2ull) * CLOCK_NS_PER_US;
}

static void run_beats_the_ideal(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->report.run_ns = 50 * CLOCK_NS_PER_MS - 1000;
}

static void origin_accepted_one_more(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->connections++;
}

static void one_was_reused(struct mock *mock, struct measurement *measurement)
{
    mock_results(measurement)[4].connections = 0;
    mock->origin->connections--;
}

static void listen_queue_overflowed(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.listen_overflows = 1;
}

static void connection_was_dropped(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.listen_drops = 1;
}

static void tcp_timed_out(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.tcp_timeouts = 2;
}

static void client_never_filled_the_level(struct mock *mock,
                                          struct measurement *measurement)
{
    struct fetch_result *results = mock_results(measurement);

    (void)mock;
    results[9].begin_ns = results[0].end_ns;
    results[9].start_ns = results[9].begin_ns;
    results[9].end_ns += 60 * CLOCK_NS_PER_MS;
}

static void origin_never_saw_the_level(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->in_flight_peak--;
}

static void origin_saw_too_many(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->in_flight_peak++;
}

static void one_waits_for_another(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->arrivals_ns[9] = mock->origin->arrivals_ns[0] + 50 * CLOCK_NS_PER_MS;
    mock->origin->in_flight_peak = 1;
}

static void machinery_failed(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->report.failed = true;
    (void)err_set(&measurement->report.failure, "worker 3 of 10 was killed");
}

static void cell_crashed(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->end = CELL_CRASHED;
    measurement->report.stage = CELL_OPENED;
    (void)err_set(&measurement->end_text, "the cell's process was killed by signal 11");
}

static void cell_hung(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->end = CELL_HUNG;
    measurement->report.stage = CELL_STARTED;
    (void)err_set(&measurement->end_text, "the cell's process did not end in time");
}

static void origin_crashed(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    (void)err_set(&measurement->origin_failure, "the origin was killed by signal 9");
}

static const struct {
    void (*spoil)(struct mock *mock, struct measurement *measurement);
    enum row_status status;
    const char *words;
} faults[] = {
    {one_is_lost, STATUS_FAILED,
     "1 of 10 requests failed (lost 1); the first was http://mock/"},
    {one_has_a_bad_body, STATUS_FAILED, "(bad_body 1)"},
    {one_times_out, STATUS_FAILED, "2 of 10 requests failed (timed_out 1, io_failed 1)"},
    {origin_was_asked_once_more, STATUS_INVALID, "the origin was asked 11 times"},
    {origin_answered_one_less, STATUS_INVALID, "answered 9"},
    {origin_rejected_one, STATUS_INVALID, "rejected 1"},
    {one_is_early, STATUS_INVALID, "1 responses came before the delay"},
    {run_beats_the_ideal, STATUS_INVALID, "below the ideal"},
    {origin_accepted_one_more, STATUS_INVALID,
     "opened 10 connections, the origin accepted 11"},
    {one_was_reused, STATUS_INVALID, "9 connections for 10 requests"},
    {listen_queue_overflowed, STATUS_INVALID, "1 listen overflows"},
    {connection_was_dropped, STATUS_INVALID, "1 listen drops"},
    {tcp_timed_out, STATUS_INVALID, "2 TCP time-outs"},
    {client_never_filled_the_level, STATUS_INVALID, "9 fetches were in flight"},
    {origin_never_saw_the_level, STATUS_INVALID, "the origin had 9 requests"},
    {origin_saw_too_many, STATUS_INVALID, "the origin had 11 requests"},
    {one_waits_for_another, STATUS_INVALID, "the level was never in flight"},
    {machinery_failed, STATUS_FAILED, "worker 3 of 10 was killed"},
    {cell_crashed, STATUS_FAILED, "killed by signal 11"},
    {cell_hung, STATUS_FAILED, "did not end in time"},
    {origin_crashed, STATUS_FAILED, "the origin was killed"},
};

/* The one row of a spoilt cell at level 10. */
static struct row spoilt_row(struct collected *collected, struct plan *plan,
                             void (*spoil)(struct mock *, struct measurement *))
{
    struct sweep_tally tally;

    plan->strategies[0] = &mock_parallel;
    plan->strategy_count = 1;
    *collected = (struct collected){.runs = {0}};
    mock_open(&collected->mock, plan);
    collected->mock.spoil = spoil;
    assert_int_equal(collect(collected, plan, &collect_no_limits, &tally, NULL), 0);
    assert_int_equal(collected->runs.count, 1);
    mock_close(&collected->mock);
    return collected->runs.rows[0];
}

static void test_every_check_can_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct plan plan = collect_plan("10");
        struct collected collected;
        struct row row = spoilt_row(&collected, &plan, faults[i].spoil);

        assert_string_equal(row_text(&row, COLUMN_status), status_word(faults[i].status));
        if (!strstr(row_text(&row, COLUMN_reason), faults[i].words))
            fail_msg("'%s' does not say '%s'", row_text(&row, COLUMN_reason),
                     faults[i].words);
        runs_free(&collected.runs);
    }
}

/* What a crash leaves out stays empty; what was there before it is kept. */
static void test_crash_leaves_fields_empty(void **state)
{
    struct plan plan = collect_plan("10");
    struct collected collected;
    struct row row = spoilt_row(&collected, &plan, cell_crashed);

    (void)state;
    assert_true(row.fields[COLUMN_setup_s].present);
    assert_true(row.fields[COLUMN_libcurl_version].present);
    assert_false(row.fields[COLUMN_run_s].present);
    assert_false(row.fields[COLUMN_cost_s].present);
    assert_false(row.fields[COLUMN_user_s].present);
    assert_false(row.fields[COLUMN_peak_rss_bytes].present);
    runs_free(&collected.runs);
}

/* -- notes --------------------------------------------------------------------- */

static void last_request_is_late(struct mock *mock, struct measurement *measurement)
{
    measurement->report.usage.user_us = 20000; /* making them is work */
    mock->origin->arrivals_ns[9] = mock->origin->arrivals_ns[0] + 50 * CLOCK_NS_PER_MS;
    mock->origin->in_flight_peak = 9; /* then so many are allowed */
}

static void origin_is_busy(struct mock *mock, struct measurement *measurement)
{
    uint64_t span_ns = mock->origin->idle_ns - mock->origin->first_request_ns;

    (void)measurement;
    mock->origin->cpu_idle_ns = mock->origin->cpu_first_ns + span_ns * 71 / 100;
}

static void origin_is_nearly_busy(struct mock *mock, struct measurement *measurement)
{
    uint64_t span_ns = mock->origin->idle_ns - mock->origin->first_request_ns;

    (void)measurement;
    mock->origin->cpu_idle_ns = mock->origin->cpu_first_ns + span_ns * 69 / 100;
}

static void origin_is_late(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *result = &mock_results(measurement)[9];

    (void)mock;
    result->origin_delay_us += 1100;
    result->end_ns += 1200 * CLOCK_NS_PER_US;
    mock->origin->idle_ns = result->end_ns;
}

static void test_notes(void **state)
{
    struct collected collected;
    struct plan plan = collect_plan("10");
    struct row row = spoilt_row(&collected, &plan, last_request_is_late);

    (void)state;
    assert_string_equal(row_text(&row, COLUMN_status), "valid");
    assert_string_equal(row_text(&row, COLUMN_notes), "level-not-held");
    assert_true(row_number(&row, COLUMN_ramp_s) == 0.05);
    runs_free(&collected.runs);
    row = spoilt_row(&collected, &plan, origin_is_busy);
    assert_string_equal(row_text(&row, COLUMN_status), "valid");
    assert_string_equal(row_text(&row, COLUMN_notes), "origin-bound");
    runs_free(&collected.runs);
    row = spoilt_row(&collected, &plan, origin_is_late);
    assert_string_equal(row_text(&row, COLUMN_notes), "origin-late");
    runs_free(&collected.runs);
    row = spoilt_row(&collected, &plan, origin_is_nearly_busy);
    assert_string_equal(row_text(&row, COLUMN_notes), "");
    runs_free(&collected.runs);
}

static void no_stamps_and_an_unseen_level(struct mock *mock,
                                          struct measurement *measurement)
{
    for (size_t i = 0; i < measurement->result_count; i++)
        mock_results(measurement)[i].has_origin_delay = 0;
    origin_never_saw_the_level(mock, measurement);
}

/* Without a delay the origin's peak proves nothing, and is not held against the cell. */
static void test_no_delay(void **state)
{
    struct plan plan = collect_plan("10");
    struct collected collected;
    struct row row;

    (void)state;
    plan.delay_ns = 0;
    row = spoilt_row(&collected, &plan, no_stamps_and_an_unseen_level);
    assert_string_equal(row_text(&row, COLUMN_status), "valid");
    assert_string_equal(row_text(&row, COLUMN_notes), "");
    runs_free(&collected.runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_check_can_fail),
        cmocka_unit_test(test_crash_leaves_fields_empty),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_no_delay),
    };

    return cmocka_run_group_tests_name("validity", tests, NULL, NULL);
}
