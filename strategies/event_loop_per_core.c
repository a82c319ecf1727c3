/* event_loop_per_core.c - a few threads, each with an event loop for its share of the
 * level: one loop cannot use more than one core. */
#include "strategies/support/loop_worker.h"
#include "strategies/support/threads.h"

static int event_loop_per_core_open(void **self, const struct strategy_env *env,
                                    struct err *err)
{
    /* Every worker has a share of at least one. */
    unsigned count = env->workers < env->level ? env->workers : env->level;

    return threads_open(self, env, &loop_worker, count, 1, err);
}

const struct strategy strategy_event_loop_per_core = {
    .name = "event-loop-per-core",
    .summary = "a few threads that divide the level, an event loop in each",
    .waits = "each loop, in epoll_wait(), for its share",
    .shared = "within a thread: its DNS cache and pool of connections",
    .sessions = "each handle's own; from libcurl 8.12 on any session of the thread",
    .workers = STRATEGY_WORKERS_SHARE,
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = event_loop_per_core_open,
    .run = threads_run,
    .close = threads_close,
};
