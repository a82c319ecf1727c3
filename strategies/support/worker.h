/* worker.h - the interface of a worker: the caller's own thread, or a thread or process
 * of a pool. threads.h and processes.h each run any number of workers of either kind. */
#ifndef STRATEGIES_SUPPORT_WORKER_H
#define STRATEGIES_SUPPORT_WORKER_H

#include "strategies/strategy.h"

struct worker_kind {
    /* Prepares to keep `share` fetches in flight as worker `number`, in the thread or
     * process that will use it. `env` lasts as long as the call, its policy as long as
     * the worker. On -1 nothing is left open. */
    int (*open)(void **worker, const struct strategy_env *env, unsigned number,
                unsigned share, struct err *err);

    /* Fetches the `count` items (at most the share) that were taken for it, then all it
     * can take; blocks. -1 if the machinery broke. */
    int (*work)(void *worker, const struct work_item *items, unsigned count,
                struct err *err);

    void (*close)(void *worker); /* NULL is fine */
};

#endif
