/* test_plan.c - levels, the ideal, the order of cells. */
#include "base/clock.h"
#include "base/text.h"
#include "harness/plan/budget.h"
#include "harness/plan/plan_cells.h"
#include "harness/plan/plan_fields.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

/* -- levels -------------------------------------------------------------------- */

static const struct {
    const char *typed, *understood;
} good_levels[] = {
    {"1", "1"},
    {"1,3,5,...,500", "1,3,5,10,15,30,50,75,100,200,500"},
    {"1,...,500", "1,3,5,10,15,30,50,75,100,200,500"},
    {"1,...,500,...,10000", "1,3,5,10,15,30,50,75,100,200,500,1000,2000,5000,10000"},
    {"7,...,60", "7,10,15,30,50,60"},
    {"1,...,3", "1,3"},
    {"5,3,1", "1,3,5"},
    {"3,3,3", "3"},
    {"10-50:10", "10,20,30,40,50"},
    {"10-55:10", "10,20,30,40,50"},
    {"1-4", "1,2,3,4"},
    {"5-5", "5"},
    {"1-3,...,12-14", "1,2,3,5,10,12,13,14"},
    {"1, 5 ,  10-12", "1,5,10,11,12"},
    {"500,...,100000", "500,1000,2000,5000,10000,20000,50000,100000"},
};

static void test_levels(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(good_levels) / sizeof(good_levels[0]); i++) {
        struct levels levels;
        struct err err = {""};
        struct text written;
        char *text;

        if (levels_parse(&levels, &levels_kind, good_levels[i].typed, &err))
            fail_msg("%s: %s", good_levels[i].typed, err.text);
        assert_int_equal(text_open(&written, NULL), 0);
        levels_write(&levels, written.out);
        text = text_close(&written, NULL, NULL);
        assert_string_equal(text, good_levels[i].understood);
        free(text);
    }
}

static void test_bad_levels(void **state)
{
    static const char *const bad[] = {
        "",      "0",           "x",       "1,,3",    "1,",     ",1",   "...", "...,5",
        "1,...", "1,...,...,5", "5,...,5", "5,...,1", "100001", "-3",   "3-",  "3-1",
        "1-5:0", "1-5:x",       "1.5",     "1-1000",  "1 3",    "1-5:", "1;3", "1-2-3",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct levels levels;
        struct err err = {""};

        if (!levels_parse(&levels, &levels_kind, bad[i], &err))
            fail_msg("'%s' was taken for levels", bad[i]);
        assert_true(err.text[0]);
    }
}

/* -- a plan over strategies of known limits ------------------------------------ */

static const struct strategy one_at_a_time = {.name = "one", .level_limit = 1};
static const struct strategy many = {.name = "many"};
static const struct strategy multi = {.name = "multi", .multi = true};

static struct plan plan_of(const char *levels)
{
    struct plan plan = plan_defaults();

    plan.strategies[0] = &one_at_a_time;
    plan.strategies[1] = &many;
    plan.strategies[2] = &multi;
    plan.strategy_count = 3;
    plan.seed = 42;
    assert_int_equal(levels_parse(&plan.levels, &levels_kind, levels, NULL), 0);
    return plan;
}

static uint64_t ideal_ns(const struct plan *plan, const struct strategy *strategy,
                         unsigned level)
{
    uint64_t ideal_ns;

    assert_int_equal(plan_ideal_ns(plan, strategy, level, &ideal_ns, NULL), 0);
    return ideal_ns;
}

