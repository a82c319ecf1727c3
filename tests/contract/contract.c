/* contract.c - the requirements on every registered strategy. Names none of them: its
 * line in list.def subjects a new strategy to all of this. */
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
#include "tests/contract/timed.h"
#include "tests/support/fixture.h"

static const unsigned levels[] = {1, 4, 32, 500};

enum { LEVEL_COUNT = sizeof(levels) / sizeof(levels[0]) };

static const struct strategy *strategy_under_test(void **state)
{
    return *state;
}

/* The checks for every run without errors. */
static void assert_all_ok(const struct fixture *fixture, size_t requests)
{
    size_t count;
    const struct fetch_result *results = work_results(fixture->work, &count);

    assert_int_equal(count, requests);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(fetch_outcome_word(results[i].outcome), "ok");
        assert_true(results[i].begin_ns >= fixture->run_begin_ns);
        assert_true(results[i].start_ns >= results[i].begin_ns);
        assert_true(results[i].first_byte_ns > results[i].start_ns);
        assert_true(results[i].end_ns >= results[i].first_byte_ns);
        assert_true(results[i].end_ns <= fixture->run_end_ns);
        assert_int_equal(results[i].http_status, 200);
        assert_true(results[i].worker < fixture->level);
        /* The client waited at least as long as the origin says it did. */
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
        /* A strategy that is slow by nature fetches fewer pages. */
        size_t requests = limit < level ? 8 : level;
        /* Long enough for every worker of a busy machine to send its first request. */
        uint64_t delay_ms = limit > 1 ? 300 : 20;
        struct fixture_options options = {.delay_ns = delay_ms * CLOCK_NS_PER_MS};
        struct err err;
        struct fixture fixture;

        fixture_make(&fixture, requests, &options);
        fixture_open(&fixture, strategy, level);
        if (fixture_run(&fixture, requests, &err))
            fail_msg("%s at level %u: %s", strategy->name, level, err.text);
        assert_all_ok(&fixture, requests);
        assert_int_equal(fixture_peak(&fixture), limit);
        fixture_close(&fixture);
        assert_int_equal(origin_stop(&fixture.origin, NULL), 0);
        assert_int_equal(origin_stats(&fixture.origin)->requests, requests);
        assert_int_equal(origin_stats(&fixture.origin)->responses, requests);
        assert_int_equal(origin_stats(&fixture.origin)->connections, requests);
        assert_true(origin_stats(&fixture.origin)->in_flight_peak <= limit);
        fixture_destroy(&fixture);
    }
}

/* With a delay that holds the level, the origin sees all of it at once. */
static void test_origin_sees_the_level(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct fixture_options options = {.delay_ns = 500 * CLOCK_NS_PER_MS};
    size_t limit = strategy_in_flight_limit(strategy, 32);
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, limit, &options);
    fixture_open(&fixture, strategy, 32);
    assert_int_equal(fixture_run(&fixture, limit, &err), 0);
    assert_all_ok(&fixture, limit);
    fixture_close(&fixture);
    assert_int_equal(origin_stop(&fixture.origin, NULL), 0);
    assert_int_equal(origin_stats(&fixture.origin)->in_flight_peak, limit);
    fixture_destroy(&fixture);
}

static void test_fewer_requests_than_level(void **state)
{
    struct fixture_options options = {.delay_ns = 5 * CLOCK_NS_PER_MS};
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, 32, &options);
    fixture_open(&fixture, strategy_under_test(state), 32);
    for (size_t requests = 0; requests <= 3; requests++) {
        assert_int_equal(fixture_run(&fixture, requests, &err), 0);
        assert_all_ok(&fixture, requests);
    }
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

static void test_more_requests_than_level(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct fixture_options options = {.delay_ns = 5 * CLOCK_NS_PER_MS};
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, 203, &options);
    fixture_open(&fixture, strategy, 7);
    assert_int_equal(fixture_run(&fixture, 203, &err), 0);
    assert_all_ok(&fixture, 203);
    assert_int_equal(fixture_peak(&fixture), strategy_in_flight_limit(strategy, 7));
    fixture_close(&fixture);
    assert_int_equal(origin_stop(&fixture.origin, NULL), 0);
    assert_int_equal(origin_stats(&fixture.origin)->connections,
                     203); /* each has its own */
    fixture_destroy(&fixture);
}

