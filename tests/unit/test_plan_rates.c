/* test_plan_rates.c - plans with rates and durations: contradictions, cells, plan.json,
 * and cells that cannot hold a rate. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "harness/cli/gate.h"
#include "harness/plan/plan_cells.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_fields.h"
#include "harness/plan/plan_json.h"
#include "harness/sweep/preflight.h"
#include "tests/support/check.h"

static const struct machine_limits no_limits = {.descriptors = 1000000};

/* Sets the fields from pairs of option and value, up to NULL. */
static struct plan typed(const char *option, ...)
{
    struct plan plan = plan_defaults();
    struct err err = {""};
    va_list rest;

    va_start(rest, option);
    for (; option; option = va_arg(rest, const char *))
        if (plan_set(&plan, option, va_arg(rest, const char *), &err))
            fail_msg("%s", err.text);
    va_end(rest);
    return plan;
}

static void expect_complete(struct plan *plan)
{
    struct err err = {""};

    if (plan_complete(plan, &err))
        fail_msg("%s", err.text);
}

/* The plan is refused with these words; frees it. */
static void expect_refused(struct plan plan, const char *words)
{
    struct err err = {""};

    assert_int_equal(plan_complete(&plan, &err), -1);
    if (!strstr(err.text, words))
        fail_msg("'%s' does not say '%s'", err.text, words);
    plan_free(&plan);
}

/* -- contradictions ------------------------------------------------------------ */

static void test_contradictions(void **state)
{
    (void)state;
    expect_refused(typed("rates", "10", "levels", "10", NULL),
                   "--rates and --levels exclude each other");
    expect_refused(typed("rates", "10", "requests", "10", NULL),
                   "--rates and --requests exclude each other: a cell fetches what "
                   "becomes due within --duration");
    expect_refused(typed("duration", "1s", "requests", "10", NULL),
                   "--duration and --requests exclude each other; give one of them");
    expect_refused(typed("arrivals", "poisson", NULL),
                   "--arrivals poisson needs --rates");
    expect_refused(typed("rates", "10,30", "cells", "event-loop@20", NULL),
                   "--cells: event-loop@20 is at none of the --rates; add 20 to them");
    expect_refused(typed("cells", "event-loop@200000", NULL),
                   "--cells: level 200000 is above the highest, 100000");
    expect_refused(typed("rates", "10", "cells", "calibrated", NULL),
                   "--cells calibrated names levels, not rates");
    expect_refused(typed("profile", "ci", "rates", "10", NULL),
                   "--cells calibrated, which --profile sets, names levels");
    expect_refused(typed("profile", "ci", "rates", "10", "strategy", "event-loop", NULL),
                   "or --requests auto if --profile sets it");
    expect_refused(
        typed("program", "p=./p", "strategy", "p", "levels", "5", "duration", "1s", NULL),
        "--duration with levels does not work for programs from outside");
}

/* The gate picks calibrated cells before the plan is complete. */
static void test_no_calibrated_rates(void **state)
{
    struct plan plan = typed("rates", "10", "cells", "calibrated", NULL);
    struct gate gate = {.text = ""};
    struct err err = {""};

    (void)state;
    assert_int_equal(gate_prepare(&gate, &plan, &err), -1);
    assert_non_null(strstr(err.text, "--cells calibrated names levels, not rates"));
    gate_close(&gate);
    plan_free(&plan);
}

/* -- choices ------------------------------------------------------------------- */

static void test_durations(void **state)
{
    struct plan plan = typed("rates", "10", NULL);

    (void)state;
    expect_complete(&plan);
    assert_int_equal(plan.duration_ns, 10 * CLOCK_NS_PER_S);
    assert_int_equal(plan.max_in_flight, 500);
    assert_false(plan_probes_memory(&plan));
    assert_false(plan_has_ideal(&plan));
    plan_free(&plan);
    plan = typed("rates", "10", "duration", "2s", NULL);
    expect_complete(&plan);
    assert_int_equal(plan.duration_ns, 2 * CLOCK_NS_PER_S);
    plan_free(&plan);
    plan = typed("levels", "10", NULL);
    expect_complete(&plan);
    assert_int_equal(plan.duration_ns, 0);
    plan_free(&plan);
}

static bool has(const struct strategy *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(list[i]->name, name))
            return true;
    return false;
}

