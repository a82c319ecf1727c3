/* test_behaviour.c - cells against an origin that draws its delays or has a limit: each
 * check of that can fail. */
#include <string.h>

#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

/* Gives the fetches the delays that an origin with `seed` would draw, in another order
 * than that of the results. */
static void serve_drawn(struct mock *mock, struct measurement *measurement, uint64_t seed)
{
    for (size_t i = 0; i < measurement->result_count; i++) {
        struct fetch_result *result = &mock_results(measurement)[i];
        uint64_t number = measurement->result_count - 1 - i;
        uint64_t delay_ns = delay_of(&mock->plan->origin.delay, seed, number);

        result->origin_delay_us = (uint32_t)(delay_ns / CLOCK_NS_PER_US + 1);
        result->end_ns = result->start_ns + delay_ns + 100 * CLOCK_NS_PER_US;
        result->first_byte_ns = result->end_ns;
    }
    measurement->report.run_ns = 90 * CLOCK_NS_PER_MS;
}

static void drawn_as_asked(struct mock *mock, struct measurement *measurement)
{
    serve_drawn(mock, measurement, mock->plan->origin.seed);
}

static void drawn_with_another_seed(struct mock *mock, struct measurement *measurement)
{
    serve_drawn(mock, measurement, mock->plan->origin.seed + 1);
}

static void drawn_and_the_ideal_is_beaten(struct mock *mock,
                                          struct measurement *measurement)
{
    uint64_t ideal_ns;

    serve_drawn(mock, measurement, mock->plan->origin.seed);
    assert_int_equal(plan_ideal_ns(mock->plan, &mock_parallel, 10, &ideal_ns, NULL), 0);
    mock_shorten(measurement, ideal_ns - 1);
}

/* All cells face the same delays; each is compared with the ideal for these delays. */
static void test_drawn_delays(void **state)
{
    static const struct {
        void (*alter)(struct mock *mock, struct measurement *measurement);
        const char *status, *words;
    } cases[] = {
        {drawn_as_asked, "valid", ""},
        {drawn_with_another_seed, "invalid",
         "delays that are shorter than the delays asked for"},
        {drawn_and_the_ideal_is_beaten, "invalid", "below the ideal"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row;

        plan.origin.seed = 3;
        assert_int_equal(delay_parse(&plan.origin.delay, "uniform:20ms..80ms", NULL), 0);
        row = record_altered_cell(&recorded, &plan, cases[i].alter);
        assert_string_equal(row_text(&row, COLUMN_status), cases[i].status);
        if (!strstr(row_text(&row, COLUMN_reason), cases[i].words))
            fail_msg("'%s' does not say '%s'", row_text(&row, COLUMN_reason),
                     cases[i].words);
        assert_string_equal(row_text(&row, COLUMN_delay_model), "uniform:20ms..80ms");
        runs_free(&recorded.runs);
    }
}

static void refuse(struct mock *mock, struct measurement *measurement, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct fetch_result *result = &mock_results(measurement)[2 * i];

        result->outcome = FETCH_BAD_STATUS;
        result->http_status = 503;
    }
    mock->origin->refused = 4;
}

static void four_are_refused(struct mock *mock, struct measurement *measurement)
{
    refuse(mock, measurement, 4);
}

/* A 503 that the origin did not count is not one of its refusals. */
static void five_503_but_four_refusals(struct mock *mock, struct measurement *measurement)
{
    refuse(mock, measurement, 5);
}

static void test_refusals(void **state)
{
    struct plan plan = recorded_sweep_plan("10");
    struct recorded_sweep recorded;
    struct row row;

    (void)state;
    plan.origin.capacity = 6;
    plan.origin.overload = OVERLOAD_REFUSE;
    row = record_altered_cell(&recorded, &plan, four_are_refused);
    assert_string_equal(row_text(&row, COLUMN_status), "failed");
    assert_string_equal(row_text(&row, COLUMN_reason),
                        "4 of 10 requests were refused (503)");
    assert_int_equal(row_count(&row, COLUMN_origin_refused), 4);
    assert_string_equal(row_text(&row, COLUMN_overload), "refuse");
    runs_free(&recorded.runs);
    row = record_altered_cell(&recorded, &plan, five_503_but_four_refusals);
    assert_non_null(strstr(row_text(&row, COLUMN_reason), "5 of 10 requests failed"));
    runs_free(&recorded.runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_drawn_delays),
        cmocka_unit_test(test_refusals),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
