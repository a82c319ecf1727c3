/* test_bounds.c - with --allow-errors the counts of client and origin may differ where a
 * request failed, but not beyond what that explains. */
#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

/* One request is refused before the origin counts it, and one after that. */
static void two_fail(struct mock *mock, struct measurement *measurement)
{
    mock_results(measurement)[0].outcome = FETCH_CONNECT_FAILED;
    mock_results(measurement)[0].connections = 0;
    mock_results(measurement)[1].outcome = FETCH_IO_FAILED;
    mock->origin->connections -= 1;
    mock->origin->requests -= 1;
    mock->origin->responses -= 2;
}

/* The origin counts a connection on which no request came, and a response that the client
 * did not wait for. */
static void origin_has_more(struct mock *mock, struct measurement *measurement)
{
    two_fail(mock, measurement);
    mock->origin->connections++;
    mock->origin->responses++;
}

static void fewer_are_in_flight(struct mock *mock, struct measurement *measurement)
{
    two_fail(mock, measurement);
    mock_results(measurement)[0].end_ns = mock_results(measurement)[0].start_ns;
    mock->origin->in_flight_peak = 9;
}

static void one_answer_is_made_up(struct mock *mock, struct measurement *measurement)
{
    two_fail(mock, measurement);
    mock->origin->responses--;
}

/* The first of the second wave begins before the first wave has ended. */
static void one_too_many_is_in_flight(struct mock *mock, struct measurement *measurement)
{
    two_fail(mock, measurement);
    mock_results(measurement)[10].begin_ns = mock_results(measurement)[9].begin_ns;
}

static void one_connection_is_missing(struct mock *mock, struct measurement *measurement)
{
    two_fail(mock, measurement);
    mock->origin->connections--;
}

static void one_is_early(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *result = &mock_results(measurement)[2];

    two_fail(mock, measurement);
    result->end_ns = result->start_ns + 49 * CLOCK_NS_PER_MS;
    result->first_byte_ns = result->end_ns;
}

static void test_bounds(void **state)
{
    static const struct {
        void (*alter)(struct mock *, struct measurement *);
        const char *status, *reason;
    } cases[] = {
        {two_fail, "valid", ""},
        {origin_has_more, "valid", ""},
        {fewer_are_in_flight, "valid", ""},
        {one_answer_is_made_up, "invalid",
         "the client had 18 good responses, but the origin answered 17"},
        {one_too_many_is_in_flight, "invalid",
         "11 fetches were in flight; the level allows 10"},
        {one_connection_is_missing, "invalid",
         "18 connections for 19 requests: fresh connections need one per request"},
        {one_is_early, "invalid",
         "1 responses came before the delay that the origin stamped"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row;

        plan.requests = 20;
        plan.allowed_errors = 0.1;
        row = record_altered_cell(&recorded, &plan, cases[i].alter);
        assert_string_equal(row_text(&row, COLUMN_reason), cases[i].reason);
        assert_string_equal(row_text(&row, COLUMN_status), cases[i].status);
        runs_free(&recorded.runs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),
    };

    return cmocka_run_group_tests_name("bounds", tests, NULL, NULL);
}