/* When a fetch ends, the next one begins: the level is not only reached but kept. On
 * average at least half of it is in flight; a model that waits for the end of a batch, or
 * forgets to start fetches, stays far below. */
static void test_keeps_the_level(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct fixture_options options = {.delay_ns = 10 * CLOCK_NS_PER_MS};
    const struct fetch_result *results;
    uint64_t in_flight_ns = 0;
    size_t count;
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, 80, &options);
    fixture_open(&fixture, strategy, 8);
    assert_int_equal(fixture_run(&fixture, 80, &err), 0);
    results = work_results(fixture.work, &count);
    for (size_t i = 0; i < count; i++)
        in_flight_ns += results[i].end_ns - results[i].begin_ns;
    assert_true(in_flight_ns * 2 >= (fixture.run_end_ns - fixture.run_begin_ns) *
                                        strategy_in_flight_limit(strategy, 8));
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

static void test_several_runs_keep_connections(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct fixture_options options = {.delay_ns = CLOCK_NS_PER_MS,
                                      .policy = {.reuse_connections = true}};
    size_t limit = strategy_in_flight_limit(strategy, 8);
    struct err err;
    struct fixture fixture;

    if (strategy->fresh_only)
        skip(); /* it says that it cannot, and the plan never asks it to */
    fixture_make(&fixture, 40, &options);
    fixture_open(&fixture, strategy, 8);
    for (int run = 0; run < 3; run++) {
        assert_int_equal(fixture_run(&fixture, 40, &err), 0);
        assert_all_ok(&fixture, 40);
    }
    fixture_close(&fixture);
    assert_int_equal(origin_stop(&fixture.origin, NULL), 0);
    assert_int_equal(origin_stats(&fixture.origin)->connections, limit);
    assert_int_equal(origin_stats(&fixture.origin)->requests, 120);
    fixture_destroy(&fixture);
}

/* Every connection has its own handshake. Without sessions each is a full one; with
 * sessions, at least the first of every handle is. */
static void assert_over_tls(const struct strategy *strategy, bool sessions)
{
    struct fixture_options options = {.delay_ns = 20 * CLOCK_NS_PER_MS,
                                      .tls = true,
                                      .policy = {.tls_sessions = sessions}};
    const struct origin_stats *origin;
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, 40, &options);
    fixture_open(&fixture, strategy, 4);
    if (fixture_run(&fixture, 40, &err))
        fail_msg("%s", err.text);
    assert_all_ok(&fixture, 40);
    assert_int_equal(fixture_peak(&fixture), strategy_in_flight_limit(strategy, 4));
    fixture_close(&fixture);
    assert_int_equal(origin_stop(&fixture.origin, NULL), 0);
    origin = origin_stats(&fixture.origin);
    assert_int_equal(origin->connections, 40);
    assert_int_equal(origin->tls_handshakes + origin->tls_resumed, 40);
    assert_in_range(origin->tls_handshakes, sessions ? 1 : 40, 40);
    if (sessions && !strategy->fresh_only) /* keeps sessions, too */
        assert_in_range(origin->tls_resumed, 40 - 4, 39);
    fixture_destroy(&fixture);
}

static void test_over_tls(void **state)
{
    if (strategy_under_test(state)->plain_http_only)
        skip(); /* it says that it has no TLS, and the plan never asks it to */
    assert_over_tls(strategy_under_test(state), false);
    assert_over_tls(strategy_under_test(state), true);
}

/* A failed fetch is a result, not an error: run() returns 0 in all of these. */
static void assert_every_outcome_is(void **state, enum fetch_outcome outcome,
                                    const struct fixture_options *options)
{
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, 12, options);
    fixture_open(&fixture, strategy_under_test(state), 4);
    if (fixture_run(&fixture, 12, &err))
        fail_msg("%s", err.text);
    assert_int_equal(fixture_count(&fixture, outcome), 12);
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

static void test_closed_port(void **state)
{
    assert_every_outcome_is(state, FETCH_CONNECT_FAILED,
                            &(struct fixture_options){.closed_port = true});
}

