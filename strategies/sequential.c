/* sequential.c - one blocking fetch after another in the calling thread, the baseline: a
 * blocking worker (blocking_worker.c) without a pool. */
#include "strategies/support/blocking_worker.h"

static int sequential_open(void **self, const struct strategy_env *env, struct err *err)
{
    return blocking_worker.open(self, env, 0, 1, err);
}

static int sequential_run(void *self, struct err *err)
{
    return blocking_worker.work(self, NULL, 0, err);
}

static void sequential_close(void *self)
{
    blocking_worker.close(self);
}

const struct strategy strategy_sequential = {
    .name = "sequential",
    .summary = "one blocking fetch after another in one thread",
    .waits = "the program, in curl_easy_perform()",
    .shared = "all: one DNS cache, one connection",
    .sessions = "that of the single handle",
    .group = "article",
    .level_limit = 1,
    .needs = {.descriptors = 3},
    .open = sequential_open,
    .run = sequential_run,
    .close = sequential_close,
};
