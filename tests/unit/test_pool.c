/* test_pool.c - how a pool divides the level, and which workers get the first items. */
#include "strategies/support/pool.h"
#include "tests/support/check.h"

enum { LEVEL = 8, WORKERS = 3, CAPACITY = 20 };

struct division {
    size_t items;
    unsigned released, primed[WORKERS];
};

static void test_first_items(void **state)
{
    static const struct division divisions[] = {
        {0, 0, {0, 0, 0}}, {2, 2, {1, 1, 0}},  {5, 3, {2, 2, 1}},
        {8, 3, {3, 3, 2}}, {20, 3, {3, 3, 2}}, /* the workers take the others */
    };
    struct work_target target = {.url = "http://127.0.0.1/"};
    struct pool *pool = NULL;
    struct work *work = NULL;

    (void)state;
    assert_int_equal(work_create(&work, &target, 1, CAPACITY, NULL), 0);
    assert_int_equal(pool_open(&pool, WORKERS, LEVEL, &(struct fetch_policy){0}, NULL),
                     0);
    for (size_t i = 0; i < sizeof(divisions) / sizeof(divisions[0]); i++) {
        const struct division *division = &divisions[i];

        work_arm(work, division->items);
        assert_int_equal(pool_prime(pool, work), division->released);
        for (unsigned j = 0; j < WORKERS; j++) {
            const struct pool_worker *worker = &pool->workers[j];

            assert_int_equal(worker->primed, division->primed[j]);
            for (unsigned k = 0; k < worker->primed; k++)
                assert_int_equal(worker->items[k].result->worker, j);
        }
    }
    pool_close(pool);
    work_destroy(work);
}

static void test_shares(void **state)
{
    (void)state;
    for (unsigned total = 0; total < 20; total++)
        for (unsigned count = 1; count < 7; count++) {
            unsigned sum = 0;

            for (unsigned i = 0; i < count; i++)
                sum += pool_share(total, count, i);
            assert_int_equal(sum, total);
            assert_in_range(
                pool_share(total, count, 0) - pool_share(total, count, count - 1), 0, 1);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_items),
        cmocka_unit_test(test_shares),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
