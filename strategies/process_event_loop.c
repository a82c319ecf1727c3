/* process_event_loop.c - a few forked processes, each with an event loop for its share of
 * the level, as servers do. */
#include "strategies/support/loop_worker.h"
#include "strategies/support/processes.h"

static int process_event_loop_open(void **self, const struct strategy_env *env,
                                   struct err *err)
{
    /* Every worker has a share of at least one. */
    unsigned count = env->workers < env->level ? env->workers : env->level;

    return processes_open(self, env, &loop_worker, count, err);
}

const struct strategy strategy_process_event_loop = {
    .name = "process-event-loop",
    .summary = "a few processes that divide the level, an event loop in each",
    .waits = "each loop, in epoll_wait(), for its share",
    .shared = "within a process: its DNS cache and pool of connections",
    .sessions = "each handle's own; from libcurl 8.12 on any session of the process",
    .workers = STRATEGY_WORKERS_SHARE,
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = process_event_loop_open,
    .run = processes_run,
    .close = processes_close,
    .children = processes_children,
};
