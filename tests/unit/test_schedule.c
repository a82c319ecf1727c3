/* test_schedule.c - the order of service: queues, refusals, and an origin that slows
 * down, compared with a simulation in small steps. */
#include <math.h>
#include <string.h>

#include "tests/support/check.h"

#include "base/random.h"
#include "origin/schedule.h"

static void begin(struct schedule *schedule, uint64_t delay_ns, size_t capacity,
                  enum overload overload)
{
    struct behaviour behaviour = {
        .delay = delay_fixed(delay_ns), .capacity = capacity, .overload = overload};

    schedule_init(schedule, &behaviour);
}

/* -- the heap ------------------------------------------------------------------ */

/* Compared with a linear search, with insertions and removals in any order. */
static void test_heap(void **state)
{
    enum { NODES = 64 };
    struct heap_node nodes[NODES] = {{0}};
    bool inside[NODES] = {false};
    struct random random = {7};
    struct heap heap = {0};

    (void)state;
    for (uint64_t step = 0; step < 20000; step++) {
        size_t i = (size_t)random_below(&random, NODES);
        const struct heap_node *least = NULL;

        if (inside[i]) {
            heap_remove(&heap, &nodes[i]);
        } else {
            nodes[i].key = (double)random_below(&random, 20);
            nodes[i].order = step;
            heap_add(&heap, &nodes[i]);
        }
        inside[i] = !inside[i];
        for (size_t j = 0; j < NODES; j++)
            if (inside[j] &&
                (!least || nodes[j].key < least->key ||
                 (nodes[j].key == least->key && nodes[j].order < least->order)))
                least = &nodes[j];
        assert_ptr_equal(heap.root, least);
    }
}

/* -- queueing and refusing ----------------------------------------------------- */

static void test_queue(void **state)
{
    struct schedule schedule;
    struct ticket tickets[4] = {0};

    (void)state;
    begin(&schedule, 100, 2, OVERLOAD_QUEUE);
    for (size_t i = 0; i < 4; i++)
        assert_true(schedule_admit(&schedule, &tickets[i], 10 * i));
    assert_int_equal(schedule.served_count, 2);
    assert_int_equal(schedule.queued_count, 2);
    assert_int_equal(schedule_next_due_ns(&schedule), 100);
    assert_null(schedule_take_due(&schedule, 99)); /* never early */
    assert_ptr_equal(schedule_take_due(&schedule, 100), &tickets[0]);
    /* The first in the queue takes its place; its delay begins now. */
    assert_int_equal(tickets[2].place, TICKET_SERVED);
    assert_null(schedule_take_due(&schedule, 109));
    assert_ptr_equal(schedule_take_due(&schedule, 150), &tickets[1]); /* taken late */
    assert_int_equal(tickets[1].due_ns, 110);
    assert_int_equal(tickets[3].served_ns, 110); /* which does not delay the next one */
    schedule_leave(&schedule, &tickets[2], 160); /* its client left */
    assert_null(schedule_take_due(&schedule, 209));
    assert_ptr_equal(schedule_take_due(&schedule, 210), &tickets[3]);
    assert_true(schedule_next_due_ns(&schedule) == UINT64_MAX);
    schedule_leave(&schedule, &tickets[3], 260); /* it has already left: no effect */
    assert_int_equal(schedule.served_count, 0);
}

static void test_leaving_frees_a_place(void **state)
{
    struct schedule schedule;
    struct ticket tickets[4] = {0};

    (void)state;
    begin(&schedule, 100, 1, OVERLOAD_QUEUE);
    for (size_t i = 0; i < 4; i++)
        assert_true(schedule_admit(&schedule, &tickets[i], 0));
    schedule_leave(&schedule, &tickets[1], 10); /* out of the queue */
    assert_int_equal(schedule.queued_count, 2);
    schedule_leave(&schedule, &tickets[0], 20); /* out of service */
    assert_ptr_equal(schedule_take_due(&schedule, 120), &tickets[2]);
    assert_null(schedule_take_due(&schedule, 219));
    schedule_leave(&schedule, &tickets[3], 230); /* it was due but not sent yet */
    assert_null(schedule_take_due(&schedule, 1000));
    assert_true(schedule_next_due_ns(&schedule) == UINT64_MAX);
}

static void test_refuse(void **state)
{
    struct schedule schedule;
    struct ticket tickets[4] = {0};

    (void)state;
    begin(&schedule, 100, 2, OVERLOAD_REFUSE);
    assert_true(schedule_admit(&schedule, &tickets[0], 0));
    assert_true(schedule_admit(&schedule, &tickets[1], 50));
    assert_false(schedule_admit(&schedule, &tickets[2], 99));
    assert_int_equal(schedule.queued_count, 0);
    assert_true(schedule_admit(&schedule, &tickets[3], 100)); /* one has just finished */
    schedule_leave(&schedule, &tickets[2], 110); /* it was refused: no effect */
    assert_ptr_equal(schedule_take_due(&schedule, 1000), &tickets[0]);
    assert_ptr_equal(schedule_take_due(&schedule, 1000), &tickets[1]);
    assert_ptr_equal(schedule_take_due(&schedule, 1000), &tickets[3]);
    assert_null(schedule_take_due(&schedule, 1000));
}

