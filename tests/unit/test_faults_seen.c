/* test_faults_seen.c - injected faults in synthetic measurements: as many failures as the
 * origin injected make a row failed, others make it invalid. */
#include "analysis/rows/words.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

static void one_is_faulty(struct mock *mock, struct measurement *measurement)
{
    mock_results(measurement)[6].outcome = FETCH_BAD_STATUS;
    mock_results(measurement)[6].http_status = 500;
    mock->origin->faults[FAULT_STATUS_500]++;
    mock->origin->responses--;
}

static void one_more_fails(struct mock *mock, struct measurement *measurement)
{
    one_is_faulty(mock, measurement);
    mock_results(measurement)[7].outcome = FETCH_IO_FAILED;
}

static void one_fault_was_not_seen(struct mock *mock, struct measurement *measurement)
{
    one_is_faulty(mock, measurement);
    mock_results(measurement)[6].outcome = FETCH_OK;
    mock_results(measurement)[6].http_status = 200;
}

static void one_was_taken_for_another(struct mock *mock, struct measurement *measurement)
{
    one_is_faulty(mock, measurement);
    mock_results(measurement)[6].outcome = FETCH_BAD_BODY;
}

static void one_was_asked_twice(struct mock *mock, struct measurement *measurement)
{
    mock_results(measurement)[6].outcome = FETCH_IO_FAILED;
    mock->origin->faults[FAULT_CLOSE_BEFORE_HEAD] = 2;
    mock->origin->requests++;
    mock->origin->responses--;
}

/* Failures that match the injected faults make a row failed; others make it invalid. */
static void test_faults_asked_for(void **state)
{
    static const struct {
        void (*alter)(struct mock *mock, struct measurement *measurement);
        bool reuse;
        const char *status, *reason;
    } cases[] = {
        {NULL, false, "valid", ""},
        {one_is_faulty, false, "failed",
         "1 of 10 requests failed (bad_status 1; --fault asks for 500:10); the first was "
         "http://mock/: unexpected HTTP status 500"},
        {one_more_fails, false, "invalid",
         "the origin injected 500 1 and answered 9, but the client had 8 good responses "
         "and "
         "failures bad_status 1, io_failed 1; --fault asks for 500:10"},
        {one_fault_was_not_seen, false, "invalid",
         "the origin injected 500 1 and answered 9, but the client had 10 good responses "
         "and failures none; --fault asks for 500:10"},
        {one_was_taken_for_another, false, "invalid",
         "the origin injected 500 1 and answered 9, but the client had 9 good responses "
         "and "
         "failures bad_body 1; --fault asks for 500:10"},
        {one_was_asked_twice, false, "invalid",
         "the origin injected close-before-head 2 and answered 9, but the client had 9 "
         "good "
         "responses and failures io_failed 1; --fault asks for 500:10"},
        {one_was_asked_twice, true, "failed",
         "1 of 10 requests failed (io_failed 1; --fault asks for 500:10); the first was "
         "http://mock/: the transfer ended early, and libcurl gives no reason"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row;

        assert_int_equal(fault_parse(&plan.origin.faults, "500:10", NULL), 0);
        plan.requests = 10;
        plan.reuse_connections = cases[i].reuse;
        row = record_altered_cell(&recorded, &plan, cases[i].alter);
        assert_string_equal(row_text(&row, COLUMN_status), cases[i].status);
        assert_string_equal(row_text(&row, COLUMN_reason), cases[i].reason);
        assert_string_equal(row_text(&row, COLUMN_notes), "faults-asked");
        assert_string_equal(row_text(&row, COLUMN_faults), "500:10");
        runs_free(&recorded.runs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_faults_asked_for),
    };

    return cmocka_run_group_tests_name("faults_seen", tests, NULL, NULL);
}
