/* test_validity.c - every check can fail: synthetic measurements with one error each. */
#include "analysis/rows/words.h"
#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

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

static void one_is_redirected(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[4].outcome = FETCH_BAD_STATUS;
    mock_results(measurement)[4].http_status = 301;
}

static void one_has_another_status(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[4].outcome = FETCH_BAD_STATUS;
    mock_results(measurement)[4].http_status = 503;
}

static void one_is_not_believed(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[4].outcome = FETCH_CONNECT_FAILED;
    mock_results(measurement)[4].curl_code = 60;
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
    /* By two microseconds; one could be the rounding of the stamp. */
    result->end_ns = result->start_ns +
                     (result->origin_delay_us - 2ull) * CLOCK_NS_PER_US;
    result->first_byte_ns = result->end_ns;
}

static void run_beats_the_ideal(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_shorten(measurement, 50 * CLOCK_NS_PER_MS - 1000);
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

static void one_is_slow(struct measurement *measurement, uint64_t beyond_ns)
{
    struct fetch_result *result = &mock_results(measurement)[9];

    result->end_ns = result->start_ns + result->origin_delay_us * CLOCK_NS_PER_US +
                     beyond_ns;
    measurement->report.run_ns += beyond_ns;
}

static void tcp_timed_out(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.tcp_timeouts = 2;
    one_is_slow(measurement, 151 * CLOCK_NS_PER_MS);
}

static void origin_ran_out_of_descriptors(struct mock *mock,
                                          struct measurement *measurement)
{
    (void)measurement;
    mock->origin->accept_pauses = 3;
}

static void client_never_filled_the_level(struct mock *mock,
                                          struct measurement *measurement)
{
    struct fetch_result *results = mock_results(measurement);

    (void)mock;
    results[9].begin_ns = results[0].end_ns;
    results[9].start_ns = results[9].begin_ns;
    results[9].first_byte_ns += 60 * CLOCK_NS_PER_MS;
    results[9].end_ns += 60 * CLOCK_NS_PER_MS;
    measurement->report.run_ns += 60 * CLOCK_NS_PER_MS;
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

/* Too many in flight is an error even if the level was not held and fewer would be
 * allowed. */
static void origin_saw_too_many_too_late(struct mock *mock,
                                         struct measurement *measurement)
{
    measurement->report.usage.user_us = 20000;
    mock->origin->arrivals_ns[9] = mock->origin->arrivals_ns[0] + 50 * CLOCK_NS_PER_MS;
    mock->origin->in_flight_peak++;
}

static void one_waits_for_another(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->arrivals_ns[9] = mock->origin->arrivals_ns[0] + 50 * CLOCK_NS_PER_MS;
    mock->origin->in_flight_peak = 1;
}

static void one_waits_and_all_is_idle(struct mock *mock, struct measurement *measurement)
{
    one_waits_for_another(mock, measurement);
    measurement->kernel.cpu_known = true;
    measurement->kernel.cpu_idle_ms = 80;
}

static void report_is_cut_off(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->report.stage = CELL_RAN;
}

static void results_are_missing(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->result_count = 9;
}

static void origin_sent_one_byte_more(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->body_bytes++;
}

static void origin_compressed_more(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->encoded_bytes = 999;
}

static void one_starts_before_it_begins(struct mock *mock,
                                        struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[1].begin_ns = mock_results(measurement)[1].start_ns + 1;
}

static void one_has_no_first_byte(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[1].first_byte_ns = 0;
}

/* Its latency would wrap to twenty digits, and no response would look early. */
static void one_ends_before_it_starts(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[1].end_ns = mock_results(measurement)[1].start_ns - 1;
    mock_results(measurement)[1].first_byte_ns = mock_results(measurement)[1].start_ns;
}

static void run_returns_too_soon(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *result = &mock_results(measurement)[9];

    (void)mock;
    result->end_ns = mock_results(measurement)[0].begin_ns + measurement->report.run_ns +
                     1000;
}

static void origin_was_asked_before(struct mock *mock, struct measurement *measurement)
{
    mock->origin->arrivals_ns[0] = mock_results(measurement)[0].begin_ns - 1;
}

static void origin_was_asked_afterwards(struct mock *mock,
                                        struct measurement *measurement)
{
    mock->origin->arrivals_ns[9] = mock_results(measurement)[9].end_ns + 1;
}

static void origin_worked_too_long(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->cpu_idle_ns += 100 * CLOCK_NS_PER_MS; /* the run takes 51 */
}

/* As if the shares of workers were added twice: more than any machine has. */
static void cell_worked_too_long(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->report.usage.system_us = 1000000000;
}

static void one_has_no_stamp(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[7].has_origin_delay = 0;
}

static void origin_stamped_too_little(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    mock_results(measurement)[7].origin_delay_us = 49998;
}

static void one_waits_and_all_waits_for_a_disk(struct mock *mock,
                                               struct measurement *measurement)
{
    one_waits_and_all_is_idle(mock, measurement);
    measurement->kernel.cpu_waiting_ms = measurement->kernel.cpu_idle_ms;
    measurement->kernel.cpu_idle_ms = 0;
}

static void cell_was_stopped(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->stops[CELL_PART_ITSELF] = (struct cell_stops){1, 3 * CLOCK_NS_PER_MS};
}

static void origin_was_stopped(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->stops[CELL_PART_ORIGIN] = (struct cell_stops){2, 3 * CLOCK_NS_PER_MS};
}

static void worker_was_stopped(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->stops[CELL_PART_WORKERS] = (struct cell_stops){1, 3 * CLOCK_NS_PER_MS};
}

static void quota_made_one_time_out(struct mock *mock, struct measurement *measurement)
{
    one_times_out(mock, measurement);
    measurement->kernel.throttle_known = true;
    measurement->kernel.throttle_count = 7;
    measurement->kernel.throttled_us = 650000;
}

static void quota_kept_the_level_down(struct mock *mock, struct measurement *measurement)
{
    client_never_filled_the_level(mock, measurement);
    measurement->kernel.throttle_known = true;
    measurement->kernel.throttled_us = 650000;
    measurement->stops[CELL_PART_ORIGIN] = (struct cell_stops){1, CLOCK_NS_PER_MS};
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
    void (*alter)(struct mock *mock, struct measurement *measurement);
    enum row_status status;
    const char *words;
} faults[] = {
    {report_is_cut_off, STATUS_FAILED, "before its report was complete"},
    {results_are_missing, STATUS_FAILED, "results expected: 10, found: 9"},
    {one_is_lost, STATUS_FAILED,
     "1 of 10 requests failed (lost 1); the first was http://mock/"},
    {one_has_a_bad_body, STATUS_FAILED, "(bad_body 1)"},
    {one_times_out, STATUS_FAILED, "2 of 10 requests failed (timed_out 1, io_failed 1)"},
    {one_is_redirected, STATUS_FAILED,
     "HTTP status 301, a redirect, which bench does not follow"},
    {one_has_another_status, STATUS_FAILED, "unexpected HTTP status 503"},
    {one_is_not_believed, STATUS_FAILED, "not OK; give its CA's certificate with"},
    {origin_was_asked_once_more, STATUS_INVALID, "the origin received 11 requests"},
    {origin_answered_one_less, STATUS_INVALID, "answered 9"},
    {origin_rejected_one, STATUS_INVALID, "rejected 1"},
    {origin_sent_one_byte_more, STATUS_INVALID,
     "received 40045 bytes of bodies, the origin sent 40046"},
    {origin_compressed_more, STATUS_INVALID,
     "received 0 bytes of encoded bodies, the origin sent 999"},
    {one_starts_before_it_begins, STATUS_INVALID, "1 good fetches have stamps"},
    {one_has_no_first_byte, STATUS_INVALID, "1 good fetches have stamps"},
    {one_ends_before_it_starts, STATUS_INVALID, "1 good fetches have stamps"},
    {run_returns_too_soon, STATUS_INVALID,
     "took 0.051011 s from the first begin to the last end, but run_s is 0.051010"},
    {origin_was_asked_before, STATUS_INVALID, "before the client's first begin"},
    {origin_was_asked_afterwards, STATUS_INVALID, "after its last end"},
    {origin_worked_too_long, STATUS_INVALID,
     "only thread used 0.100100 s of CPU time, but run_s is 0.051010"},
    {cell_worked_too_long, STATUS_INVALID, "the cell used 1000.000100 s of CPU time"},
    {one_has_no_stamp, STATUS_INVALID, "1 good responses carry no delay"},
    {origin_stamped_too_little, STATUS_INVALID,
     "stamped 1 delays that are shorter than the delays asked for; the shortest is "
     "0.049998 s instead of 0.050000 s"},
    {one_is_early, STATUS_INVALID, "1 responses came before the delay"},
    {run_beats_the_ideal, STATUS_INVALID, "below the ideal"},
    {origin_accepted_one_more, STATUS_INVALID,
     "opened 10 connections, the origin accepted 11"},
    {one_was_reused, STATUS_INVALID, "9 connections for 10 requests"},
    {listen_queue_overflowed, STATUS_INVALID, "1 listen overflows"},
    {connection_was_dropped, STATUS_INVALID, "1 listen drops"},
    {tcp_timed_out, STATUS_INVALID, "2 TCP timeouts"},
    {origin_ran_out_of_descriptors, STATUS_INVALID, "out of file descriptors 3 times"},
    {client_never_filled_the_level, STATUS_INVALID, "at most 9 fetches were in flight"},
    {origin_never_saw_the_level, STATUS_INVALID, "the origin held at most 9 requests"},
    {origin_saw_too_many, STATUS_INVALID, "the origin held 11 requests"},
    {origin_saw_too_many_too_late, STATUS_INVALID, "the origin held 11 requests"},
    {one_waits_for_another, STATUS_INVALID, "the level was never in flight"},
    {one_waits_and_all_is_idle, STATUS_INVALID, "the level was never in flight"},
    {one_waits_and_all_waits_for_a_disk, STATUS_INVALID, "the level was never in flight"},
    {cell_was_stopped, STATUS_INVALID,
     "the times include a stop and do not measure the strategy; meanwhile the cell was "
     "stopped for 0.003 s"},
    {origin_was_stopped, STATUS_INVALID,
     "; meanwhile the origin was stopped for 0.003 s"},
    {worker_was_stopped, STATUS_INVALID,
     "; meanwhile a process of the cell was stopped for 0.003 s"},
    {quota_made_one_time_out, STATUS_FAILED,
     "; meanwhile the CPU quota held the control group back for 0.650 s of CPU time"},
    {quota_kept_the_level_down, STATUS_INVALID,
     "instead of 10; meanwhile the origin was stopped for 0.001 s; the CPU quota "
     "held the control group back for 0.650 s"},
    {machinery_failed, STATUS_FAILED, "worker 3 of 10 was killed"},
    {cell_crashed, STATUS_FAILED, "killed by signal 11"},
    {cell_hung, STATUS_FAILED, "did not end in time"},
    {origin_crashed, STATUS_FAILED, "the origin was killed"},
};

static void test_every_check_can_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row = record_altered_cell(&recorded, &plan, faults[i].alter);

        assert_string_equal(row_text(&row, COLUMN_status), status_word(faults[i].status));
        if (!strstr(row_text(&row, COLUMN_reason), faults[i].words))
            fail_msg("'%s' does not say '%s'", row_text(&row, COLUMN_reason),
                     faults[i].words);
        runs_free(&recorded.runs);
    }
}

