/* test_injected.c - every fault of the origin against every strategy: each strategy ends
 * in time, reports the same outcome, and fetches all other pages. Names no strategy;
 * `test_injected NAME` tests one. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "fetch/fetch.h"
#include "harness/plan/fault_outcome.h"
#include "harness/validity/faults_seen.h"
#include "tests/support/check.h"
#include "tests/support/fixture.h"
#include "tests/support/in_processes.h"

/* TIMEOUT_MS is enough for a good fetch even on a slow machine, and short for the faults
 * that wait for it. SETTLE_MS bounds the wait for the origin's counters. */
enum { TIMEOUT_MS = 600, SETTLE_MS = 10000 };

/* The subject of one test, its initial state. */
struct subject {
    const struct strategy *strategy;
    enum fault_kind kind;
};

/* How pages are transferred. */
enum transport { FRESH, KEPT, TLS_GZIP_CHUNKED };

/* These faults need a Content-Length. */
static bool is_about_length(enum fault_kind kind)
{
    return kind == FAULT_LENGTH_TOO_LONG || kind == FAULT_LENGTH_TOO_SHORT;
}

/* Makes an origin that injects the fault into about `percent` % of `requests`. */
static void make_fixture(struct fixture *fixture, size_t requests, enum fault_kind kind,
                         unsigned percent, enum transport transport)
{
    struct fixture_options options = {
        .delay_ns = 2 * CLOCK_NS_PER_MS,
        .tls = transport == TLS_GZIP_CHUNKED,
        .body = {.gzip = transport == TLS_GZIP_CHUNKED,
                 .chunked = transport == TLS_GZIP_CHUNKED && !is_about_length(kind)},
        .policy = {.reuse_connections = transport == KEPT,
                   .accept_gzip = transport == TLS_GZIP_CHUNKED,
                   .timeout_ms = fault_outcome(kind) == FETCH_TIMED_OUT ? TIMEOUT_MS
                                                                        : 20000},
    };
    char text[64];

    (void)snprintf(text, sizeof(text), "%s:%u", fault_word(kind), percent);
    assert_int_equal(fault_parse(&options.faults, text, NULL), 0);
    fixture_make(fixture, requests, &options);
}

/* libcurl distinguishes a reset from an orderly end. */
static void assert_reset(enum fault_kind kind, const struct fetch_result *result)
{
    if (!strncmp(fault_word(kind), "reset-", 6))
        assert_int_equal(result->curl_code, CURLE_RECV_ERROR);
    if (!strncmp(fault_word(kind), "close-", 6))
        assert_int_not_equal(result->curl_code, CURLE_RECV_ERROR);
}

/* Every result is good or has the outcome of the fault, as the page determines. */
static void assert_judged_by_page(const struct fixture *fixture, enum fault_kind kind,
                                  unsigned percent)
{
    struct fault_rates rates = {.percent = {0}};
    struct fault_plan plan;
    size_t count;
    const struct fetch_result *results = work_results(fixture->work, &count);

    rates.percent[kind] = (uint8_t)percent;
    fault_assign(&plan, &rates, 0);
    for (size_t i = 0; i < count; i++) {
        bool faulty = plan.of_page[1 + i % PAGE_DETAIL_COUNT];
        enum fetch_outcome expected = faulty ? fault_outcome(kind) : FETCH_OK;

        if (results[i].outcome != expected)
            fail_msg("%s, request %zu: %s, not %s; %s", fault_word(kind), i,
                     fetch_outcome_word(results[i].outcome), fetch_outcome_word(expected),
                     fetch_code_text(results[i].curl_code));
        if (faulty)
            assert_reset(kind, &results[i]);
        assert_true(results[i].end_ns >= results[i].start_ns);
        if (expected == FETCH_TIMED_OUT)
            assert_true(results[i].end_ns - results[i].start_ns >=
                        (TIMEOUT_MS - 5) * CLOCK_NS_PER_MS); /* libcurl counts in ms */
    }
}

/* The origin's counts agree with the client's outcomes. */
static void assert_counts(struct fixture *fixture, enum fault_kind kind, bool reuse)
{
    struct plan plan = {.reuse_connections = reuse};
    uint64_t counts[FETCH_OUTCOME_COUNT];
    const struct origin_stats *origin = origin_stats(&fixture->origin);

    for (int i = 0; i < FETCH_OUTCOME_COUNT; i++)
        counts[i] = fixture_count(fixture, (enum fetch_outcome)i);
    /* The origin sees a client close after a timeout; it must still be running for that.
     */
    for (int ms = 0;
         ((volatile const struct origin_stats *)origin)->in_flight && ms < SETTLE_MS;
         ms++)
        clock_sleep_ns(CLOCK_NS_PER_MS);
    assert_int_equal(origin_stop(&fixture->origin, NULL), 0);
    assert_int_equal(origin->requests, origin->responses + origin->faults[kind]);
    assert_int_equal(origin->aborted, 0);
    assert_int_equal(origin->in_flight, 0);
    assert_true(faults_seen_agree(&plan, origin, counts));
    if (!reuse)
        assert_int_equal(origin->faults[kind], counts[fault_outcome(kind)]);
}

static void run(const struct subject *subject, size_t requests, unsigned percent,
                enum transport transport)
{
    struct err err;
    struct fixture fixture;

