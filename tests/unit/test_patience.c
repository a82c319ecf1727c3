/* test_patience.c - how long a cell may make no progress before it counts as hung. */
#include "base/clock.h"
#include "harness/cell/measure.h"
#include "harness/plan/plan_fields.h"
#include "tests/support/check.h"

/* The patience with 100 requests at level 50, in milliseconds, without the time that
 * bench itself needs. */
static uint64_t patience_ms(const char *program, const char *url, unsigned level_limit)
{
    struct plan plan = plan_defaults();
    struct cell cell = {.level = 50, .requests = 100};
    struct strategy *strategy;
    uint64_t ms;

    assert_int_equal(plan_set(&plan, "program", "p=./p", NULL), 0);
    assert_int_equal(plan_set(&plan, "strategy", program, NULL), 0);
    assert_int_equal(plan_set(&plan, "timeout", "7s", NULL), 0);
    plan.requests = 100;
    plan.url = url;
    strategy = &plan.outside.items[0]->strategy;
    strategy->level_limit = level_limit;
    cell.strategy = plan.strategies[0];
    ms = measure_patience_ns(&plan, &cell) / CLOCK_NS_PER_MS;
    plan_free(&plan);
    return ms - 1000 - 10000; /* 20 for each of the level, and the rest */
}

/* Each batch of requests that a program has in flight may take the timeout, and a foreign
 * server tells bench of none. */
static void test_programs(void **state)
{
    static const char url[] = "http://127.0.0.1:9/";

    (void)state;
    assert_int_equal(patience_ms("sequential", NULL, 0), 7000);
    assert_int_equal(patience_ms("sequential", url, 0), 7000);
    assert_int_equal(patience_ms("p", NULL, 0), 5000 + 7000);
    assert_int_equal(patience_ms("p", NULL, 1), 5000 + 7000);
    assert_int_equal(patience_ms("p", url, 0), 5000 + 2 * 7000);
    assert_int_equal(patience_ms("p", url, 30), 5000 + 4 * 7000);
    assert_int_equal(patience_ms("p", url, 1), 5000 + 100 * 7000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_programs),
    };

    return cmocka_run_group_tests_name("patience", tests, NULL, NULL);
}
