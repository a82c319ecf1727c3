/* threads.h - a pool of threads with workers of any kind. */
#ifndef STRATEGIES_SUPPORT_THREADS_H
#define STRATEGIES_SUPPORT_THREADS_H

#include "strategies/support/worker.h"

/* Enough for libcurl, OpenSSL and a 16 KiB buffer on the stack several times over; the
 * default of 8 MiB would reserve 80 GB of addresses for 10,000 threads. */
enum { THREAD_STACK_BYTES = 512 * 1024 };

/* libcurl keeps two of an easy handle open that performs, besides its connection. */
enum { PERFORM_DESCRIPTORS = 3 };

/* What a process has open besides. */
enum { DESCRIPTORS_SLACK = 64 };

/* The entries of a strategy's table, which serve it with `count` workers of a kind. Each
 * thread opens its worker itself. `descriptors` of each in flight: what it has open. */
int threads_open(void **self, const struct strategy_env *env,
                 const struct worker_kind *kind, unsigned count, unsigned descriptors,
                 struct err *err);
int threads_run(void *self, struct err *err);
void threads_close(void *self);

#endif