/* Fields after a crash stay empty; fields before it are kept. */
static void test_crash_leaves_fields_empty(void **state)
{
    struct plan plan = recorded_sweep_plan("10");
    struct recorded_sweep recorded;
    struct row row = record_altered_cell(&recorded, &plan, cell_crashed);

    (void)state;
    assert_true(row.fields[COLUMN_setup_s].present);
    assert_true(row.fields[COLUMN_libcurl_version].present);
    assert_false(row.fields[COLUMN_run_s].present);
    assert_false(row.fields[COLUMN_cost_s].present);
    assert_false(row.fields[COLUMN_user_s].present);
    assert_false(row.fields[COLUMN_peak_rss_bytes].present);
    runs_free(&recorded.runs);
}

/* -- other plans --------------------------------------------------------------- */

static void no_delay_and_an_unseen_level(struct mock *mock,
                                         struct measurement *measurement)
{
    for (size_t i = 0; i < measurement->result_count; i++)
        mock_results(measurement)[i].origin_delay_us = 0;
    origin_never_saw_the_level(mock, measurement);
}

/* Without a delay the origin's peak proves nothing and does not count against the cell.
 */
static void test_no_delay(void **state)
{
    struct plan plan = recorded_sweep_plan("10");
    struct recorded_sweep recorded;
    struct row row;

    (void)state;
    plan.origin.delay = delay_fixed(0);
    row = record_altered_cell(&recorded, &plan, no_delay_and_an_unseen_level);
    assert_string_equal(row_text(&row, COLUMN_status), "valid");
    assert_string_equal(row_text(&row, COLUMN_notes), "");
    runs_free(&recorded.runs);
}

/* Ten in flight and a hundred pages: ninety need an existing connection. */
static void test_kept_connections_were_not_reused(void **state)
{
    struct plan plan = recorded_sweep_plan("10");
    struct recorded_sweep recorded;
    struct row row;

    (void)state;
    plan.reuse_connections = true;
    row = record_altered_cell(&recorded, &plan, NULL);
    assert_string_equal(row_text(&row, COLUMN_status), "invalid");
    assert_string_equal(row_text(&row, COLUMN_reason),
                        "100 connections for 10 in flight: kept connections were not "
                        "reused");
    runs_free(&recorded.runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_check_can_fail),
        cmocka_unit_test(test_crash_leaves_fields_empty),
        cmocka_unit_test(test_no_delay),
        cmocka_unit_test(test_kept_connections_were_not_reused),
    };

    return cmocka_run_group_tests_name("validity", tests, NULL, NULL);
}