static void test_wrong_status(void **state)
{
    assert_every_outcome_is(state, FETCH_BAD_STATUS,
                            &(struct fixture_options){.path = "/no/such/page"});
}

static void test_wrong_body(void **state)
{
    assert_every_outcome_is(state, FETCH_BAD_BODY,
                            &(struct fixture_options){.wrong_checksum = true});
}

/* No strategy sends a request to a server that the right CA does not vouch for. */
static void test_wrong_ca(void **state)
{
    if (strategy_under_test(state)->plain_http_only)
        skip(); /* it says that it has no TLS, and the plan never asks it to */
    assert_every_outcome_is(state, FETCH_CONNECT_FAILED,
                            &(struct fixture_options){.tls = true, .wrong_ca = true});
}

static void test_timeout(void **state)
{
    assert_every_outcome_is(state, FETCH_TIMED_OUT,
                            &(struct fixture_options){.delay_ns = 20 * CLOCK_NS_PER_S,
                                                      .policy = {.timeout_ms = 50}});
}

static void test_libcurl_queue(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);
    struct fixture_options options = {.delay_ns = 10 * CLOCK_NS_PER_MS,
                                      .policy = {.max_host_connections = 3}};
    struct err err;
    struct fixture fixture;

    if (!strategy->multi)
        skip(); /* only multi handles have libcurl's queue */
    fixture_make(&fixture, 24, &options);
    fixture_open(&fixture, strategy, 12);
    assert_int_equal(fixture_run(&fixture, 24, &err), 0);
    assert_all_ok(&fixture, 24);
    assert_int_equal(fixture_peak(&fixture), 12); /* including libcurl's queue */
    fixture_close(&fixture);
    assert_int_equal(origin_stop(&fixture.origin, NULL), 0);
    assert_int_equal(origin_stats(&fixture.origin)->in_flight_peak, 3);
    fixture_destroy(&fixture);
}

/* A child of `parent` that is neither the caller nor the origin; 0: none. */
static pid_t find_worker(pid_t parent, pid_t origin)
{
    char path[64];
    pid_t found = 0;
    long pid;
    FILE *file;

    (void)snprintf(path, sizeof(path), "/proc/%ld/task/%ld/children", (long)parent,
                   (long)parent);
    file = fopen(path, "r");
    while (file && !found && fscanf(file, "%ld", &pid) == 1)
        if (pid != origin && pid != getpid())
            found = (pid_t)pid;
    if (file)
        (void)fclose(file);
    return found;
}

/* Waits until the origin has the whole level in flight, then kills a worker process and
 * writes its pid into the pipe. */
static pid_t start_killer(const struct fixture *fixture, size_t in_flight, int pipe_fd)
{
    volatile const struct origin_stats *stats = origin_stats(&fixture->origin);
    pid_t parent = getpid();
    pid_t pid = fork();
    pid_t victim;

    assert_true(pid >= 0);
    if (pid)
        return pid;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    while (stats->in_flight_peak < in_flight && getppid() == parent)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    victim = find_worker(parent, fixture->origin.pid);
    if (!victim || kill(victim, SIGKILL) ||
        write(pipe_fd, &victim, sizeof(victim)) != sizeof(victim))
        _exit(1);
    _exit(0);
}

/* The number of processes of an idle strategy. */
static size_t processes_at_rest(const struct strategy *strategy, unsigned level)
{
    return strategy->workers == STRATEGY_WORKER_REQUEST
               ? 0
               : strategy_workers(strategy, level, FIXTURE_WORKERS);
}

/* Only one worker lost requests, and at most its share. */
static void assert_one_worker_lost(const struct fixture *fixture, size_t share)
{
    size_t count;
    size_t lost = 0;
    unsigned worker = 0;
    const struct fetch_result *results = work_results(fixture->work, &count);

    for (size_t i = 0; i < count; i++) {
        if (results[i].outcome != FETCH_LOST)
            continue;
        if (lost++)
            assert_int_equal(results[i].worker, worker);
        worker = results[i].worker;
    }
    assert_in_range(lost, 1, share);
    assert_int_equal(fixture_count(fixture, FETCH_OK), count - lost);
}

