/* contract.c - what every registered strategy must do. Names none of them: a new strategy
 * is held to all of this by its line in list.def. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "fetch/fetch.h"
#include "tests/bed.h"

static const unsigned levels[] = {1, 4, 32, 500};

enum { LEVEL_COUNT = sizeof(levels) / sizeof(levels[0]) };

static const struct strategy *strategy_under_test(void **state)
{
    return *state;
}

/* The checks that hold for every run in which nothing went wrong. */
static void assert_all_ok(const struct bed *bed, size_t requests)
{
    size_t count;
    const struct fetch_result *results = work_results(bed->work, &count);

    assert_int_equal(count, requests);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(fetch_outcome_word(results[i].outcome), "ok");
        assert_true(results[i].begin_ns >= bed->run_begin_ns);
        assert_true(results[i].start_ns >= results[i].begin_ns);
        assert_true(results[i].first_byte_ns > results[i].start_ns);
        assert_true(results[i].end_ns >= results[i].first_byte_ns);
        assert_true(results[i].end_ns <= bed->run_end_ns);
        assert_int_equal(results[i].http_status, 200);
        assert_true(results[i].worker < bed->level);
        /* What the origin says it waited, the client has waited too. */
        assert_true(results[i].has_origin_delay);
        assert_true(results[i].end_ns - results[i].start_ns >=
                    results[i].origin_delay_us * CLOCK_NS_PER_US);
    }
}

static void test_every_level(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);

    for (size_t i = 0; i < LEVEL_COUNT; i++) {
        unsigned level = levels[i];
        size_t limit = strategy_in_flight_limit(strategy, level);
        /* One that is slow by nature does fewer pages. */
        size_t requests = limit < level ? 8 : level;
        struct bed_options options = {.delay_ns = 20 * CLOCK_NS_PER_MS};
        struct err err;
        struct bed bed;

        bed_make(&bed, requests, &options);
        bed_open(&bed, strategy, level);
        if (bed_run(&bed, requests, &err))
            fail_msg("%s at level %u: %s", strategy->name, level, err.text);
        assert_all_ok(&bed, requests);
        assert_int_equal(bed_peak(&bed), limit);
        bed_close(&bed);
        assert_int_equal(origin_stop(&bed.origin, NULL), 0);
        assert_int_equal(origin_stats(&bed.origin)->requests, requests);
        assert_int_equal(origin_stats(&bed.origin)->responses, requests);
        assert_int_equal(origin_stats(&bed.origin)->connections, requests);
        assert_true(origin_stats(&bed.origin)->in_flight_peak <= limit);
        bed_destroy(&bed);
    }
}

/* With a delay that holds the level, the origin sees all of it at once. */
static void test_origin_sees_the_level(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct bed_options options = {.delay_ns = 500 * CLOCK_NS_PER_MS};
    size_t limit = strategy_in_flight_limit(strategy, 32);
    struct err err;
    struct bed bed;

    bed_make(&bed, limit, &options);
    bed_open(&bed, strategy, 32);
    assert_int_equal(bed_run(&bed, limit, &err), 0);
    assert_all_ok(&bed, limit);
    bed_close(&bed);
    assert_int_equal(origin_stop(&bed.origin, NULL), 0);
    assert_int_equal(origin_stats(&bed.origin)->in_flight_peak, limit);
    bed_destroy(&bed);
}

static void test_fewer_requests_than_level(void **state)
{
    struct bed_options options = {.delay_ns = 5 * CLOCK_NS_PER_MS};
    struct err err;
    struct bed bed;

    bed_make(&bed, 32, &options);
    bed_open(&bed, strategy_under_test(state), 32);
    for (size_t requests = 0; requests <= 3; requests++) {
        assert_int_equal(bed_run(&bed, requests, &err), 0);
        assert_all_ok(&bed, requests);
    }
    bed_close(&bed);
    bed_destroy(&bed);
}