/* Each is due after its own delay, in any order of arrival. */
static void test_drawn_delays(void **state)
{
    enum { COUNT = 200 };
    struct behaviour behaviour = {.seed = 5};
    struct ticket tickets[COUNT] = {0};
    struct schedule schedule;
    size_t overtaken = 0;
    uint64_t last_ns = 0;

    (void)state;
    assert_int_equal(delay_parse(&behaviour.delay, "uniform:1us..9us", NULL), 0);
    schedule_init(&schedule, &behaviour);
    for (uint64_t i = 0; i < COUNT; i++)
        assert_true(schedule_admit(&schedule, &tickets[i], i));
    for (size_t i = 0; i < COUNT; i++) {
        uint64_t due_ns = schedule_next_due_ns(&schedule);
        struct ticket *ticket = schedule_take_due(&schedule, due_ns);
        uint64_t number = (uint64_t)(ticket - tickets);

        assert_non_null(ticket);
        assert_true(due_ns >= last_ns);
        assert_int_equal(due_ns, number + delay_of(&behaviour.delay, 5, number));
        overtaken += number != i;
        last_ns = due_ns;
    }
    assert_in_range(overtaken, COUNT / 2, COUNT);
}

/* -- slowing down -------------------------------------------------------------- */

static void test_equal_delays_at_once(void **state)
{
    struct schedule schedule;
    struct ticket tickets[10] = {0};

    (void)state;
    begin(&schedule, 100, 4, OVERLOAD_SLOW);
    for (size_t i = 0; i < 10; i++)
        assert_true(schedule_admit(&schedule, &tickets[i], 0));
    assert_int_equal(schedule_next_due_ns(&schedule), 250); /* 10 of them at 4/10 */
    assert_null(schedule_take_due(&schedule, 249));
    for (size_t i = 0; i < 10; i++)
        assert_ptr_equal(schedule_take_due(&schedule, 250), &tickets[i]);
}

/* An arrival or departure changes the remaining time of the others, not the work already
 * done. */
static void test_speed_changes(void **state)
{
    struct schedule schedule;
    struct ticket tickets[3] = {0};

    (void)state;
    begin(&schedule, 100, 1, OVERLOAD_SLOW);
    assert_true(schedule_admit(&schedule, &tickets[0], 0));
    assert_true(schedule_admit(&schedule, &tickets[1], 40)); /* 60 left, at 1/2 */
    assert_int_equal(schedule_next_due_ns(&schedule), 160);
    assert_true(schedule_admit(&schedule, &tickets[2], 100)); /* 30 left, at 1/3 */
    assert_int_equal(schedule_next_due_ns(&schedule), 190);
    schedule_leave(&schedule, &tickets[1], 130); /* 20 left, at 1/2 */
    assert_int_equal(schedule_next_due_ns(&schedule), 170);
    /* Taken late; the other one has been alone since 170, when 70 were left. */
    assert_ptr_equal(schedule_take_due(&schedule, 200), &tickets[0]);
    assert_int_equal(tickets[0].due_ns, 170);
    assert_int_equal(schedule_next_due_ns(&schedule), 240);
}

enum { SHARERS = 40 };

/* The same by brute force: in every step, each page present gets its share. */
static void simulate(const uint64_t *arrive, const uint64_t *leave, const uint64_t *delay,
                     size_t capacity, double step, double *due)
{
    double left[SHARERS];
    size_t open = SHARERS;

    for (size_t i = 0; i < SHARERS; i++) {
        left[i] = (double)delay[i];
        due[i] = NAN;
    }
    for (uint64_t steps = 0; open; steps++) {
        double now = (double)steps * step;
        bool here[SHARERS];
        size_t count = 0;
        double share;

        for (size_t i = 0; i < SHARERS; i++) {
            here[i] = isnan(due[i]) && (double)arrive[i] <= now &&
                      now < (double)leave[i] && left[i] > 0;
            count += here[i];
        }
        share = count > capacity ? (double)capacity / (double)count : 1;
        open = 0;
        for (size_t i = 0; i < SHARERS; i++) {
            if (here[i] && (left[i] -= share * step) <= 0)
                due[i] = now + step;
            open += isnan(due[i]) && now < (double)leave[i];
        }
    }
}

/* Runs the schedule through arrivals and departures in the order of time, polling it only
 * now and then, as a busy origin does. */
static void run_schedule(struct schedule *schedule, struct ticket *tickets,
                         const uint64_t *arrive, const uint64_t *leave, uint64_t until)
{
    for (uint64_t now = 0; now < until; now++) {
        for (size_t i = 0; i < SHARERS; i++) {
            if (arrive[i] == now)
                assert_true(schedule_admit(schedule, &tickets[i], now));
            if (leave[i] == now)
                schedule_leave(schedule, &tickets[i], now);
        }
        while (now % 97 == 0 && schedule_take_due(schedule, now))
            ;
    }
    while (schedule_take_due(schedule, until))
        ;
}