static void test_ideal(void **state)
{
    struct plan plan = plan_of("1,10,100");
    uint64_t ms = CLOCK_NS_PER_MS;

    (void)state;
    /* As many requests as the level: one delay for strategies that hold it. */
    assert_int_equal(ideal_ns(&plan, &one_at_a_time, 100), 5000 * ms);
    assert_int_equal(ideal_ns(&plan, &many, 100), 50 * ms);
    assert_int_equal(ideal_ns(&plan, &many, 1), 50 * ms);
    plan.requests = 101; /* one more request needs one more batch */
    assert_int_equal(ideal_ns(&plan, &many, 100), 100 * ms);
    assert_int_equal(ideal_ns(&plan, &many, 10), 550 * ms);
    plan.requests = 5; /* fewer than the level */
    assert_int_equal(plan_inflight_limit(&plan, &many, 100), 5);
    assert_int_equal(ideal_ns(&plan, &many, 100), 50 * ms);
    plan.requests = 0;
    plan.origin.capacity = 30;
    assert_int_equal(ideal_ns(&plan, &many, 100), 200 * ms);
    assert_int_equal(ideal_ns(&plan, &many, 10), 50 * ms);
    assert_int_equal(ideal_ns(&plan, &one_at_a_time, 10), 500 * ms);
    plan.origin.capacity = 0;
    plan.max_host_connections = 25; /* libcurl's queue, which only multi handles have */
    assert_int_equal(ideal_ns(&plan, &multi, 100), 200 * ms);
    assert_int_equal(ideal_ns(&plan, &many, 100), 50 * ms);
    assert_int_equal(plan_inflight_limit(&plan, &multi, 100), 100);
    assert_int_equal(plan_origin_limit(&plan, &multi, 100), 25);
    plan.origin.delay = delay_fixed(0);
    assert_int_equal(ideal_ns(&plan, &multi, 100), 0);
    plan.url = "http://127.0.0.1/";
    assert_int_equal(ideal_ns(&plan, &many, 100), 0);
}

static void test_requests_and_timeout(void **state)
{
    struct plan plan = plan_of("1,10,100");

    (void)state;
    assert_int_equal(plan_requests(&plan, 10), 10);
    plan.tls_sessions = true; /* for kept connections, so that some are reused */
    assert_int_equal(plan_requests(&plan, 10), 100);
    plan.tls_sessions = false;
    plan.reuse_connections = true;
    assert_int_equal(plan_requests(&plan, 10), 100);
    plan.requests = 7;
    assert_int_equal(plan_requests(&plan, 10), 7);
    assert_int_equal(plan_timeout_ns(&plan), 30 * CLOCK_NS_PER_S);
    plan.origin.delay = delay_fixed(5 * CLOCK_NS_PER_S);
    assert_int_equal(plan_timeout_ns(&plan), 50 * CLOCK_NS_PER_S);
    plan.origin.capacity = 10; /* the last of a hundred waits for ten batches */
    assert_int_equal(plan_timeout_ns(&plan), 500 * CLOCK_NS_PER_S);
    plan.origin.capacity = 0;
    plan.max_host_connections = 20; /* or for five in libcurl's queue */
    assert_int_equal(plan_timeout_ns(&plan), 250 * CLOCK_NS_PER_S);
    plan.timeout_ns = CLOCK_NS_PER_S;
    assert_int_equal(plan_timeout_ns(&plan), CLOCK_NS_PER_S);
}

