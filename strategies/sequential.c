/* sequential.c - one blocking fetch after another in the calling thread: the baseline. */
#include "fetch/fetch.h"
#include "strategies/strategy.h"

#include <stdlib.h>

struct sequential {
    struct work *work;
    struct fetch *fetch;
};

static int sequential_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct sequential *sequential = calloc(1, sizeof(*sequential));

    if (!sequential)
        return err_errno(err, "sequential");
    sequential->work = env->work;
    if (fetch_create(&sequential->fetch, env->policy, err)) {
        free(sequential);
        return -1;
    }
    *self = sequential;
    return 0;
}

static int sequential_run(void *self, struct err *err)
{
    struct sequential *sequential = self;
    struct work_item item;

    (void)err;
    while (work_take(sequential->work, 0, &item))
        fetch_perform(sequential->fetch, &item);
    return 0;
}

static void sequential_close(void *self)
{
    struct sequential *sequential = self;

    fetch_destroy(sequential->fetch);
    free(sequential);
}

const struct strategy strategy_sequential = {
    .name = "sequential",
    .summary = "one blocking fetch after another in one thread",
    .waits = "the program, in curl_easy_perform()",
    .shared = "all: one DNS cache, one connection",
    .sessions = "that of the one handle",
    .group = "article",
    .level_limit = 1,
    .needs = {.descriptors = 3},
    .open = sequential_open,
    .run = sequential_run,
    .close = sequential_close,
};
