/* worker.h - what a worker does, whatever it is: the caller's own thread, a thread or a
 * process of a pool. threads.h and processes.h each run any number of either kind. */
#ifndef STRATEGIES_SUPPORT_WORKER_H
#define STRATEGIES_SUPPORT_WORKER_H

#include "strategies/strategy.h"

struct worker_kind {
    /* Makes what is needed to have `share` fetches in flight as worker `number`. In the
     * thread or process that will use it; the policy is copied. On -1 nothing is left
     * open. */
    int (*open)(void **worker, const struct strategy_env *env, unsigned number,
                unsigned share, struct err *err);

    /* Fetches the `count` items (at most the share) that were taken for it, and all it
     * can take besides; blocks. -1 if the machinery broke. */
    int (*work)(void *worker, const struct work_item *items, unsigned count,
                struct err *err);

    void (*close)(void *worker); /* NULL is fine */
};

#endif