static void test_more_requests_than_level(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct bed_options options = {.delay_ns = CLOCK_NS_PER_MS};
    struct err err;
    struct bed bed;

    bed_make(&bed, 203, &options);
    bed_open(&bed, strategy, 7);
    assert_int_equal(bed_run(&bed, 203, &err), 0);
    assert_all_ok(&bed, 203);
    assert_int_equal(bed_peak(&bed), strategy_in_flight_limit(strategy, 7));
    bed_close(&bed);
    bed_destroy(&bed);
}

static void test_several_runs_keep_connections(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct bed_options options = {.delay_ns = CLOCK_NS_PER_MS,
                                  .policy = {.reuse_connections = true}};
    size_t limit = strategy_in_flight_limit(strategy, 8);
    struct err err;
    struct bed bed;

    bed_make(&bed, 40, &options);
    bed_open(&bed, strategy, 8);
    for (int run = 0; run < 3; run++) {
        assert_int_equal(bed_run(&bed, 40, &err), 0);
        assert_all_ok(&bed, 40);
    }
    bed_close(&bed);
    assert_int_equal(origin_stop(&bed.origin, NULL), 0);
    assert_int_equal(origin_stats(&bed.origin)->connections, limit);
    assert_int_equal(origin_stats(&bed.origin)->requests, 120);
    bed_destroy(&bed);
}

/* A failed fetch is a result, not an error: run() returns 0 in all of these. */
static void assert_every_outcome_is(void **state, enum fetch_outcome outcome,
                                    const struct bed_options *options)
{
    struct err err;
    struct bed bed;

    bed_make(&bed, 12, options);
    bed_open(&bed, strategy_under_test(state), 4);
    if (bed_run(&bed, 12, &err))
        fail_msg("%s", err.text);
    assert_int_equal(bed_count(&bed, outcome), 12);
    bed_close(&bed);
    bed_destroy(&bed);
}

static void test_closed_port(void **state)
{
    assert_every_outcome_is(state, FETCH_CONNECT_FAILED,
                            &(struct bed_options){.closed_port = true});
}

static void test_wrong_status(void **state)
{
    assert_every_outcome_is(state, FETCH_BAD_STATUS,
                            &(struct bed_options){.path = "/no/such/page"});
}

static void test_wrong_body(void **state)
{
    assert_every_outcome_is(state, FETCH_BAD_BODY,
                            &(struct bed_options){.wrong_checksum = true});
}

static void test_time_out(void **state)
{
    assert_every_outcome_is(state, FETCH_TIMED_OUT,
                            &(struct bed_options){.delay_ns = 20 * CLOCK_NS_PER_S,
                                                  .policy = {.timeout_ms = 50}});
}

static void test_libcurl_queue(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct bed_options options = {.delay_ns = 10 * CLOCK_NS_PER_MS,
                                  .policy = {.max_host_connections = 3}};
    struct err err;
    struct bed bed;

    if (!strategy->multi)
        skip(); /* no multi handle, no queue of libcurl's */
    bed_make(&bed, 24, &options);
    bed_open(&bed, strategy, 12);
    assert_int_equal(bed_run(&bed, 24, &err), 0);
    assert_all_ok(&bed, 24);
    assert_int_equal(bed_peak(&bed), 12); /* those in libcurl's queue are in flight too */
    bed_close(&bed);
    assert_int_equal(origin_stop(&bed.origin, NULL), 0);
    assert_int_equal(origin_stats(&bed.origin)->in_flight_peak, 3);
    bed_destroy(&bed);
}

/* Waits until the origin has all of the level in flight, then kills. */
static pid_t start_killer(const struct bed *bed, pid_t victim, size_t in_flight)
{
    volatile const struct origin_stats *stats = origin_stats(&bed->origin);
    pid_t parent = getpid();
    pid_t pid = fork();

    assert_true(pid >= 0);
    if (pid)
        return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (stats->in_flight_peak < in_flight && getppid() == parent)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    _exit(kill(victim, SIGKILL) ? 1 : 0);
}