/* A duration alone does not bound the requests; the delay of each does. */
static void test_requests_of_a_duration(void **state)
{
    struct plan plan = plan_of("1,10,100");
    uint64_t bound;

    (void)state;
    plan.duration_ns = CLOCK_NS_PER_S;
    plan.origin.delay = delay_fixed(50 * CLOCK_NS_PER_MS);
    assert_true(plan_bounds_requests(&plan, 10, &bound));
    assert_int_equal(bound, 10 * 21); /* one more than can begin, so that room is left */
    assert_int_equal(plan_requests(&plan, 10), 10 * 21);
    plan.duration_ns++;
    assert_int_equal(plan_requests(&plan, 10), 10 * 22);
    plan.duration_ns--;
    plan.origin.delay = delay_fixed(1);
    assert_int_equal(plan_requests(&plan, 100), 200001); /* faster than any model */
    assert_int_equal(delay_parse(&plan.origin.delay, "uniform:20ms..80ms", NULL), 0);
    assert_int_equal(plan_requests(&plan, 10), 10 * 51);
    assert_int_equal(delay_parse(&plan.origin.delay, "exponential:20ms", NULL), 0);
    assert_false(plan_bounds_requests(&plan, 10, &bound));
    assert_int_equal(plan_requests(&plan, 10), 200001);
    plan.per_host_rate = 7;
    assert_true(plan_bounds_requests(&plan, 10, &bound));
    assert_int_equal(bound, 9);
    assert_int_equal(plan_requests(&plan, 10), 9);
    plan.per_host_rate = 0;
    /* A request that is refused or reset at once does not take its delay. */
    plan.origin.delay = delay_fixed(50 * CLOCK_NS_PER_MS);
    assert_true(plan_bounds_requests(&plan, 10, &bound));
    plan.origin.capacity = 1;
    plan.origin.overload = OVERLOAD_REFUSE;
    assert_false(plan_bounds_requests(&plan, 10, &bound));
    plan.origin.overload = OVERLOAD_QUEUE;
    assert_int_equal(fault_parse(&plan.origin.faults, "reset-in-head:1", NULL), 0);
    assert_true(plan_bounds_requests(&plan, 10, &bound));
    assert_int_equal(fault_parse(&plan.origin.faults, "reset-at-once:1", NULL), 0);
    assert_false(plan_bounds_requests(&plan, 10, &bound));
    plan.url = "http://127.0.0.1/";
    assert_false(plan_bounds_requests(&plan, 10, &bound));
    plan.duration_ns = 24 * (3600 * CLOCK_NS_PER_S);
    assert_int_equal(plan_requests(&plan, 10), ARRIVALS_MAX);
    plan.duration_ns = 0;
    plan.requests = 12;
    assert_true(plan_bounds_requests(&plan, 10, &bound));
    assert_int_equal(bound, 12);
}

/* At random moments more requests may become due than rate * duration. */
static void test_in_flight_at_a_rate(void **state)
{
    struct plan plan = plan_of("1");

    (void)state;
    plan.levels.count = 0;
    assert_int_equal(levels_parse(&plan.rates, &rates_kind, "10,100", NULL), 0);
    plan.duration_ns = CLOCK_NS_PER_S / 2;
    plan.poisson_arrivals = true;
    assert_int_equal(plan_inflight_limit(&plan, &many, plan.max_in_flight), 500);
    assert_int_equal(plan_inflight_limit(&plan, &one_at_a_time, 500), 1);
    assert_int_equal(plan_origin_limit(&plan, &many, plan.max_in_flight), 500);
}

/* A strategy with one request in flight has no room for those of its level. */
static void test_cells_of_a_duration(void **state)
{
    struct plan plan = plan_of("100");
    struct cell_list list;

    (void)state;
    plan.duration_ns = CLOCK_NS_PER_S;
    plan.rounds = 1;
    plan.strategies[0] = &one_at_a_time;
    plan.strategies[1] = &many;
    plan.strategy_count = 2;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(list.cells[i].requests,
                         list.cells[i].strategy == &many ? 100 * 21 : 21);
    cell_list_free(&list);
}

static void test_plan_check(void **state)
{
    struct plan plan = plan_of("1");
    struct err err = {""};

    (void)state;
    assert_int_equal(plan_check(&plan, &err), 0);
    plan.timeout_ns = plan.origin.delay.ns;
    assert_int_equal(plan_check(&plan, &err), -1);
    assert_non_null(strstr(err.text, "--timeout 50ms is not above --delay 50ms"));
    plan.url = "http://127.0.0.1/"; /* another server's delay is unknown */
    assert_int_equal(plan_check(&plan, &err), 0);
    plan.levels.count = 0;
    assert_int_equal(plan_check(&plan, &err), -1);
    plan = plan_of("1");
    plan.strategy_count = 0;
    assert_int_equal(plan_check(&plan, &err), -1);
}

/* -- cells --------------------------------------------------------------------- */

/* The number of times that a cell is in a round. */
static size_t visits(const struct cell_list *list, const struct strategy *strategy,
                     unsigned level, unsigned round)
{
    size_t count = 0;

    for (size_t i = 0; i < list->count; i++)
        count += list->cells[i].strategy == strategy && list->cells[i].level == level &&
                 list->cells[i].round == round;
    return count;
}