static void kill_one_at(const struct strategy *strategy, unsigned level)
{
    struct fixture_options options = {.delay_ns = 50 * CLOCK_NS_PER_MS};
    size_t at_rest = processes_at_rest(strategy, level);
    size_t share = at_rest ? (level + at_rest - 1) / at_rest : 1;
    char pid_text[32];
    pid_t pids[8];
    pid_t victim = 0;
    pid_t killer;
    struct err err;
    struct fixture fixture;
    int ends[2];
    int status;

    assert_int_equal(pipe(ends), 0);
    fixture_make(&fixture, 40, &options);
    fixture_open(&fixture, strategy, level);
    assert_int_equal(strategy->children(fixture.self, pids, 8), at_rest);
    killer = start_killer(&fixture, level, ends[1]);
    assert_int_equal(fixture_run(&fixture, 40, &err), -1);
    assert_int_equal(waitpid(killer, &status, 0), killer);
    assert_int_equal(status, 0);
    assert_int_equal(read(ends[0], &victim, sizeof(victim)), sizeof(victim));
    (void)snprintf(pid_text, sizeof(pid_text), "(pid %ld)", (long)victim);
    assert_non_null(strstr(err.text, pid_text)); /* its pid, its cause of death, ... */
    assert_non_null(strstr(err.text, "signal 9"));
    assert_non_null(strstr(err.text, "while it fetched 'http://")); /* ... and its URL */
    /* Only its requests are lost; the others fetched the rest. */
    assert_one_worker_lost(&fixture, share);
    /* The strategy works as before. */
    assert_int_equal(fixture_run(&fixture, 40, &err), 0);
    assert_all_ok(&fixture, 40);
    assert_int_equal(strategy->children(fixture.self, pids, 8), at_rest);
    fixture_close(&fixture);
    fixture_destroy(&fixture);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static void test_killed_child(void **state)
{
    const struct strategy *strategy = strategy_under_test(state);

    if (!strategy->children)
        skip(); /* no processes to kill */
    kill_one_at(strategy, 1);
    kill_one_at(strategy, 8);
}

static void open_and_use(void **state)
{
    struct fixture_options options = {0};
    struct err err;
    struct fixture fixture;

    fixture_make(&fixture, 16, &options);
    fixture_open(&fixture, strategy_under_test(state), 16);
    assert_int_equal(fixture_run(&fixture, 16, &err), 0);
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

static void test_leaves_nothing_behind(void **state)
{
    struct footprint before;

    open_and_use(state); /* libraries keep resources from their first use */
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
    {"keeps the level", test_keeps_the_level},
    {"several runs keep connections", test_several_runs_keep_connections},
    {"over TLS", test_over_tls},
    {"closed port", test_closed_port},
    {"wrong CA", test_wrong_ca},
    {"wrong status", test_wrong_status},
    {"wrong body", test_wrong_body},
    {"timeout", test_timeout},
    {"libcurl's queue", test_libcurl_queue},
    {"killed child", test_killed_child},
    {"keeps the schedule", test_keeps_the_schedule},
    {"uses places again", test_uses_places_again},
    {"ends when its time is over", test_ends_when_its_time_is_over},
    {"fetches for a time", test_fetches_for_a_time},
    {"leaves nothing behind", test_leaves_nothing_behind},
};

enum { TEST_COUNT = sizeof(tests) / sizeof(tests[0]) };

/* contract [NAME]: all strategies, or the one of that name. */
int main(int argc, char **argv)
{
    int failures = 0;
    bool found = false;
    struct err err;

    (void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (fetch_global_init(&err)) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (size_t i = 0; strategies[i]; i++) {
        char names[TEST_COUNT][80];
        struct CMUnitTest all[TEST_COUNT] = {{0}};

        if (argc > 1 && strcmp(argv[1], strategies[i]->name) != 0)
            continue;
        found = true;
        for (size_t j = 0; j < TEST_COUNT; j++) {
            (void)snprintf(names[j], sizeof(names[j]), "%s: %s", strategies[i]->name,
                           tests[j].name);
            all[j].name = names[j];
            all[j].test_func = tests[j].function;
            /* cmocka passes it on unchanged; the tests only read it. */
            all[j].initial_state = (void *)strategies[i];
        }
        failures += cmocka_run_group_tests_name(strategies[i]->name, all, NULL, NULL);
    }
    fetch_global_cleanup();
    return failures || !found ? 1 : 0;
}
