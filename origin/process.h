/* process.h - the origin as a process of its own, beside what is measured. */
#ifndef ORIGIN_PROCESS_H
#define ORIGIN_PROCESS_H

#include <sys/types.h>

#include "base/shared.h"
#include "origin/server.h"

struct origin_process {
    pid_t pid; /* 0 when it is not running */
    uint16_t port;
    int stop_fd; /* owned; an eventfd that stops the origin; 0: none */
    struct shared shared;
};

/* Forks an origin that listens, and returns when it is ready. It records up to
 * `arrivals_room` arrivals. It dies with the caller, whatever becomes of that. The caller
 * must not have other threads. On -1 nothing is left to close. */
int origin_start(struct origin_process *process, const struct origin_options *options,
                 const struct page_set *pages, size_t arrivals_room, struct err *err);

/* Stops it and waits for its end; fine when it is not running. -1 and the words if it had
 * not served to the end: it crashed, or had to be killed. Its statistics stay readable.
 */
int origin_stop(struct origin_process *process, struct err *err);

/* What it has seen; borrowed, until origin_close(). */
const struct origin_stats *origin_stats(const struct origin_process *process);

/* Stops it if need be and gives everything back; also for one that is all zeros. */
void origin_close(struct origin_process *process);

#endif
