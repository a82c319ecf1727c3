/* test_open_loop.c - the figures, the verdict and the notes of cells at a rate. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "harness/plan/plan_fields.h"
#include "harness/validity/outcome.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

/* -- figures ------------------------------------------------------------------- */

#define STARTED_NS  CLOCK_NS_PER_S
#define DURATION_NS (10 * CLOCK_NS_PER_S)

enum { RESULTS_MAX = 10000 };

/* Result i is due after i times 0.9 ms, starts (i % 100 + 1) * 10 us later and ends (i %
 * 100 + 1) * 100 us after it was due. */
static struct fetch_result *make_results(size_t count)
{
    static struct fetch_result results[RESULTS_MAX];

    assert_true(count <= RESULTS_MAX);
    for (size_t i = 0; i < count; i++) {
        uint64_t due_ns = STARTED_NS + i * 900 * CLOCK_NS_PER_US;
        uint64_t times = i % 100 + 1;

        results[i] = (struct fetch_result){
            .due_ns = due_ns,
            .begin_ns = due_ns + times * 5 * CLOCK_NS_PER_US,
            .start_ns = due_ns + times * 10 * CLOCK_NS_PER_US,
            .first_byte_ns = due_ns + times * 90 * CLOCK_NS_PER_US,
            .end_ns = due_ns + times * 100 * CLOCK_NS_PER_US,
            .outcome = FETCH_OK,
        };
    }
    return results;
}

static struct outcome outcome_of(const struct fetch_result *results, size_t count)
{
    struct plan plan = plan_defaults();
    struct cell cell = {
        .strategy = &mock_parallel, .level = 500, .rate = 1000, .requests = count};
    struct measurement measurement = {
        .results = results,
        .result_count = count,
        .report = {.started_ns = STARTED_NS},
    };
    struct outcome outcome;

    plan.duration_ns = DURATION_NS;
    assert_int_equal(levels_parse(&plan.rates, &rates_kind, "1000", NULL), 0);
    assert_int_equal(outcome_make(&outcome, &plan, &cell, &measurement, NULL), 0);
    return outcome;
}

static void never_begins(struct fetch_result *result)
{
    *result = (struct fetch_result){.due_ns = result->due_ns,
                                    .outcome = FETCH_UNFINISHED};
}

static void is_late(struct fetch_result *result, uint64_t late_ns)
{
    result->start_ns = result->due_ns + late_ns;
    result->first_byte_ns = result->end_ns = result->start_ns + 1;
}

/* Latency and lateness count from the moment at which a request was due. */
static void test_latency_from_due(void **state)
{
    struct outcome outcome = outcome_of(make_results(1000), 1000);

    (void)state;
    assert_true(outcome.latency_us.min == 100 && outcome.latency_us.p50 == 5000);
    assert_true(outcome.latency_us.p90 == 9000 && outcome.latency_us.p99 == 9900);
    assert_true(outcome.latency_us.max == 10000);
    assert_true(isnan(outcome.latency_us.p999));
    assert_true(outcome.late_us.p50 == 500 && outcome.late_us.p99 == 990);
    assert_true(outcome.queue_us.p50 == 250); /* since the worker had it */
    assert_int_equal(outcome.begun_in_time, 1000);
    assert_true(outcome.begun_rps == 100);
    assert_true(outcome.rate_held);
    assert_true(isnan(outcome.ideal_s) && isnan(outcome.overhead_s));
}

static void test_p999_needs_ten_thousand(void **state)
{
    struct outcome outcome = outcome_of(make_results(9999), 9999);

    (void)state;
    assert_true(isnan(outcome.latency_us.p999));
    assert_true(outcome.latency_us.p99 == 9900);
    outcome = outcome_of(make_results(10000), 10000);
    assert_true(outcome.latency_us.p999 == 10000);
}