static void test_every_round_visits_every_cell(void **state)
{
    struct plan plan = plan_of("1,3,5,10");
    struct cell_list list;

    (void)state;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 3 * 4 * 3);
    for (size_t i = 0; i < list.count; i++) {
        assert_int_equal(list.cells[i].round, 1 + i / 12);
        assert_int_equal(list.cells[i].position, 1 + i % 12);
    }
    for (unsigned round = 1; round <= 3; round++)
        for (size_t i = 0; i < 3; i++)
            for (size_t j = 0; j < 4; j++)
                assert_int_equal(
                    visits(&list, plan.strategies[i], plan.levels.values[j], round), 1);
    cell_list_free(&list);
}

static bool same_order(const struct cell *a, const struct cell *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (a[i].strategy != b[i].strategy || a[i].level != b[i].level)
            return false;
    return true;
}

static void test_order(void **state)
{
    struct plan plan = plan_of("1,3,5,10");
    struct cell_list first;
    struct cell_list second;

    (void)state;
    assert_int_equal(plan_cells(&plan, &first, NULL), 0);
    assert_int_equal(plan_cells(&plan, &second, NULL), 0);
    assert_true(same_order(first.cells, second.cells, first.count)); /* same seed */
    assert_false(same_order(first.cells, first.cells + 12, 12)); /* each round differs */
    cell_list_free(&second);
    plan.seed = 43;
    assert_int_equal(plan_cells(&plan, &second, NULL), 0);
    assert_false(same_order(first.cells, second.cells, first.count));
    cell_list_free(&second);
    plan.shuffled = false;
    assert_int_equal(plan_cells(&plan, &second, NULL), 0);
    assert_true(same_order(second.cells, second.cells + 12, 12));
    for (size_t i = 0; i < 12; i++) {
        assert_ptr_equal(second.cells[i].strategy, plan.strategies[i / 4]);
        assert_int_equal(second.cells[i].level, plan.levels.values[i % 4]);
    }
    cell_list_free(&second);
    cell_list_free(&first);
}

static void test_long_cells(void **state)
{
    struct plan plan = plan_of("1,40,41,500");
    struct cell_list list;

    (void)state;
    plan.max_cell_ns = 20 * CLOCK_NS_PER_S;
    plan.warmup_rounds = 1;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    /* One at a time, 40 pages take 2 s, which is not above --once-above 2s. */
    for (unsigned round = 0; round <= 3; round++) {
        assert_int_equal(visits(&list, &one_at_a_time, 40, round), 1);
        assert_int_equal(visits(&list, &one_at_a_time, 41, round), round == 1);
        assert_int_equal(visits(&list, &one_at_a_time, 500, round), round == 1);
        assert_int_equal(visits(&list, &many, 500, round), 1);
    }
    for (size_t i = 0; i < list.count; i++) {
        const struct cell *cell = &list.cells[i];
        bool is_one = cell->strategy == &one_at_a_time;

        assert_int_equal(cell->once, is_one && cell->level > 40);
        assert_int_equal(cell->skipped, is_one && cell->level == 500);
        assert_int_equal(cell->position == 0, cell->skipped);
    }
    cell_list_free(&list);
}

static void test_workers(void **state)
{
    static const struct strategy divided = {.name = "divided",
                                            .workers = STRATEGY_WORKERS_SHARE};
    static const struct strategy each = {.name = "each", .workers = STRATEGY_WORKER_EACH};
    struct plan plan = plan_of("10");

    (void)state;
    plan.workers = 4;
    assert_int_equal(plan_workers(&plan, &divided, 10), 4);
    assert_int_equal(plan_workers(&plan, &divided, 3), 3); /* no idle worker */
    assert_int_equal(plan_workers(&plan, &each, 10), 0);
    assert_int_equal(plan_workers(&plan, &many, 10), 0);
    plan.max_host_connections = 2; /* nor one without a connection */
    assert_int_equal(plan_workers(&plan, &divided, 10), 2);
    assert_int_equal(strategy_workers(&each, 10, 4), 10);
    assert_int_equal(strategy_workers(&many, 10, 4), 0);
}

/* -- a gate's cells ------------------------------------------------------------ */

/* Only the selected cells are visited, each in both variants, in adjacent positions and
 * in either order. */
