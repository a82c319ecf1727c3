/* run_strategy.c - see run_strategy.h. */
#include "tests/support/run_strategy.h"

#include "base/shared.h"
#include "base/usage.h"
#include "tests/support/check.h"

void run_strategy(const struct strategy *strategy, struct work *work,
                  const struct fetch_policy *policy, unsigned level, unsigned workers)
{
    struct strategy_env env = {
        .work = work, .policy = policy, .level = level, .workers = workers};
    struct shared shares;
    struct err err = {""};
    void *self = NULL;

    assert_int_equal(
        shared_create(&shares, "bench-test-shares", level * sizeof(struct usage), NULL),
        0);
    env.shares = shares.memory;
    if (strategy->open(&self, &env, &err) || strategy->run(self, &err))
        fail_msg("%s: %s", strategy->name, err.text);
    strategy->close(self);
    shared_close(&shares);
}