/* A group leaves out what holds one request at a time; what is named stays. */
static void test_serial_strategies(void **state)
{
    struct plan plan = typed("rates", "10", "strategy", "all", NULL);

    (void)state;
    expect_complete(&plan);
    assert_int_equal(plan.left_out_count, 2);
    assert_true(has(plan.left_out, 2, "sequential"));
    assert_true(has(plan.left_out, 2, "coroutine-blocking"));
    assert_false(has(plan.strategies, plan.strategy_count, "sequential"));
    assert_true(has(plan.strategies, plan.strategy_count, "event-loop"));
    plan_free(&plan);

    plan = typed("rates", "10", "strategy", "all,sequential", NULL);
    expect_complete(&plan);
    assert_int_equal(plan.left_out_count, 1);
    assert_true(has(plan.strategies, plan.strategy_count, "sequential"));
    plan_free(&plan);

    plan = typed("levels", "10", "strategy", "all", NULL);
    expect_complete(&plan);
    assert_int_equal(plan.left_out_count, 0);
    assert_true(has(plan.strategies, plan.strategy_count, "sequential"));
    plan_free(&plan);
}

static void test_cells_at_rates(void **state)
{
    struct plan plan = typed("rates", "20,50,200000", "duration", "100ms", "rounds", "1",
                             "cells", "event-loop@200000,thread-pool@50", NULL);
    struct cell_list list;

    (void)state;
    expect_complete(&plan);
    assert_int_equal(plan.levels.count, 0);
    assert_int_equal(plan.rates.count, 2); /* those of the cells */
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 2);
    for (size_t i = 0; i < list.count; i++) {
        const struct cell *cell = &list.cells[i];

        assert_int_equal(cell->level, 500);
        assert_int_equal(cell->requests, cell->rate == 50 ? 5 : 20000);
        assert_string_equal(cell->strategy->name,
                            cell->rate == 50 ? "thread-pool" : "event-loop");
    }
    cell_list_free(&list);
    plan_free(&plan);
}

/* The same requests for all strategies of a round, others in the next one. */
static void test_requests_of_rounds(void **state)
{
    struct plan plan = typed("rates", "1000", "arrivals", "poisson", "duration", "1s",
                             "seed", "5", "rounds", "3", "strategy",
                             "event-loop,thread-pool", NULL);
    uint64_t requests[4] = {0};
    struct cell_list list;

    (void)state;
    expect_complete(&plan);
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.count, 6);
    for (size_t i = 0; i < list.count; i++) {
        uint64_t *of_round = &requests[list.cells[i].round];

        assert_true(!*of_round || *of_round == list.cells[i].requests);
        *of_round = list.cells[i].requests;
        assert_in_range(*of_round, 800, 1200); /* six standard deviations */
    }
    assert_true(requests[1] != requests[2] || requests[2] != requests[3]);
    cell_list_free(&list);
    plan_free(&plan);
}

/* A limit per host may spread the requests beyond the duration. */
static void test_predicted_time(void **state)
{
    struct plan plan = typed("rates", "100", "duration", "1s", "rounds", "1", "strategy",
                             "event-loop", NULL);
    struct cell_list list;

    (void)state;
    expect_complete(&plan);
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.cells[0].length_ns, CLOCK_NS_PER_S);
    cell_list_free(&list);
    plan.per_host_rate = 200;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.cells[0].length_ns, CLOCK_NS_PER_S);
    cell_list_free(&list);
    plan.per_host_rate = 5;
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(list.cells[0].length_ns, 198 * CLOCK_NS_PER_S / 10);
    assert_false(list.cells[0].once); /* --once-above does not apply */
    cell_list_free(&list);
    plan_free(&plan);
}

/* -- plan.json ----------------------------------------------------------------- */

/* The plan that a run writes is read back as the same one, complete or not. */
static void test_round_trip(void **state)
{
    static const char *const cells[] = {"", "event-loop@10,thread-pool@20"};

    (void)state;
    for (int complete = 0; complete < 2; complete++)
        for (size_t i = 0; i < 2; i++) {
            struct plan plan = typed("rates", "10,20", "arrivals", "poisson",
                                     "max-in-flight", "7", "per-host-rate", "9", NULL);
            struct plan back = {.strategy_count = 0};
            struct err err = {""};
            json_t *before;
            json_t *after;

            if (cells[i][0])
                assert_int_equal(plan_set(&plan, "cells", cells[i], NULL), 0);
            if (complete)
                expect_complete(&plan);
            before = plan_to_json(&plan);
            assert_non_null(before);
            if (plan_from_json(&back, before, &err))
                fail_msg("%s", err.text);
            expect_complete(&back);
            if (complete) {
                after = plan_to_json(&back);
                assert_true(json_equal(before, after));
                json_decref(after);
            }
            assert_int_equal(back.rates.count, 2);
            assert_int_equal(back.pick_count, cells[i][0] ? 2 : 0);
            assert_int_equal(back.max_in_flight, 7);
            assert_int_equal(back.per_host_rate, 9);
            assert_true(back.poisson_arrivals);
            json_decref(before);
            plan_free(&back);
            plan_free(&plan);
        }
}