    make_fixture(&fixture, requests, subject->kind, percent, transport);
    fixture_open(&fixture, subject->strategy, 4);
    if (fixture_run(&fixture, requests, &err))
        fail_msg("%s", err.text);
    assert_judged_by_page(&fixture, subject->kind, percent);
    fixture_close(&fixture);
    assert_counts(&fixture, subject->kind, transport == KEPT);
    fixture_destroy(&fixture);
}

static void test_fault(void **state)
{
    const struct subject *subject = *state;
    bool waits = fault_outcome(subject->kind) == FETCH_TIMED_OUT;
    struct footprint before;

    run(subject, 2, 100, FRESH); /* libraries keep resources from their first use */
    if (!subject->strategy->plain_http_only)
        run(subject, 2, 100, TLS_GZIP_CHUNKED);
    before = footprint_now();
    run(subject, 8, 30, FRESH);
    if (!subject->strategy->plain_http_only && !waits)
        run(subject, 8, 30, TLS_GZIP_CHUNKED);
    if (!subject->strategy->fresh_only && !waits)
        run(subject, 24, 30, KEPT);
    footprint_assert(&before);
}

/* -- the table of faults ------------------------------------------------------- */

static void test_parsing(void **state)
{
    struct fault_rates rates = {{0}, ""};
    struct err err = {""};

    (void)state;
    assert_int_equal(fault_parse(&rates, "stall:5", &err), 0);
    assert_int_equal(fault_parse(&rates, "500:30", &err), 0);
    assert_string_equal(rates.text, "stall:5 500:30");
    assert_int_equal(fault_parse(&rates, "500:40", &err), 0); /* replaces the first */
    assert_string_equal(rates.text, "stall:5 500:40");
    assert_int_equal(fault_parse(&rates, "drip", &err), -1);
    assert_string_equal(
        err.text,
        "'drip' raises the faults to 145 % of the pages; give rates, such as drip:10");
    assert_int_equal(fault_parse(&rates, "nonsense:5", &err), -1);
    assert_string_equal(err.text,
                        "unknown fault 'nonsense'; bench serve --help lists the kinds");
    assert_int_equal(fault_parse(&rates, "stall:", &err), -1);
    assert_int_equal(fault_parse(&rates, "stall:0", &err), -1);
    assert_int_equal(fault_parse(&rates, "stall:101", &err), -1);
    assert_int_equal(fault_parse(&rates, "", &err), -1);
    assert_string_equal(rates.text, "stall:5 500:40"); /* an error changes nothing */
}

/* As many pages as the rates say, other pages with another seed, never the index. */
static void test_assignment(void **state)
{
    struct fault_rates rates = {.percent = {[FAULT_STALL] = 5, [FAULT_STATUS_500] = 30}};
    unsigned counts[FAULT_KIND_COUNT] = {0};
    struct fault_plan plan;
    struct fault_plan same;
    struct fault_plan other;

    (void)state;
    fault_assign(&plan, &rates, 7);
    fault_assign(&same, &rates, 7);
    fault_assign(&other, &rates, 8);
    assert_memory_equal(&plan, &same, sizeof(plan));
    assert_memory_not_equal(&plan, &other, sizeof(plan));
    assert_int_equal(plan.of_page[0], FAULT_NONE);
    for (size_t i = 1; i <= PAGE_DETAIL_COUNT; i++)
        counts[plan.of_page[i]]++;
    assert_int_equal(counts[FAULT_STALL], 5);
    assert_int_equal(counts[FAULT_STATUS_500], 30);
    assert_int_equal(counts[FAULT_NONE], 65);
    rates = (struct fault_rates){.percent = {[FAULT_DRIP] = 100}};
    fault_assign(&plan, &rates, 7);
    for (size_t i = 1; i <= PAGE_DETAIL_COUNT; i++)
        assert_int_equal(plan.of_page[i], FAULT_DRIP);
    assert_int_equal(plan.of_page[0], FAULT_NONE);
}

/* -- every strategy ------------------------------------------------------------ */

static int test_strategy(const struct strategy *strategy)
{
    char names[FAULT_KIND_COUNT - 1][80];
    struct CMUnitTest all[FAULT_KIND_COUNT - 1] = {{0}};
    struct subject subjects[FAULT_KIND_COUNT - 1];

    for (int i = 0; i < FAULT_KIND_COUNT - 1; i++) {
        subjects[i] = (struct subject){strategy, (enum fault_kind)(i + 1)};
        (void)snprintf(names[i], sizeof(names[i]), "%s: %s", strategy->name,
                       fault_word(subjects[i].kind));
        all[i] = (struct CMUnitTest){
            .name = names[i], .test_func = test_fault, .initial_state = &subjects[i]};
    }
    return cmocka_run_group_tests_name(strategy->name, all, NULL, NULL);
}

/* The strategies under test, one process each, since most of a test waits for timeouts.
 */
static const struct strategy *chosen[64];

static int test_chosen(size_t index)
{
    struct err err;

    (void)sigaction(SIGPIPE, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    return fetch_global_init(&err) || test_strategy(chosen[index]);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parsing),
        cmocka_unit_test(test_assignment),
    };
    int failures = cmocka_run_group_tests_name("faults", tests, NULL, NULL);
    size_t count = 0;

    for (size_t i = 0; strategies[i]; i++)
        if (argc < 2 || !strcmp(argv[1], strategies[i]->name))
            chosen[count++] = strategies[i];
    return failures || !count || in_processes(count, test_chosen) ? 1 : 0;
}
