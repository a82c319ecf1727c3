/* program_start.h - starts a program with pipes for its standard streams. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_START_H
#define STRATEGIES_OUTSIDE_PROGRAM_START_H

#include <sys/types.h>

#include "base/err.h"
#include "strategies/outside/request.h"

struct program_child {
    pid_t pid;                   /* 0: it was not started */
    int in_fd, out_fd, error_fd; /* the caller closes them; -1: none */
};

/* Starts the command of `request` with `job` in BENCH_JOB. It has no descriptors but its
 * standard streams, no environment for proxies or TLS keys, and dies with this process.
 * -1: no pipes, memory or process, or the command cannot be executed; then `child->pid`,
 * if not 0, is still to be reaped. Reading from `out_fd` and `error_fd` never blocks. */
int program_start(struct program_child *child, const struct outside_request *request,
                  const char *job, struct err *err);

#endif
