/* timed.c - the part of the contract on requests that become due at planned moments, and
 * on a run that ends at one. */
#include "tests/contract/timed.h"

#include "tests/support/check.h"
#include "tests/support/fixture.h"

enum { REQUESTS = 60, LEVEL = 8, DELAY_MS = 5 };

/* One per millisecond, and every tenth together with the two before it. Targets run
 * backwards. */
static void plan_moments(struct work_moment moments[REQUESTS])
{
    for (size_t i = 0; i < REQUESTS; i++) {
        size_t step = i % 10 == 9 ? i - 2 : i % 10 == 8 ? i - 1 : i;

        moments[i] = (struct work_moment){.due_ns = step * CLOCK_NS_PER_MS,
                                          .target = (uint32_t)(REQUESTS - i)};
    }
}

void test_keeps_the_schedule(void **state)
{
    const struct strategy *strategy = *state;
    struct work_moment moments[REQUESTS];
    struct work_timing timing = {.moments = moments};
    struct fixture fixture;
    struct err err = {""};
    const struct fetch_result *results;
    uint64_t started_ns;
    size_t count;

    plan_moments(moments);
    fixture_make(&fixture, REQUESTS,
                 &(struct fixture_options){.delay_ns = DELAY_MS * CLOCK_NS_PER_MS,
                                           .timing = &timing});
    fixture_open(&fixture, strategy, LEVEL);
    for (int run = 0; run < 2; run++) {
        assert_int_equal(fixture_run(&fixture, REQUESTS, &err), 0);
        assert_int_equal(fixture_count(&fixture, FETCH_OK), REQUESTS);
        started_ns = work_started_ns(fixture.work);
        results = work_results(fixture.work, &count);
        for (size_t i = 0; i < count; i++) {
            assert_true(results[i].begin_ns >= started_ns + moments[i].due_ns);
            assert_true(results[i].start_ns >= results[i].begin_ns);
        }
        assert_true(fixture_peak(&fixture) <= strategy_in_flight_limit(strategy, LEVEL));
    }
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

/* With a place per request, threads and processes that have ended would pile up if only a
 * lack of places had them reaped. */
void test_uses_places_again(void **state)
{
    const struct strategy *strategy = *state;
    struct work_moment moments[REQUESTS];
    struct work_timing timing = {.moments = moments};
    bool used[REQUESTS] = {false};
    struct fixture fixture;
    struct err err = {""};
    const struct fetch_result *results;
    size_t places = 0;
    size_t count;

    if (strategy->workers != STRATEGY_WORKER_REQUEST)
        skip(); /* its workers are there from the beginning */
    for (size_t i = 0; i < REQUESTS; i++)
        moments[i] = (struct work_moment){.due_ns = 20 * i * CLOCK_NS_PER_MS};
    fixture_make(&fixture, REQUESTS, &(struct fixture_options){.timing = &timing});
    fixture_open(&fixture, strategy, REQUESTS);
    assert_int_equal(fixture_run(&fixture, REQUESTS, &err), 0);
    assert_int_equal(fixture_count(&fixture, FETCH_OK), REQUESTS);
    results = work_results(fixture.work, &count);
    for (size_t i = 0; i < count; i++) {
        assert_true(results[i].worker < REQUESTS);
        places += !used[results[i].worker];
        used[results[i].worker] = true;
    }
    /* A machine that is busy for over a second would need them all. */
    assert_true(places < REQUESTS);
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

/* All are due long before the end, but few of them can be answered. */
void test_ends_when_its_time_is_over(void **state)
{
    static const uint64_t close_ns = 300 * CLOCK_NS_PER_MS;
    const struct strategy *strategy = *state;
    struct work_moment moments[REQUESTS];
    struct work_timing timing = {.moments = moments, .close_ns = close_ns, .cuts = true};
    struct fixture fixture;
    struct err err = {""};
    size_t taken;

    plan_moments(moments);
    fixture_make(
        &fixture, REQUESTS,
        &(struct fixture_options){.delay_ns = 20 * CLOCK_NS_PER_S, .timing = &timing});
    fixture_open(&fixture, strategy, LEVEL);
    assert_int_equal(fixture_run(&fixture, REQUESTS, &err), 0);
    taken = strategy_in_flight_limit(strategy, LEVEL);
    assert_int_equal(work_taken(fixture.work), taken);
    assert_int_equal(fixture_count(&fixture, FETCH_TIMED_OUT), taken);
    assert_true(fixture.run_end_ns - fixture.run_begin_ns >= close_ns);
    /* The delay is far beyond any lateness of a busy machine. */
    assert_true(fixture.run_end_ns - fixture.run_begin_ns < 15 * CLOCK_NS_PER_S);
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}

/* No moments: as many as fit into the time, one after another in each place. */
void test_fetches_for_a_time(void **state)
{
    static const uint64_t close_ns = 100 * CLOCK_NS_PER_MS;
    const struct strategy *strategy = *state;
    struct work_timing timing = {.close_ns = close_ns};
    struct fixture fixture;
    struct err err = {""};

    fixture_make(&fixture, 10000,
                 &(struct fixture_options){.delay_ns = DELAY_MS * CLOCK_NS_PER_MS,
                                           .timing = &timing});
    fixture_open(&fixture, strategy, LEVEL);
    assert_int_equal(fixture_run(&fixture, 10000, &err), 0);
    assert_true(work_taken(fixture.work) >= strategy_in_flight_limit(strategy, LEVEL));
    assert_true(work_taken(fixture.work) < 10000);
    assert_int_equal(fixture_count(&fixture, FETCH_OK), work_taken(fixture.work));
    assert_true(fixture.run_end_ns - fixture.run_begin_ns >= close_ns);
    fixture_close(&fixture);
    fixture_destroy(&fixture);
}
