/* process_event_loop.c - a few forked processes, each with an event loop for its share of
 * the level, as servers do it. */
#include "strategies/support/loop_worker.h"
#include "strategies/support/processes.h"

static int process_event_loop_open(void **self, const struct strategy_env *env,
                                   struct err *err)
{
    /* Each has something to do. */
    unsigned count = env->workers < env->level ? env->workers : env->level;

    return processes_open(self, env, &loop_worker, count, err);
}

const struct strategy strategy_process_event_loop = {
    .name = "process-event-loop",
    .summary = "a few processes, an event loop in each, the level divided",
    .waits = "each loop, in epoll_wait(), for its share",
    .shared = "within a process: its DNS cache and pool of connections",
    .sessions = "each handle its own; any of the process from libcurl 8.12 on",
    .workers = STRATEGY_WORKERS_SHARE,
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = process_event_loop_open,
    .run = processes_run,
    .close = processes_close,
    .children = processes_children,
};
