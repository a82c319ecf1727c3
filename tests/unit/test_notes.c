/* test_notes.c - which notes a valid row gets, on both sides of each limit. */
#include "base/clock.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

static void one_is_slow(struct measurement *measurement, uint64_t beyond_ns)
{
    struct fetch_result *result = &mock_results(measurement)[9];

    result->end_ns = result->start_ns + result->origin_delay_us * CLOCK_NS_PER_US +
                     beyond_ns;
    measurement->report.run_ns += beyond_ns;
}

static void one_waits_for_another(struct mock *mock, struct measurement *measurement)
{
    (void)measurement;
    mock->origin->arrivals_ns[9] = mock->origin->arrivals_ns[0] + 50 * CLOCK_NS_PER_MS;
    mock->origin->in_flight_peak = 1;
}

static void last_request_is_late(struct mock *mock, struct measurement *measurement)
{
    measurement->report.usage.user_us = 20000; /* sending takes CPU time */
    mock->origin->arrivals_ns[9] = mock->origin->arrivals_ns[0] + 50 * CLOCK_NS_PER_MS;
    mock->origin->in_flight_peak = 9; /* a lower peak is then valid */
}

static void origin_is_busy(struct mock *mock, struct measurement *measurement)
{
    uint64_t span_ns = mock->origin->idle_ns - mock->origin->first_client_ns;

    (void)measurement;
    mock->origin->cpu_idle_ns = mock->origin->cpu_first_ns + span_ns * 71 / 100;
}

static void origin_is_nearly_busy(struct mock *mock, struct measurement *measurement)
{
    uint64_t span_ns = mock->origin->idle_ns - mock->origin->first_client_ns;

    (void)measurement;
    mock->origin->cpu_idle_ns = mock->origin->cpu_first_ns + span_ns * 69 / 100;
}

static void origin_is_late(struct mock *mock, struct measurement *measurement)
{
    struct fetch_result *result = &mock_results(measurement)[9];

    result->origin_delay_us += 1100;
    result->end_ns += 1200 * CLOCK_NS_PER_US;
    mock->origin->idle_ns = result->end_ns;
    measurement->report.run_ns += 1200 * CLOCK_NS_PER_US;
}

/* The shortest timeout of TCP is longer than any wait of this cell. */
static void other_process_timed_out(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.tcp_timeouts = 2;
    one_is_slow(measurement, 149 * CLOCK_NS_PER_MS);
}

static void kernel_says_nothing(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.known = false;
}

static void cpu_is_stolen(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.cpu_known = true;
    measurement->kernel.cpu_stolen_ms = 30;
}

static void a_little_cpu_is_stolen(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.cpu_known = true;
    measurement->kernel.cpu_stolen_ms = 20; /* below the clock's resolution */
}

/* The ramp of a strategy whose requests wait for one another, on a busy machine. */
static void others_have_the_cpu(struct mock *mock, struct measurement *measurement)
{
    one_waits_for_another(mock, measurement);
    measurement->kernel.cpu_known = true;
    measurement->kernel.cpu_idle_ms = 20;
}

static void quota_is_used_up(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.throttle_known = true;
    measurement->kernel.throttle_count = 1;
    measurement->kernel.throttled_us = 40000;
}

static void quota_is_not_used_up(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->kernel.throttle_known = true;
}

/* The ramp of a strategy whose requests wait for one another; it is valid, since the
 * quota kept it from running. */
static void quota_breaks_the_ramp(struct mock *mock, struct measurement *measurement)
{
    one_waits_for_another(mock, measurement);
    quota_is_used_up(mock, measurement);
}

static void cell_stops_shortly(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->stops[CELL_PART_ITSELF] = (struct cell_stops){1, 2 * CLOCK_NS_PER_MS};
}

static void stop_breaks_the_ramp(struct mock *mock, struct measurement *measurement)
{
    one_waits_for_another(mock, measurement);
    measurement->stops[CELL_PART_ORIGIN] = (struct cell_stops){1, 0};
}

static void memory_probe_fails(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->memory_probe = (struct memory_probe){.failure = {"it was killed"}};
}

static void is_injected(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->report.injected = true;
}

static const struct {
    void (*alter)(struct mock *mock, struct measurement *measurement);
    const char *notes;
} qualified[] = {
    {last_request_is_late, "level-not-held"},
    {origin_is_busy, "origin-bound"},
    {origin_is_nearly_busy, ""},
    {origin_is_late, "origin-late"},
    {other_process_timed_out, "foreign-timeouts"},
    {kernel_says_nothing, "kernel-silent"},
    {cpu_is_stolen, "cpu-stolen"},
    {a_little_cpu_is_stolen, ""},
    {is_injected, "injected"},
    {others_have_the_cpu, "level-not-held"},
    {quota_is_used_up, "cpu-throttled"},
    {quota_is_not_used_up, ""},
    {quota_breaks_the_ramp, "cpu-throttled level-not-held"},
    {cell_stops_shortly, "stopped"},
    {memory_probe_fails, "memory-probe-failed"},
    {stop_breaks_the_ramp, "stopped level-not-held"},
};

static void test_notes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(qualified) / sizeof(qualified[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row = record_altered_cell(&recorded, &plan, qualified[i].alter);

        assert_string_equal(row_text(&row, COLUMN_reason), "");
        assert_string_equal(row_text(&row, COLUMN_status), "valid");
        assert_string_equal(row_text(&row, COLUMN_notes), qualified[i].notes);
        runs_free(&recorded.runs);
    }
}

static void has_no_origin(struct mock *mock, struct measurement *measurement)
{
    (void)mock;
    measurement->has_origin = false;
    measurement->origin = NULL;
}

static void failure_without_origin(struct mock *mock, struct measurement *measurement)
{
    has_no_origin(mock, measurement);
    mock_results(measurement)[0].outcome = FETCH_BAD_STATUS;
}

/* Every row has its conditions, valid or not. */
static void test_conditions(void **state)
{
    static struct target_site site;
    static const struct {
        void (*alter)(struct mock *mock, struct measurement *measurement);
        bool insecure;
        const char *status, *notes;
    } cases[] = {
        {has_no_origin, false, "valid", "no-origin"},
        {has_no_origin, true, "valid", "no-origin insecure"},
        {failure_without_origin, true, "failed", "no-origin insecure"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = recorded_sweep_plan("10");
        struct recorded_sweep recorded;
        struct row row;

        site.fetch.insecure = cases[i].insecure;
        plan.site = &site;
        plan.url = "there";
        row = record_altered_cell(&recorded, &plan, cases[i].alter);
        assert_string_equal(row_text(&row, COLUMN_status), cases[i].status);
        assert_string_equal(row_text(&row, COLUMN_notes), cases[i].notes);
        assert_false(row.fields[COLUMN_ideal_s].present);
        assert_false(row.fields[COLUMN_overhead_s].present);
        assert_false(row.fields[COLUMN_origin_requests].present);
        runs_free(&recorded.runs);
    }
}

static void test_ramp(void **state)
{
    struct plan plan = recorded_sweep_plan("10");
    struct recorded_sweep recorded;
    struct row row = record_altered_cell(&recorded, &plan, last_request_is_late);

    (void)state;
    assert_true(row_number(&row, COLUMN_ramp_s) == 0.05);
    runs_free(&recorded.runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_ramp),
    };

    return cmocka_run_group_tests_name("notes", tests, NULL, NULL);
}