/* -- preflight ----------------------------------------------------------------- */

static bool forbidden(const struct plan *plan, const struct cell *cell,
                      const struct machine_limits *limits, const char *words)
{
    struct verdict verdict;
    bool forbids = preflight_forbids(plan, cell, limits, &verdict);

    if (forbids && !strstr(verdict.reason, words))
        fail_msg("'%s' does not say '%s'", verdict.reason, words);
    return forbids;
}

static void test_preflight(void **state)
{
    static const struct strategy serial = {.name = "serial", .level_limit = 1};
    static const struct strategy many = {.name = "many", .needs = {.descriptors = 1}};
    struct plan plan = typed("rates", "100", "duration", "10s", "strategy", "event-loop",
                             NULL);
    struct machine_limits limits = no_limits;
    struct cell cell = {.strategy = &serial,
                        .level = 500,
                        .rate = 100,
                        .requests = 1000,
                        .length_ns = plan.duration_ns};

    (void)state;
    assert_true(forbidden(&plan, &cell, &limits,
                          "holds one request at a time, so it cannot hold a rate"));
    cell.strategy = &many;
    assert_false(forbidden(&plan, &cell, &limits, ""));
    cell.requests = ARRIVALS_MAX;
    assert_false(forbidden(&plan, &cell, &limits, ""));
    cell.requests++;
    assert_true(
        forbidden(&plan, &cell, &limits, "needs room for more than 10000000 requests"));
    cell.requests = 0;
    assert_true(forbidden(&plan, &cell, &limits,
                          "has no request that becomes due within the duration; use a "
                          "higher rate or a longer --duration"));

    /* A port per request stands in TIME_WAIT for a minute, or a second. */
    cell.requests = 1000;
    limits.ports = 1000;
    assert_true(forbidden(&plan, &cell, &limits,
                          "1000; use a lower rate or a shorter --duration, or "
                          "--connections reuse"));
    limits.ports_reused_on_loopback = true;
    assert_false(forbidden(&plan, &cell, &limits, ""));
    limits.ports_reused_on_loopback = false;
    plan.reuse_connections = true;
    assert_false(forbidden(&plan, &cell, &limits, ""));

    limits.ports = 100;
    assert_true(forbidden(&plan, &cell, &limits, "use a lower --max-in-flight"));
    limits.ports = 0;
    limits.descriptors = 500;
    assert_true(forbidden(&plan, &cell, &limits, "file descriptors"));
    limits = no_limits;
    plan.origin.capacity = 1;
    plan.timeout_ns = CLOCK_NS_PER_S;
    assert_true(forbidden(&plan, &cell, &limits,
                          "use a longer --timeout, a lower rate or a lower "
                          "--max-in-flight"));
    plan_free(&plan);
}

static void test_nothing_to_run(void **state)
{
    struct plan plan = typed("rates", "10", "strategy", "sequential", NULL);
    struct cell_list list;
    struct err err = {""};

    (void)state;
    expect_complete(&plan);
    assert_int_equal(plan_cells(&plan, &list, NULL), 0);
    assert_int_equal(preflight_check(&plan, &list, &no_limits, &err), -1);
    assert_non_null(strstr(err.text, "nothing to run: sequential at rate 10 holds one "
                                     "request at a time"));
    cell_list_free(&list);
    plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_contradictions), cmocka_unit_test(test_no_calibrated_rates),
        cmocka_unit_test(test_durations),      cmocka_unit_test(test_serial_strategies),
        cmocka_unit_test(test_cells_at_rates), cmocka_unit_test(test_requests_of_rounds),
        cmocka_unit_test(test_predicted_time), cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_preflight),      cmocka_unit_test(test_nothing_to_run),
    };

    return cmocka_run_group_tests_name("plans with rates", tests, NULL, NULL);
}