static void test_picked_cells(void **state)
{
    static const struct variant variants[] = {{.name = "a"}, {.name = "b"}};
    struct plan plan = plan_of("10,100");
    struct cell_list list;
    size_t a_first = 0;

    (void)state;
    plan.picks[0] = (struct pick){&many, 10};
    plan.picks[1] = (struct pick){&many, 100};
    plan.picks[2] = (struct pick){&multi, 100};
    plan.pick_count = 3;
    plan.variants[0] = variants[0];
    plan.variants[1] = variants[1];
    plan.variant_count = 2;
    plan.rounds = 40;
    assert_false(plan_has(&plan, &multi, 10));
    assert_int_equal(plan_point_count(&plan), 3);
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 3 * 2 * 40);
    for (size_t i = 0; i < list.count; i += 2) {
        const struct cell *first = &list.cells[i];
        const struct cell *second = &list.cells[i + 1];

        assert_ptr_equal(first->strategy, second->strategy);
        assert_int_equal(first->level, second->level);
        assert_int_equal(first->round, second->round);
        assert_ptr_not_equal(first->variant, second->variant);
        assert_true(plan_has(&plan, first->strategy, first->level));
        a_first += first->variant == &plan.variants[0];
    }
    /* Half of 120; the bounds are 5.5 standard deviations off. */
    assert_true(a_first > 30 && a_first < 90);
    cell_list_free(&list);
}

/* At most as many rounds as would fit if only the delays took time. */
static void test_a_budget_bounds_the_rounds(void **state)
{
    struct plan plan = plan_of("10");
    struct cell_list list;

    (void)state;
    plan.strategies[0] = &many;
    plan.strategy_count = 1;
    plan.rounds = 10000;
    plan.budget_ns = 10 * CLOCK_NS_PER_S;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 181); /* 10 s in visits of 55 ms */
    assert_true(list.predicted_s <= 10);
    cell_list_free(&list);
    plan.rounds = 3;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 3);
    cell_list_free(&list);
    assert_int_equal(plan_analyses(&plan), 1);
    plan.variant_count = 2;
    assert_int_equal(plan_analyses(&plan), BUDGET_ANALYSES);
    plan.spend_budget = true;
    assert_int_equal(plan_analyses(&plan), 1);
}

static void test_budget(void **state)
{
    uint64_t s = CLOCK_NS_PER_S;
    struct budget budget;

    (void)state;
    budget_start(&budget, 100 * s, 1000 * s);
    assert_false(budget_analysis_is_due(&budget, 1019 * s));
    assert_true(budget_analysis_is_due(&budget, 1020 * s));
    assert_false(budget_analysis_is_due(&budget, 1039 * s)); /* each once */
    assert_true(budget_analysis_is_due(&budget, 1065 * s));  /* two due count as one */
    assert_false(budget_analysis_is_due(&budget, 1079 * s));
    assert_true(budget_analysis_is_due(&budget, 1080 * s));
    assert_false(budget_analysis_is_due(&budget, 1100 * s)); /* the end has its own */

    budget_start(&budget, 100 * s, 1000 * s);
    assert_true(budget_has_room(&budget, 1030 * s)); /* a round of 30 s */
    assert_true(budget_has_room(&budget, 1050 * s)); /* of 20 s; another 30 s fit */
    assert_true(budget_has_room(&budget, 1070 * s));
    assert_false(budget_has_room(&budget, 1071 * s)); /* another 30 s do not */
    budget_start(&budget, 0, 1000 * s);
    assert_true(budget_has_room(&budget, 9000 * s));
    assert_false(budget_analysis_is_due(&budget, 9000 * s));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels),
        cmocka_unit_test(test_bad_levels),
        cmocka_unit_test(test_ideal),
        cmocka_unit_test(test_requests_and_timeout),
        cmocka_unit_test(test_requests_of_a_duration),
        cmocka_unit_test(test_in_flight_at_a_rate),
        cmocka_unit_test(test_cells_of_a_duration),
        cmocka_unit_test(test_plan_check),
        cmocka_unit_test(test_every_round_visits_every_cell),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_long_cells),
        cmocka_unit_test(test_workers),
        cmocka_unit_test(test_picked_cells),
        cmocka_unit_test(test_a_budget_bounds_the_rounds),
        cmocka_unit_test(test_budget),
    };

    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
