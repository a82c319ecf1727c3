/* threads.h - a pool of threads with workers of any kind. */
#ifndef STRATEGIES_SUPPORT_THREADS_H
#define STRATEGIES_SUPPORT_THREADS_H

#include "strategies/support/worker.h"

/* Enough for libcurl, OpenSSL and a 16 KiB buffer on the stack several times over; the
 * default of 8 MiB would reserve 80 GB of addresses for 10,000 threads. */
enum { THREAD_STACK_BYTES = 512 * 1024 };

/* An easy handle that performs holds two descriptors in addition to its connection. */
enum { PERFORM_DESCRIPTORS = 3 };

/* The other descriptors of a process. */
enum { DESCRIPTORS_SLACK = 64 };

/* The functions for a strategy's table: a pool of `count` workers of a kind. Each thread
 * opens its worker itself. `descriptors`: how many one fetch in flight holds. */
int threads_open(void **self, const struct strategy_env *env,
                 const struct worker_kind *kind, unsigned count, unsigned descriptors,
                 struct err *err);
int threads_run(void *self, struct err *err);
void threads_close(void *self);

#endif
