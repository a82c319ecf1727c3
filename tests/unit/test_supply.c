/* test_supply.c - the supply of a cell at a rate: when it ends, and the results that are
 * unfinished then; and the stamps of requests that were claimed ahead. */
#include "harness/cell/supply.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "harness/cell/report_check.h"
#include "harness/plan/plan_fields.h"
#include "tests/support/check.h"

enum { RATE = 10, REQUESTS = 10 };

static const struct strategy some = {.name = "some"};

static const struct target_list *one_target(void)
{
    static struct work_target target = {.url = "http://host/"};
    static struct target_list list;

    list = (struct target_list){.targets = &target, .count = 1};
    return &list;
}

static struct plan plan_of(void)
{
    struct plan plan = plan_defaults();

    plan.strategies[plan.strategy_count++] = &some;
    plan.duration_ns = CLOCK_NS_PER_S;
    plan.timeout_ns = 2 * CLOCK_NS_PER_S;
    return plan;
}

static struct cell cell_at(unsigned rate)
{
    return (struct cell){
        .strategy = &some, .level = 5, .rate = rate, .requests = REQUESTS, .round = 1};
}

static struct work *make_supply(const struct plan *plan, const struct cell *cell,
                                bool at_once)
{
    struct work *work;
    struct err err = {""};

    if (supply_make(&work, plan, cell, one_target(), at_once, &err))
        fail_msg("%s", err.text);
    return work;
}

/* -- when it ends -------------------------------------------------------------- */

static void test_times(void **state)
{
    struct cell at_rate = cell_at(RATE);
    struct cell at_level = cell_at(0);
    struct plan plan = plan_of();
    struct work *work = make_supply(&plan, &at_rate, false);
    size_t count;

    (void)state;
    assert_true(work_has_moments(work));
    assert_int_equal(supply_last_due_ns(work), 9 * CLOCK_NS_PER_S / 10);
    /* One timeout, and a little, after the last was due. */
    assert_true(work_close_ns(work) >= 29 * CLOCK_NS_PER_S / 10);
    assert_true(work_close_ns(work) < 31 * CLOCK_NS_PER_S / 10);
    work_destroy(work);

    work = make_supply(&plan, &at_rate, true); /* the memory probe does not wait */
    assert_false(work_has_moments(work));
    assert_int_equal(work_close_ns(work), 0);
    assert_int_equal(supply_last_due_ns(work), 0);
    work_destroy(work);

    work = make_supply(&plan, &at_level, false);
    assert_false(work_has_moments(work));
    assert_int_equal(work_close_ns(work), CLOCK_NS_PER_S);
    work_destroy(work);

    plan.per_host_rate = 4; /* four of ten are due within the duration */
    work = make_supply(&plan, &at_level, false);
    (void)work_results(work, &count);
    assert_int_equal(count, 4);
    assert_int_equal(supply_last_due_ns(work), 3 * CLOCK_NS_PER_S / 4);
    work_destroy(work);
}

/* -- which results are unfinished ---------------------------------------------- */

enum {
    NEVER_BEGUN,      /* no worker took it */
    CUT_OFF,          /* when the time was over */
    CUT_OFF_LATE,     /* a little after that */
    TIMED_OUT_BEFORE, /* by its own timeout */
    GOOD,
    REFUSED,
    LOST_IN_FLIGHT, /* its worker died */
    CASES,
};

/* The run begins at 100 s, its time is over at 102.9 s and some. */
#define STARTED_NS (100 * CLOCK_NS_PER_S)

static void settle(const struct cell *cell, struct fetch_result results[CASES])
{
    struct plan plan = plan_of();
    struct work *work = make_supply(&plan, cell, false);
    uint64_t stop_ns = STARTED_NS + work_close_ns(work);
    const struct fetch_result cases[CASES] = {
        [NEVER_BEGUN] = {.outcome = FETCH_LOST},
        [CUT_OFF] = {.begin_ns = STARTED_NS,
                     .end_ns = stop_ns,
                     .outcome = FETCH_TIMED_OUT},
        [CUT_OFF_LATE] = {.begin_ns = STARTED_NS,
                          .end_ns = stop_ns + 1,
                          .outcome = FETCH_TIMED_OUT},
        [TIMED_OUT_BEFORE] = {.begin_ns = STARTED_NS,
                              .end_ns = stop_ns - 1,
                              .outcome = FETCH_TIMED_OUT},
        [GOOD] = {.begin_ns = STARTED_NS, .end_ns = stop_ns, .outcome = FETCH_OK},
        [REFUSED] = {.begin_ns = STARTED_NS,
                     .end_ns = stop_ns,
                     .outcome = FETCH_CONNECT_FAILED},
        [LOST_IN_FLIGHT] = {.begin_ns = STARTED_NS, .outcome = FETCH_LOST},
    };

    memcpy(results, cases, sizeof(cases));
    supply_settle(work, cell, STARTED_NS, results, CASES);
    work_destroy(work);
}

