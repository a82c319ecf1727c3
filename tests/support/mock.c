/* mock.c - see mock.h.
 *
 * Request i of a batch begins i us after the batch and ends after the delay and another
 * 100 us; the next batch follows after 1 ms. */
#include "tests/support/mock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "tests/support/check.h"

#define START_NS (1000 * CLOCK_NS_PER_S)
#define DELAY_NS (50 * CLOCK_NS_PER_MS)

static uint64_t wave_length_ns(unsigned in_flight)
{
    return DELAY_NS + in_flight * CLOCK_NS_PER_US + CLOCK_NS_PER_MS;
}

/* -- the strategies ------------------------------------------------------------ */

static void synthetic_result(struct fetch_result *result, size_t index,
                             unsigned in_flight)
{
    uint64_t begin_ns = START_NS + index / in_flight * wave_length_ns(in_flight) +
                        index % in_flight * CLOCK_NS_PER_US;

    *result = (struct fetch_result){
        .begin_ns = begin_ns,
        .start_ns = begin_ns + 10 * CLOCK_NS_PER_US,
        .first_byte_ns = begin_ns + DELAY_NS + 90 * CLOCK_NS_PER_US,
        .end_ns = begin_ns + DELAY_NS + 100 * CLOCK_NS_PER_US,
        .body_bytes = 4000 + index,
        .connect_us = 40,
        .origin_delay_us = (uint32_t)(DELAY_NS / CLOCK_NS_PER_US + index % 10),
        .has_origin_delay = 1,
        .http_status = 200,
        .connections = 1,
        .local_port = (uint16_t)(40000 + index),
        .outcome = FETCH_OK,
    };
}

static int mock_strategy_open(void **self, const struct strategy_env *env,
                              struct err *err)
{
    struct strategy_env *copy = malloc(sizeof(*copy));

    (void)err;
    assert_non_null(copy);
    *copy = *env;
    *self = copy;
    return 0;
}

static int run(void *self, unsigned in_flight)
{
    const struct strategy_env *env = self;
    struct work_item item;

    while (work_take(env->work, 0, &item))
        synthetic_result(item.result, item.index, in_flight);
    return 0;
}

static int run_parallel(void *self, struct err *err)
{
    const struct strategy_env *env = self;

    (void)err;
    return run(self, env->level);
}

static int run_serial(void *self, struct err *err)
{
    (void)err;
    return run(self, 1);
}

const struct strategy mock_parallel = {
    .name = "mock-parallel",
    .open = mock_strategy_open,
    .run = run_parallel,
    .close = free,
};

const struct strategy mock_serial = {
    .name = "mock-serial",
    .level_limit = 1,
    .open = mock_strategy_open,
    .run = run_serial,
    .close = free,
};

/* -- measurement --------------------------------------------------------------- */

static void run_strategy(const struct cell *cell, struct work *work)
{
    struct fetch_policy policy = {.timeout_ms = 1000};
    struct strategy_env env = {.work = work, .policy = &policy, .level = cell->level};
    void *self = NULL;

    assert_int_equal(cell->strategy->open(&self, &env, NULL), 0);
    assert_int_equal(cell->strategy->run(self, NULL), 0);
    cell->strategy->close(self);
}

static void synthetic_report(const struct cell *cell, uint64_t waves,
                             struct cell_report *report)
{
    *report = (struct cell_report){
        .stage = CELL_CLOSED,
        .libcurl_version = "1.2.3",
        .tls_version = "NoTLS/0",
        .libevent_version = "4.5.6",
        .program = {.file = "/opt/bench", .build_id = "b0"},
        .build = "RelWithDebInfo",
        .libcurl = {.file = "/opt/libcurl.so.4", .build_id = "c0"},
        .setup_ns = cell->level * CLOCK_NS_PER_US,
        .run_ns = waves * wave_length_ns(cell->level),
        .teardown_ns = 2 * CLOCK_NS_PER_MS,
        .usage =
            {
                .user_us = 10 * cell->requests,
                .system_us = 30 * cell->requests,
                .voluntary_switches = 2 * cell->requests,
                .involuntary_switches = 1,
                .minor_faults = 100,
            },
        .peak_rss_bytes = 10485760,
    };
}

static void synthetic_origin_stats(struct origin_stats *origin, const struct cell *cell,
                                   const struct fetch_result *results, uint64_t in_flight)
{
    *origin = (struct origin_stats){
        .connections = cell->requests,
        .requests = cell->requests,
        .responses = cell->requests,
        .in_flight_peak = in_flight,
        .arrivals_room = MOCK_REQUESTS_MAX,
        .first_client_ns = results[0].begin_ns + 50 * CLOCK_NS_PER_US,
        .idle_ns = results[cell->requests - 1].end_ns,
        .cpu_first_ns = CLOCK_NS_PER_MS,
        .cpu_idle_ns = CLOCK_NS_PER_MS + cell->requests * 10 * CLOCK_NS_PER_US,
    };
    for (size_t i = 0; i < cell->requests; i++)
        origin->body_bytes += results[i].body_bytes;
    for (size_t i = 0; i < cell->requests; i++)
        origin->arrivals_ns[i] = results[i].begin_ns + 50 * CLOCK_NS_PER_US;
}

int mock_measure(void *user, const struct cell *cell, struct measurement *measurement,
                 struct err *err)
{
    static const struct work_target target = {.url = "http://mock/"};
    struct mock *mock = user;
    uint64_t at_a_time = plan_origin_limit(mock->plan, cell->strategy, cell->level);

    assert_in_range(cell->requests, 1, MOCK_REQUESTS_MAX);
    *measurement = (struct measurement){.has_origin = true, .origin = mock->origin};
    if (work_create(&measurement->work, &target, 1, cell->requests, err))
        return -1;
    work_arm(measurement->work, cell->requests);
    run_strategy(cell, measurement->work);
    measurement->results = work_results(measurement->work, &measurement->result_count);
    synthetic_report(cell, (cell->requests + at_a_time - 1) / at_a_time,
                     &measurement->report);
    synthetic_origin_stats(mock->origin, cell, measurement->results, at_a_time);
    measurement->memory_probe = (struct memory_probe){.known = true,
                                                      .processes = 1,
                                                      .threads = 1,
                                                      .peak_rss_bytes = 9437184,
                                                      .pss_bytes = 8388608};
    measurement->kernel = (struct kernel_counters){.known = true, .tcp_retransmits = 3};
    measurement->time_wait_before = 7;
    if (mock->alter && mock->measured >= mock->alter_after)
        mock->alter(mock, measurement);
    mock->measured++;
    return 0;
}

struct fetch_result *mock_results(const struct measurement *measurement)
{
    return (struct fetch_result *)measurement->results;
}

void mock_shorten(struct measurement *measurement, uint64_t run_ns)
{
    uint64_t end_ns = START_NS + run_ns;

    for (size_t i = 0; i < measurement->result_count; i++) {
        struct fetch_result *result = &mock_results(measurement)[i];

        if (result->end_ns <= end_ns)
            continue;
        result->end_ns = end_ns;
        if (result->first_byte_ns > end_ns)
            result->first_byte_ns = end_ns;
    }
    measurement->report.run_ns = run_ns;
}

void mock_open(struct mock *mock, const struct plan *plan)
{
    *mock = (struct mock){
        .plan = plan,
        .origin = calloc(1, origin_stats_bytes(MOCK_REQUESTS_MAX)),
    };
    assert_non_null(mock->origin);
}

void mock_close(struct mock *mock)
{
    free(mock->origin);
}
