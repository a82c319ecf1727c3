/* test_ideal.c - the ideal, a lower bound of the run time, against a simulated client
 * that tries every combination of waits in small cases. */
#include <string.h>

#include "tests/support/check.h"

#include "harness/plan/ideal.h"
#include "origin/schedule.h"

enum { REQUESTS_MAX = 6, MAX_WAIT = 3 };

static uint64_t ideal_of(const struct behaviour *origin, uint64_t requests,
                         uint64_t at_a_time)
{
    uint64_t ideal_ns;

    assert_int_equal(ideal_time(origin, requests, at_a_time, &ideal_ns, NULL), 0);
    return ideal_ns;
}

/* Simulates a perfect client, which needs no time itself, against the origin's own
 * schedule: while fewer than `at_a_time` requests are in flight it sends the next one,
 * `waits[i]` later than it could. Returns the time of the last page. */
static uint64_t simulate_perfect_client(const struct behaviour *origin, uint64_t requests,
                                        uint64_t at_a_time, const uint64_t *waits)
{
    struct ticket tickets[256] = {0};
    struct schedule schedule;
    uint64_t in_flight = 0;
    uint64_t asked = 0;
    uint64_t done = 0;
    uint64_t now_ns = 0;

    assert_in_range(requests, 1, 256);
    schedule_init(&schedule, origin);
    while (done < requests) {
        uint64_t ask_ns = UINT64_MAX;
        uint64_t due_ns;

        if (asked < requests && in_flight < at_a_time)
            ask_ns = now_ns + (waits ? waits[asked] : 0);
        /* Pages that become due while it waits come first. */
        while ((due_ns = schedule_next_due_ns(&schedule)) <= ask_ns && in_flight) {
            while (schedule_take_due(&schedule, due_ns)) {
                in_flight--;
                done++;
            }
            now_ns = due_ns;
            if (ask_ns == UINT64_MAX)
                break;
        }
        if (ask_ns == UINT64_MAX)
            continue;
        now_ns = ask_ns;
        assert_true(schedule_admit(&schedule, &tickets[asked++], now_ns));
        in_flight++;
    }
    return now_ns;
}

/* The best time over all combinations of waits, in multiples of `unit_ns`. */
static uint64_t best_of_all(const struct behaviour *origin, uint64_t requests,
                            uint64_t at_a_time, uint64_t unit_ns)
{
    uint64_t best_ns = UINT64_MAX;
    uint64_t combinations = 1;

    for (uint64_t i = 0; i < requests; i++)
        combinations *= MAX_WAIT + 1;
    for (uint64_t i = 0; i < combinations; i++) {
        uint64_t waits[REQUESTS_MAX];
        uint64_t rest = i;
        uint64_t took_ns;

        for (uint64_t j = 0; j < requests; j++) {
            waits[j] = rest % (MAX_WAIT + 1) * unit_ns;
            rest /= MAX_WAIT + 1;
        }
        took_ns = simulate_perfect_client(origin, requests, at_a_time, waits);
        best_ns = took_ns < best_ns ? took_ns : best_ns;
    }
    return best_ns;
}

static const char *const delays[] = {"1000ns", "uniform:0..3us", "normal:1us,1us",
                                     "lognormal:1us,1", "exponential:1us"};

static struct behaviour origin_of(const char *delay, uint64_t seed, size_t capacity,
                                  enum overload overload)
{
    struct behaviour origin = {.seed = seed, .capacity = capacity, .overload = overload};

    assert_int_equal(delay_parse(&origin.delay, delay, NULL), 0);
    return origin;
}

/* Waiting never helps, and a client that never waits meets the ideal to the nanosecond.
 */
static void test_ideal_is_the_minimum(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++)
        for (uint64_t seed = 0; seed < 6; seed++)
            for (uint64_t at_a_time = 1; at_a_time <= 4; at_a_time++)
                for (size_t capacity = 0; capacity <= 3; capacity++) {
                    struct behaviour origin = origin_of(delays[i], seed, capacity,
                                                        OVERLOAD_QUEUE);
                    uint64_t ideal_ns = ideal_of(&origin, 5, at_a_time);

                    assert_int_equal(best_of_all(&origin, 5, at_a_time, 350), ideal_ns);
                    assert_int_equal(simulate_perfect_client(&origin, 5, at_a_time, NULL),
                                     ideal_ns);
                }
}

/* The same in longer cells: no place of the list schedule is ever idle. */
static void test_ideal_of_many_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++)
        for (uint64_t requests = 1; requests <= 256; requests += 17)
            for (uint64_t at_a_time = 1; at_a_time <= 300;
                 at_a_time = at_a_time * 3 + 1) {
                struct behaviour origin = origin_of(delays[i], requests, 20,
                                                    OVERLOAD_QUEUE);
                uint64_t ideal_ns = ideal_of(&origin, requests, at_a_time);

                assert_int_equal(
                    simulate_perfect_client(&origin, requests, at_a_time, NULL),
                    ideal_ns);
                assert_true(ideal_ns >=
                            delay_longest_ns(&origin.delay, requests, requests));
            }
}

/* For an origin that slows down the ideal is only a lower bound: waiting can help, but
 * never below it. */
static void test_ideal_of_an_origin_that_slows_down(void **state)
{
    size_t met = 0;
    size_t waiting_helped = 0;

    (void)state;
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++)
        for (uint64_t seed = 0; seed < 6; seed++)
            for (uint64_t at_a_time = 1; at_a_time <= 5; at_a_time++)
                for (size_t capacity = 1; capacity <= 3; capacity++) {
                    struct behaviour origin = origin_of(delays[i], seed, capacity,
                                                        OVERLOAD_SLOW);
                    uint64_t ideal_ns = ideal_of(&origin, 5, at_a_time);
                    uint64_t best_ns = best_of_all(&origin, 5, at_a_time, 350);
                    uint64_t eager_ns = simulate_perfect_client(&origin, 5, at_a_time,
                                                                NULL);

                    assert_true(best_ns >= ideal_ns && eager_ns >= best_ns);
                    met += best_ns <= ideal_ns + 1;
                    waiting_helped += best_ns < eager_ns;
                }
    assert_true(met > 100); /* of 360: the bound is tight */
    assert_true(waiting_helped > 0);
}

/* The closed form: as many requests as the level allows, at once. */
static void test_closed_form_for_equal_delays(void **state)
{
    struct behaviour origin = origin_of("100ms", 0, 50, OVERLOAD_SLOW);

    (void)state;
    assert_int_equal(ideal_of(&origin, 500, 500), 1000000000);
    assert_int_equal(ideal_of(&origin, 51, 51), 102000000);
    assert_int_equal(ideal_of(&origin, 50, 50), 100000000);
    assert_int_equal(ideal_of(&origin, 10, 1), 1000000000);
    origin.overload = OVERLOAD_QUEUE;
    assert_int_equal(ideal_of(&origin, 51, 51), 200000000);
    origin.overload = OVERLOAD_REFUSE;
    assert_int_equal(ideal_of(&origin, 51, 51), 200000000);
    assert_int_equal(ideal_of(&origin, 0, 10), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ideal_is_the_minimum),
        cmocka_unit_test(test_ideal_of_many_requests),
        cmocka_unit_test(test_ideal_of_an_origin_that_slows_down),
        cmocka_unit_test(test_closed_form_for_equal_delays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
