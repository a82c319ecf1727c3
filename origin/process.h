/* process.h - the origin in a separate process, beside the one that is measured. */
#ifndef ORIGIN_PROCESS_H
#define ORIGIN_PROCESS_H

#include <sys/types.h>

#include "base/shared.h"
#include "origin/server.h"

struct origin_process {
    pid_t pid; /* 0 when it is not running */
    uint16_t port;
    int listen_fd; /* owned until it runs; 0: none */
    int stop_fd;   /* owned; an eventfd that stops the origin; 0: none */
    struct shared shared;
};

/* Forks an origin that listens, and returns when it is ready. It records up to
 * `arrivals_room` arrivals. It dies when the caller does. The caller must not
 * have other threads. On -1 there is nothing to close. */
int origin_start(struct origin_process *process, const struct origin_options *options,
                 const struct page_set *pages, size_t arrivals_room, struct err *err);

/* The two steps of origin_start(). After the first, the port is known and clients may
 * connect; after the second, they are served. On -1 of the second the caller closes. */
int origin_open(struct origin_process *process, const struct origin_options *options,
                size_t arrivals_room, struct err *err);
int origin_run(struct origin_process *process, const struct origin_options *options,
               const struct page_set *pages, struct err *err);

/* Asks it to end, and does not wait; origin_stop() does. */
void origin_ask_to_stop(struct origin_process *process);

/* Stops it and waits for its end; fine when it is not running. Fails if it did not
 * serve to the end: it crashed, or had to be killed. Its statistics stay readable. */
int origin_stop(struct origin_process *process, struct err *err);

/* Its statistics; borrowed until origin_close(). */
const struct origin_stats *origin_stats(const struct origin_process *process);

/* Stops it if it runs, and frees everything; fine for all zeros. */
void origin_close(struct origin_process *process);

#endif