static void test_killed_child(void **state)
{
    static const unsigned some_levels[] = {1, 8};
    const struct strategy *strategy = strategy_under_test(state);

    if (!strategy->children)
        skip(); /* nobody to kill */
    for (size_t i = 0; i < 2; i++) {
        struct bed_options options = {.delay_ns = 50 * CLOCK_NS_PER_MS};
        char pid_text[32];
        pid_t pids[8];
        pid_t killer;
        struct err err;
        struct bed bed;
        int status;

        bed_make(&bed, 40, &options);
        bed_open(&bed, strategy, some_levels[i]);
        assert_int_equal(strategy->children(bed.self, pids, 8), some_levels[i]);
        (void)snprintf(pid_text, sizeof(pid_text), "%ld", (long)pids[0]);
        killer = start_killer(&bed, pids[0], some_levels[i]);
        assert_int_equal(bed_run(&bed, 40, &err), -1);
        assert_non_null(strstr(err.text, pid_text)); /* it is named, and how it died */
        assert_non_null(strstr(err.text, "signal 9"));
        assert_int_equal(waitpid(killer, &status, 0), killer);
        assert_int_equal(status, 0);
        /* Exactly its own item is lost; the others fetched all the rest. */
        assert_int_equal(bed_count(&bed, FETCH_LOST), 1);
        assert_int_equal(bed_count(&bed, FETCH_OK), 39);
        /* And the object is as good as before. */
        assert_int_equal(bed_run(&bed, 40, &err), 0);
        assert_all_ok(&bed, 40);
        assert_int_equal(strategy->children(bed.self, pids, 8), some_levels[i]);
        bed_close(&bed);
        bed_destroy(&bed);
    }
}

static void open_and_use(void **state)
{
    struct bed_options options = {0};
    struct err err;
    struct bed bed;

    bed_make(&bed, 16, &options);
    bed_open(&bed, strategy_under_test(state), 16);
    assert_int_equal(bed_run(&bed, 16, &err), 0);
    bed_close(&bed);
    bed_destroy(&bed);
}

static void test_leaves_nothing_behind(void **state)
{
    struct footprint before;

    open_and_use(state); /* what a library keeps from its first use is not ours */
    before = footprint_now();
    open_and_use(state);
    footprint_assert(&before);
}

static const struct {
    const char *name;
    CMUnitTestFunction function;
} tests[] = {
    {"every level", test_every_level},
    {"the origin sees the level", test_origin_sees_the_level},
    {"fewer requests than level", test_fewer_requests_than_level},
    {"more requests than level", test_more_requests_than_level},
    {"several runs keep connections", test_several_runs_keep_connections},
    {"closed port", test_closed_port},
    {"wrong status", test_wrong_status},
    {"wrong body", test_wrong_body},
    {"time-out", test_time_out},
    {"libcurl's queue", test_libcurl_queue},
    {"killed child", test_killed_child},
    {"leaves nothing behind", test_leaves_nothing_behind},
};

enum { TEST_COUNT = sizeof(tests) / sizeof(tests[0]) };

int main(void)
{
    int failures = 0;
    struct err err;

    (void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (fetch_global_init(&err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; strategies[i]; i++) {
        char names[TEST_COUNT][80];
        struct CMUnitTest all[TEST_COUNT] = {{0}};

        for (size_t j = 0; j < TEST_COUNT; j++) {
            (void)snprintf(names[j], sizeof(names[j]), "%s: %s", strategies[i]->name,
                           tests[j].name);
            all[j].name = names[j];
            all[j].test_func = tests[j].function;
            /* cmocka hands it on as it is; the tests only read through it. */
            all[j].initial_state = (void *)strategies[i];
        }
        failures += cmocka_run_group_tests_name(strategies[i]->name, all, NULL, NULL);
    }
    fetch_global_cleanup();
    return failures ? 1 : 0;
}