static void test_sharing_against_simulation(void **state)
{
    const double step = 0.25;

    (void)state;
    for (uint64_t seed = 0; seed < 12; seed++) {
        struct random random = {seed};
        struct behaviour behaviour = {
            .seed = seed, .capacity = 1 + (size_t)seed % 5, .overload = OVERLOAD_SLOW};
        struct ticket tickets[SHARERS] = {0};
        struct schedule schedule;
        uint64_t arrive[SHARERS];
        uint64_t leave[SHARERS];
        uint64_t delay[SHARERS];
        double due[SHARERS];
        uint64_t at = 0;

        assert_int_equal(delay_parse(&behaviour.delay, "lognormal:200ns,1", NULL), 0);
        for (size_t i = 0; i < SHARERS; i++) {
            /* In order of arrival, so that the number is the index in the arrays. */
            at += random_below(&random, 120);
            arrive[i] = at;
            leave[i] = random_below(&random, 4) ? UINT64_MAX
                                                : at + 1 + random_below(&random, 900);
            delay[i] = delay_of(&behaviour.delay, seed, i);
        }
        simulate(arrive, leave, delay, behaviour.capacity, step, due);
        schedule_init(&schedule, &behaviour);
        run_schedule(&schedule, tickets, arrive, leave, 60000);
        for (size_t i = 0; i < SHARERS; i++) {
            /* The simulation rounds each departure up to a step; these errors add up. */
            double off = (double)tickets[i].due_ns - due[i];

            if (isnan(due[i]) || fabs((double)leave[i] - due[i]) < 30)
                continue;
            if (!(fabs(off) <= SHARERS * step + 1))
                fail_msg("seed %zu, page %zu: due at %.0f, and it should be %.2f",
                         (size_t)seed, i, (double)tickets[i].due_ns, due[i]);
        }
    }
}

/* -- a queue with several servers ---------------------------------------------- */

/* The moment at which the `servers` servers, each free from its moment in `free_ns`,
 * begin a request that arrives at `at` and takes `takes`: the first free server takes it.
 */
static uint64_t begin_on_first_free(uint64_t *free_ns, size_t servers, uint64_t at,
                                    uint64_t takes)
{
    size_t first = 0;
    uint64_t begins;

    for (size_t i = 1; i < servers; i++)
        if (free_ns[i] < free_ns[first])
            first = i;
    begins = free_ns[first] > at ? free_ns[first] : at;
    free_ns[first] = begins + takes;
    return begins;
}

enum { QUEUE_REQUESTS = 5000, SERVERS_MAX = 5 };

static void check_queue(const char *delay, size_t servers)
{
    static struct ticket tickets[QUEUE_REQUESTS];
    static uint64_t begins_ns[QUEUE_REQUESTS];
    struct behaviour behaviour = {.seed = servers, .capacity = servers};
    uint64_t free_ns[SERVERS_MAX] = {0};
    struct random random = {servers};
    struct schedule schedule;
    uint64_t gap_ns;
    uint64_t at = 0;

    assert_int_equal(delay_parse(&behaviour.delay, delay, NULL), 0);
    gap_ns = 5 * behaviour.delay.ns / (2 * servers); /* a utilisation of 0.8 */
    memset(tickets, 0, sizeof(tickets));
    schedule_init(&schedule, &behaviour);
    for (size_t i = 0; i < QUEUE_REQUESTS; i++) {
        at += random_below(&random, gap_ns + 1);
        if (random_below(&random, 3) == 0) /* the origin sends late */
            while (schedule_take_due(&schedule, at))
                ;
        assert_true(schedule_admit(&schedule, &tickets[i], at));
        begins_ns[i] = begin_on_first_free(free_ns, servers, at,
                                           delay_of(&behaviour.delay, servers, i));
    }
    while (schedule_take_due(&schedule, UINT64_MAX / 4))
        ;
    for (size_t i = 0; i < QUEUE_REQUESTS; i++)
        assert_int_equal(tickets[i].served_ns, begins_ns[i]);
}

/* Requests begin in the order of their arrival, on the first free of K servers, which is
 * then busy for exactly the request's delay: the queue that theory describes. It does not
 * depend on when the origin sends a page. */
static void test_queue_is_first_come_first_served(void **state)
{
    static const char *const delays[] = {"1ms", "exponential:1ms", "exponential:2ns"};

    (void)state;
    for (size_t i = 0; i < sizeof(delays) / sizeof(delays[0]); i++)
        for (size_t servers = 1; servers <= SERVERS_MAX; servers++)
            check_queue(delays[i], servers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_heap),
        cmocka_unit_test(test_queue),
        cmocka_unit_test(test_leaving_frees_a_place),
        cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_drawn_delays),
        cmocka_unit_test(test_equal_delays_at_once),
        cmocka_unit_test(test_speed_changes),
        cmocka_unit_test(test_sharing_against_simulation),
        cmocka_unit_test(test_queue_is_first_come_first_served),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