static void test_settled_at_a_rate(void **state)
{
    static const enum fetch_outcome expected[CASES] = {
        [NEVER_BEGUN] = FETCH_UNFINISHED,
        [CUT_OFF] = FETCH_UNFINISHED,
        [CUT_OFF_LATE] = FETCH_UNFINISHED,
        [TIMED_OUT_BEFORE] = FETCH_TIMED_OUT,
        [GOOD] = FETCH_OK,
        [REFUSED] = FETCH_CONNECT_FAILED,
        [LOST_IN_FLIGHT] = FETCH_LOST,
    };
    struct cell cell = cell_at(RATE);
    struct fetch_result results[CASES];

    (void)state;
    settle(&cell, results);
    for (size_t i = 0; i < CASES; i++) {
        assert_int_equal(results[i].outcome, expected[i]);
        assert_int_equal(results[i].due_ns, STARTED_NS + i * CLOCK_NS_PER_S / RATE);
    }
}

/* At a level nothing is unfinished: a request that has begun may take its time. */
static void test_settled_at_a_level(void **state)
{
    struct cell cell = cell_at(0);
    struct fetch_result results[CASES];

    (void)state;
    settle(&cell, results);
    assert_int_equal(results[NEVER_BEGUN].outcome, FETCH_LOST);
    assert_int_equal(results[CUT_OFF].outcome, FETCH_TIMED_OUT);
    for (size_t i = 0; i < CASES; i++)
        assert_int_equal(results[i].due_ns, 0);
}

/* -- claimed ahead ------------------------------------------------------------- */

/* A worker stamps its claim with the moment at which that is due. If the cell ends
 * before, the stamp is later than its life, and still no sign of overwritten memory. */
static void test_claimed_ahead(void **state)
{
    static const struct cell_bounds bounds = {
        .begin_ns = 100, .end_ns = 200, .last_due_ns = 300, .processes = 1};
    static const struct {
        struct fetch_result result;
        bool possible;
    } cases[] = {
        {{.begin_ns = 250, .outcome = FETCH_LOST}, true},
        {{.begin_ns = 300, .outcome = FETCH_LOST}, true},
        {{.begin_ns = 301, .outcome = FETCH_LOST}, false}, /* none was due then */
        {{.begin_ns = 99, .outcome = FETCH_LOST}, false},
        {{.begin_ns = 250, .start_ns = 250, .outcome = FETCH_LOST}, false},
        {{.begin_ns = 250, .start_ns = 150, .outcome = FETCH_LOST}, true}, /* too early */
        {{.begin_ns = 250, .end_ns = 260, .outcome = FETCH_LOST}, false},
        {{.begin_ns = 250, .outcome = FETCH_OK}, false},
        {{.begin_ns = 250, .outcome = FETCH_UNFINISHED}, false},
        {{.begin_ns = 150, .outcome = FETCH_LOST}, true},
        {{.outcome = FETCH_UNFINISHED}, false}, /* the reader knows */
        {{.outcome = FETCH_UNFINISHED, .unknown = FETCH_UNKNOWN_PHASES}, true},
        {{.outcome = FETCH_UNFINISHED + 1}, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fetch_result result = cases[i].result;
        struct err err = {""};
        int outcome = results_check(&result, 1, &bounds, &err);

        if ((outcome == 0) != cases[i].possible)
            fail_msg("case %zu: %s", i, err.text);
        if (outcome)
            assert_int_equal(result.begin_ns, 0); /* and it stays lost */
    }
}

/* Without moments there is nothing to claim ahead. */
static void test_not_claimed_ahead(void **state)
{
    struct cell_bounds bounds = {.begin_ns = 100, .end_ns = 200, .processes = 1};
    struct fetch_result result = {.begin_ns = 201, .outcome = FETCH_LOST};

    (void)state;
    assert_int_equal(results_check(&result, 1, &bounds, NULL), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_settled_at_a_rate),
        cmocka_unit_test(test_settled_at_a_level),
        cmocka_unit_test(test_claimed_ahead),
        cmocka_unit_test(test_not_claimed_ahead),
    };

    return cmocka_run_group_tests_name("supply", tests, NULL, NULL);
}
