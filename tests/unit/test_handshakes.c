/* test_handshakes.c - client and origin over TLS, in synthetic measurements: both must
 * count the same. */
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

static void all_have_handshakes(struct mock *mock, struct measurement *measurement)
{
    for (size_t i = 0; i < measurement->result_count; i++)
        mock_results(measurement)[i].tls_us = 900;
    mock->origin->tls_handshakes = measurement->result_count;
}

static void one_has_no_handshake(struct mock *mock, struct measurement *measurement)
{
    all_have_handshakes(mock, measurement);
    mock_results(measurement)[3].tls_us = 0;
}

static void origin_counted_one_handshake_less(struct mock *mock,
                                              struct measurement *measurement)
{
    all_have_handshakes(mock, measurement);
    mock->origin->tls_handshakes--;
}

static void origin_resumed_one(struct mock *mock, struct measurement *measurement)
{
    all_have_handshakes(mock, measurement);
    mock->origin->tls_handshakes--;
    mock->origin->tls_resumed++;
}

static void test_handshakes(void **state)
{
    static const struct {
        void (*alter)(struct mock *mock, struct measurement *measurement);
        bool sessions;
        const char *reason;
    } cases[] = {
        {all_have_handshakes, false, ""},
        {one_has_no_handshake, false,
         "the client completed TLS handshakes on 9 of its 10 connections, the origin "
         "completed 10 full and 0 resumed ones"},
        {origin_counted_one_handshake_less, false,
         "the client completed TLS handshakes on 10 of its 10 connections, the origin "
         "completed 9 full and 0 resumed ones"},
        {origin_resumed_one, false,
         "1 TLS sessions were resumed, but --tls-sessions is off"},
        {origin_resumed_one, true, ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row;

        plan.tls = true;
        plan.tls_sessions = cases[i].sessions;
        plan.requests = 10;
        row = record_altered_cell(&recorded, &plan, cases[i].alter);
        assert_string_equal(row_text(&row, COLUMN_reason), cases[i].reason);
        assert_string_equal(row_text(&row, COLUMN_status),
                            cases[i].reason[0] ? "invalid" : "valid");
        assert_string_equal(row_text(&row, COLUMN_tls_sessions),
                            cases[i].sessions ? "on" : "off");
        assert_int_equal(row_count(&row, COLUMN_tls_handshakes) +
                             row_count(&row, COLUMN_tls_resumed),
                         cases[i].alter == origin_counted_one_handshake_less ? 9 : 10);
        runs_free(&recorded.runs);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_handshakes),
    };

    return cmocka_run_group_tests_name("handshakes", tests, NULL, NULL);
}
