/* process_pool.c - as many processes as the level, each with blocking fetches. */
#include "strategies/support/blocking_worker.h"
#include "strategies/support/processes.h"

static int process_pool_open(void **self, const struct strategy_env *env, struct err *err)
{
    return processes_open(self, env, &blocking_worker, env->level, err);
}

const struct strategy strategy_process_pool = {
    .name = "process-pool",
    .summary = "a pool of processes with blocking fetches",
    .waits = "each process, in curl_easy_perform()",
    .shared = "nothing: each process has its own DNS cache and connection",
    .sessions = "each process's own",
    .group = "article",
    .workers = STRATEGY_WORKER_EACH,
    .needs = {.processes = 1, .memory_bytes = 320 * 1024},
    .open = process_pool_open,
    .run = processes_run,
    .close = processes_close,
    .children = processes_children,
};
