/* test_kept.c - kept connections against servers that close them: every strategy asks
 * again on a new connection, however often that happens to a handle. */
#include "fetch/fetch.h"
#include "strategies/strategy.h"
#include "tests/support/check.h"
#include "tests/support/run_strategy.h"
#include "tests/support/scripted_server.h"

#include <stdio.h>
#include <string.h>

static const char text[] = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

static const struct scenario {
    const char *name;
    struct server_script script;
    unsigned level;
} scenarios[] = {
    {"each connection answers once, one at a time", {.text = text, .answers = 1}, 1},
    {"a connection answers up to 5 times, one at a time",
     {.text = text, .answers = 5},
     1},
    {"each connection answers once or twice", {.text = text, .answers = 2}, 10},
    {"a connection answers up to 7 times", {.text = text, .answers = 7}, 10},
    {"up to 7 times, and closes at once",
     {.text = text, .answers = 7, .end = SERVER_CLOSES},
     10},
    {"up to 3 times, and closes at once",
     {.text = text, .answers = 3, .end = SERVER_CLOSES},
     40},
};

enum { SCENARIO_COUNT = sizeof(scenarios) / sizeof(scenarios[0]) };

/* Requests per handle: more than libcurl retries in a handle's life. If the server closes
 * at once, timing decides, so more requests are needed to hit the race. */
enum { REQUESTS_OF_A_HANDLE = 50, REQUESTS_OF_A_RACE = 2000 };

static size_t requests_of(const struct scenario *scenario)
{
    return scenario->script.end == SERVER_CLOSES
               ? REQUESTS_OF_A_RACE
               : (size_t)REQUESTS_OF_A_HANDLE * scenario->level;
}

/* The number of connections that answer `requests`, one at a time. */
static uint64_t connections_for(const struct server_script *script, size_t requests)
{
    uint64_t connections = 0;

    for (size_t answered = 0; answered < requests;)
        answered += scripted_server_answers(script, ++connections);
    return connections;
}

/* Returns the number of failed requests. */
static size_t count_failures(const struct strategy *strategy,
                             const struct scenario *scenario)
{
    struct fetch_policy policy = {.timeout_ms = 20000, .reuse_connections = true};
    struct work_target target = {.expect = {.http_status = 200}};
    const size_t requests = requests_of(scenario);
    const struct fetch_result *results;
    struct scripted_server server;
    size_t connections = 0;
    size_t failures = 0;
    struct work *work;
    size_t count;
    char url[64];

    scripted_server_start(&server, &scenario->script);
    (void)snprintf(url, sizeof(url), "http://127.0.0.1:%u/", server.port);
    target.url = url;
    assert_int_equal(work_create(&work, &target, 1, requests, NULL), 0);
    work_arm(work, requests);
    run_strategy(strategy, work, &policy, scenario->level, 2);
    results = work_results(work, &count);
    for (size_t i = 0; i < count; i++) {
        connections += results[i].connections;
        failures += results[i].outcome != FETCH_OK;
        if (results[i].outcome != FETCH_OK)
            print_error("%s: %s, request %zu: %s, %s, cause %u\n", scenario->name,
                        strategy->name, i, fetch_outcome_word(results[i].outcome),
                        fetch_code_text(results[i].curl_code), results[i].cause);
    }
    /* The server closed connections, and some were reused before. */
    assert_true(connections > requests / scenario->script.answers / 2);
    assert_true(scenario->script.answers == 1 || connections < requests);
    /* One at a time there is no race: each connection serves all of its requests. */
    if (scenario->level == 1)
        assert_int_equal(connections, connections_for(&scenario->script, requests));
    scripted_server_stop(&server);
    work_destroy(work);
    return failures;
}

static void test_closed_connections(void **state)
{
    const struct strategy *strategy = *state;
    size_t failures = 0;

    for (size_t i = 0; i < SCENARIO_COUNT; i++)
        failures += count_failures(strategy, &scenarios[i]);
    assert_int_equal(failures, 0);
}

/* One test per strategy, so that the output names the one that hangs. */
int main(void)
{
    int failures = 0;

    for (size_t i = 0; strategies[i]; i++) {
        const struct CMUnitTest test[] = {{.name = strategies[i]->name,
                                           .test_func = test_closed_connections,
                                           .initial_state = (void *)strategies[i]}};

        if (!strategies[i]->fresh_only)
            failures += cmocka_run_group_tests_name("kept connections", test, NULL, NULL);
    }
    return failures ? 1 : 0;
}