/* They are longer than all others: a quantile that falls among them is not known. */
static void test_unfinished_in_quantiles(void **state)
{
    static const struct {
        size_t never_begun;
        bool p50, p90, p99;
    } cases[] = {{0, true, true, true},      {1, true, true, true},
                 {10, true, true, true},     {11, true, true, false},
                 {100, true, true, false},   {101, true, false, false},
                 {500, true, false, false},  {501, false, false, false},
                 {1000, false, false, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetch_result *results = make_results(1000);
        struct outcome outcome;

        for (size_t j = 0; j < cases[i].never_begun; j++)
            never_begins(&results[j]);
        outcome = outcome_of(results, 1000);
        assert_int_equal(outcome.counts[FETCH_UNFINISHED], cases[i].never_begun);
        assert_int_equal(!isnan(outcome.latency_us.p50), cases[i].p50);
        assert_int_equal(!isnan(outcome.latency_us.p90), cases[i].p90);
        assert_int_equal(!isnan(outcome.latency_us.p99), cases[i].p99);
        assert_int_equal(!isnan(outcome.latency_us.max), cases[i].never_begun == 0);
        /* They are the latest, too. */
        assert_int_equal(!isnan(outcome.late_us.p50), cases[i].p50);
        assert_int_equal(!isnan(outcome.late_us.p99), cases[i].p99);
    }
}

/* One that was cut off has begun: its latency is not known, its lateness is. */
static void test_cut_off(void **state)
{
    struct fetch_result *results = make_results(1000);
    struct outcome outcome;

    (void)state;
    for (size_t i = 0; i < 1000; i++)
        results[i].outcome = FETCH_UNFINISHED;
    outcome = outcome_of(results, 1000);
    assert_true(isnan(outcome.latency_us.min) && isnan(outcome.latency_us.p50));
    assert_true(outcome.late_us.p99 == 990);
    assert_true(outcome.rate_held); /* the client kept the schedule, the server did not */
    assert_int_equal(outcome.counts[FETCH_UNFINISHED], 1000);
    assert_int_equal(outcome.first_failure, 1000); /* it is no failure */
}

/* 99 % within the duration, and 99 % at most 5 ms late. */
static void test_rate_held(void **state)
{
    static const uint64_t limit_ns = 5 * CLOCK_NS_PER_MS;
    struct fetch_result *results = make_results(1000);

    (void)state;
    for (size_t i = 0; i < 10; i++)
        never_begins(&results[i * 50]);
    assert_true(outcome_of(results, 1000).rate_held);
    assert_int_equal(outcome_of(results, 1000).begun_in_time, 990);
    never_begins(&results[999]);
    assert_false(outcome_of(results, 1000).rate_held);

    results = make_results(1000);
    for (size_t i = 0; i < 1000; i++)
        is_late(&results[i], limit_ns);
    assert_true(outcome_of(results, 1000).rate_held);
    for (size_t i = 0; i < 10; i++)
        is_late(&results[i], limit_ns + CLOCK_NS_PER_US);
    assert_true(outcome_of(results, 1000).rate_held);
    is_late(&results[10], limit_ns + CLOCK_NS_PER_US);
    assert_false(outcome_of(results, 1000).rate_held);

    /* In time means before the duration is over. */
    results = make_results(1000);
    for (size_t i = 0; i < 11; i++) {
        results[i].due_ns = STARTED_NS + DURATION_NS;
        is_late(&results[i], i ? 1 : 0);
    }
    assert_int_equal(outcome_of(results, 1000).begun_in_time, 990);
    assert_true(outcome_of(results, 1000).rate_held);
    results[0].start_ns++;
    assert_int_equal(outcome_of(results, 1000).begun_in_time, 989);
    assert_false(outcome_of(results, 1000).rate_held);
}

/* Of fewer than a hundred the latest decides; of none, nothing was held. */
static void test_rate_held_by_few(void **state)
{
    struct fetch_result *results = make_results(99);

    (void)state;
    assert_true(outcome_of(results, 99).rate_held);
    is_late(&results[50], 5001 * CLOCK_NS_PER_US);
    assert_false(outcome_of(results, 99).rate_held);
    assert_true(outcome_of(make_results(1), 1).rate_held);
    assert_false(outcome_of(results, 0).rate_held);
}

static void test_begins_before_it_is_due(void **state)
{
    struct fetch_result *results = make_results(100);

    (void)state;
    results[7].start_ns = results[7].due_ns;
    assert_int_equal(outcome_of(results, 100).premature_count, 0);
    results[7].start_ns--;
    assert_int_equal(outcome_of(results, 100).premature_count, 1);
}

/* -- verdict and notes --------------------------------------------------------- */

/* A hundred requests, ten in flight, all within 0.6 s. */
static struct plan plan_at_rate(void)
{
    struct plan plan = recorded_sweep_plan("1");

    plan.levels.count = 0;
    assert_int_equal(levels_parse(&plan.rates, &rates_kind, "100", NULL), 0);
    plan.duration_ns = CLOCK_NS_PER_S;
    plan.max_in_flight = 10;
    return plan;
}

static void on_schedule(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *results = mock_results(measurement);

    (void)mock;
    measurement->report.started_ns = results[0].begin_ns;
    for (size_t i = 0; i < measurement->result_count; i++)
        results[i].due_ns = results[i].begin_ns;
}

static void one_is_early(struct mock *mock, struct measurement *measurement)
{
    on_schedule(mock, measurement);
    mock_results(measurement)[3].due_ns = mock_results(measurement)[3].start_ns + 1;
}

/* Two in a hundred begin 6 ms late. */
static void two_are_late(struct mock *mock, struct measurement *measurement)
{
    on_schedule(mock, measurement);
    for (size_t i = 50; i < 52; i++)
        mock_results(measurement)[i].due_ns -= 6 * CLOCK_NS_PER_MS;
}

/* The last one was never begun, so the origin does not know it. */
static void one_is_unfinished(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *last;

    on_schedule(mock, measurement);
    last = &mock_results(measurement)[99];
    mock->origin->body_bytes -= last->body_bytes;
    mock->origin->requests--;
    mock->origin->responses--;
    mock->origin->connections--;
    *last = (struct fetch_result){.due_ns = last->due_ns, .outcome = FETCH_UNFINISHED};
}

/* The last one was cut off before it reached the origin. */
static void one_arrives_after_the_end(struct mock *mock, struct measurement *measurement)
{
    on_schedule(mock, measurement);
    mock_results(measurement)[99].outcome = FETCH_UNFINISHED;
    mock->origin->responses--;
    mock->origin->arrivals_ns[99] = mock_results(measurement)[99].end_ns + 1;
    /* And is worked on: longer than the run took, but not longer than that takes. */
    mock->origin->idle_ns = mock->origin->first_client_ns + 2 * CLOCK_NS_PER_S;
    mock->origin->cpu_idle_ns = mock->origin->cpu_first_ns + CLOCK_NS_PER_S;
}

static void one_is_answered_twice(struct mock *mock, struct measurement *measurement)
{
    one_is_unfinished(mock, measurement);
    mock_results(measurement)[98].outcome = FETCH_UNFINISHED;
    mock_results(measurement)[99].outcome = FETCH_OK; /* though the origin says no */
    mock_results(measurement)[99].begin_ns = mock_results(measurement)[98].end_ns;
    mock->origin->responses = 98;
}

static void one_unfinished_and_one_fails(struct mock *mock,
                                         struct measurement *measurement)
{
    one_is_unfinished(mock, measurement);
    mock_results(measurement)[50].outcome = FETCH_IO_FAILED;
    mock->origin->responses--;
}

static void eleven_are_in_flight(struct mock *mock, struct measurement *measurement)
{
    on_schedule(mock, measurement);
    mock_results(measurement)[10].begin_ns = mock_results(measurement)[9].begin_ns;
    mock_results(measurement)[10].due_ns = mock_results(measurement)[9].begin_ns;
}

static void origin_holds_eleven(struct mock *mock, struct measurement *measurement)
{
    on_schedule(mock, measurement);
    mock->origin->in_flight_peak = 11;
}

/* The level need not be in flight: requests wait until they are due. */
static void few_are_in_flight(struct mock *mock, struct measurement *measurement)
{
    on_schedule(mock, measurement);
    mock->origin->in_flight_peak = 1;
    mock->origin->arrivals_ns[9] += CLOCK_NS_PER_S / 10;
}

static void test_verdicts_at_a_rate(void **state)
{
    static const struct {
        void (*alter)(struct mock *, struct measurement *);
        double allowed_errors;
        const char *status, *words, *notes;
    } cases[] = {
        {on_schedule, 0, "valid", "", ""},
        {few_are_in_flight, 0, "valid", "", ""},
        {two_are_late, 0, "valid", "", "rate-not-held"},
        {one_is_unfinished, 0, "valid", "", ""},
        {one_arrives_after_the_end, 0, "valid", "", ""},
        {one_is_early, 0, "invalid",
         "1 request began before it was due: the strategy does not wait for due_ns of "
         "its items",
         ""},
        {one_is_answered_twice, 0, "invalid", "99 good responses, but the origin", ""},
        {one_unfinished_and_one_fails, 0, "failed", "1 of 100 requests failed", ""},
        {one_unfinished_and_one_fails, 0.01, "valid", "", "errors-allowed"},
        {eleven_are_in_flight, 0, "invalid", "11 fetches were in flight", ""},
        {origin_holds_eleven, 0, "invalid", "the origin held 11 requests at a time", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = plan_at_rate();
        struct recorded_sweep recorded;
        struct row row;

        plan.allowed_errors = cases[i].allowed_errors;
        row = record_altered_cell(&recorded, &plan, cases[i].alter);
        if (strcmp(row_text(&row, COLUMN_status), cases[i].status) != 0 ||
            !strstr(row_text(&row, COLUMN_reason), cases[i].words) ||
            strcmp(row_text(&row, COLUMN_notes), cases[i].notes) != 0)
            fail_msg("case %zu: %s '%s' notes '%s'", i, row_text(&row, COLUMN_status),
                     row_text(&row, COLUMN_reason), row_text(&row, COLUMN_notes));
        runs_free(&recorded.runs);
    }
}

static void test_row(void **state)
{
    struct plan plan = plan_at_rate();
    struct recorded_sweep recorded;
    struct row row;

    (void)state;
    plan.poisson_arrivals = true;
    plan.per_host_rate = 1000;
    row = record_altered_cell(&recorded, &plan, one_is_unfinished);
    assert_int_equal(row_count(&row, COLUMN_rate_rps), 100);
    assert_int_equal(row_count(&row, COLUMN_level), 10);
    assert_int_equal(row_count(&row, COLUMN_inflight_limit), 10);
    assert_int_equal(row_count(&row, COLUMN_unfinished), 1);
    assert_int_equal(row_count(&row, COLUMN_per_host_rate_rps), 1000);
    assert_string_equal(row_text(&row, COLUMN_arrivals), "poisson");
    assert_true(row_number(&row, COLUMN_duration_s) == 1);
    assert_true(row_number(&row, COLUMN_begun_rps) ==
                (double)row_count(&row, COLUMN_requests) - 1);
    assert_false(row.fields[COLUMN_ideal_s].present);
    assert_false(row.fields[COLUMN_overhead_s].present);
    assert_false(row.fields[COLUMN_latency_max_us].present);
    runs_free(&recorded.runs);
}

/* -- a level with a duration --------------------------------------------------- */

static void results_are_used_up(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->slots_full = true;
}

static void test_slots_full(void **state)
{
    struct plan plan = recorded_sweep_plan("10");
    struct recorded_sweep recorded;
    struct row row;

    (void)state;
    plan.duration_ns = CLOCK_NS_PER_S / 10;
    row = record_altered_cell(&recorded, &plan, results_are_used_up);
    assert_string_equal(row_text(&row, COLUMN_status), "valid");
    assert_string_equal(row_text(&row, COLUMN_notes), "slots-full");
    assert_false(row.fields[COLUMN_rate_rps].present);
    assert_false(row.fields[COLUMN_ideal_s].present);
    runs_free(&recorded.runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_latency_from_due),
        cmocka_unit_test(test_p999_needs_ten_thousand),
        cmocka_unit_test(test_unfinished_in_quantiles),
        cmocka_unit_test(test_cut_off),
        cmocka_unit_test(test_rate_held),
        cmocka_unit_test(test_rate_held_by_few),
        cmocka_unit_test(test_begins_before_it_is_due),
        cmocka_unit_test(test_verdicts_at_a_rate),
        cmocka_unit_test(test_row),
        cmocka_unit_test(test_slots_full),
    };

    return cmocka_run_group_tests_name("open loop", tests, NULL, NULL);
}
