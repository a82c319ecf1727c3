/* processes.h - a pool of processes with workers of any kind. */
#ifndef STRATEGIES_SUPPORT_PROCESSES_H
#define STRATEGIES_SUPPORT_PROCESSES_H

#include "strategies/support/worker.h"

/* The functions for a strategy's table: a pool of `count` workers of a kind. Each process
 * opens its worker itself, after the fork. */
int processes_open(void **self, const struct strategy_env *env,
                   const struct worker_kind *kind, unsigned count, struct err *err);
int processes_run(void *self, struct err *err);
void processes_close(void *self);
size_t processes_children(void *self, pid_t *pids, size_t room);

#endif
