/* pool.h - workers that park, are released together and tell when all have finished: what
 * a pool of threads and a pool of processes have in common.
 *
 * Before a run the coordinator gives every worker its first item, and only then releases
 * them. So each worker has begun one fetch before the first is done, however late the
 * scheduler lets it run; what it waits for the CPU counts as its latency, as it does for
 * a transfer that waits inside an event loop. Afterwards each worker takes its next item
 * itself.
 *
 * A pool lives in memory that forked processes share. It holds nothing that a killed
 * worker could leave locked. */
#ifndef STRATEGIES_POOL_H
#define STRATEGIES_POOL_H

#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"
#include "fetch/fetch.h"
#include "fetch/work.h"

struct pool_worker {
    alignas(64) sem_t go;
    unsigned round;       /* the round it was last given; the coordinator's */
    unsigned current;     /* the round it works on; the worker's */
    atomic_uint finished; /* the last round it has finished; busy while behind `round` */
    atomic_bool failed;   /* it could not start, see `failure` */
    struct err failure;
    struct work_item item; /* the one it has, or had last; `result` is NULL before */
};

struct pool {
    unsigned count;
    unsigned round;   /* 1: starting; one more for every release */
    int finished_fd;  /* an eventfd: readable once the last busy worker has parked */
    atomic_uint busy; /* workers that have not parked yet: who is the last writes there */
    atomic_bool quit;
    struct pool_worker workers[]; /* `count` of them */
};

/* A pool for `count` workers, all of them busy starting. The caller closes it when no
 * worker is left. */
int pool_open(struct pool **out, unsigned count, struct err *err);
void pool_close(struct pool *pool); /* NULL is fine */

/* coordinator's side */

/* Gives first items to the workers, in order, while the supply lasts. Returns how many
 * have got one: workers 0 to n - 1. Only while all are parked. */
unsigned pool_prime(struct pool *pool, struct work *work);

/* Releases the `n` primed workers. */
void pool_release(struct pool *pool, unsigned n);

/* Releases every worker to leave. */
void pool_dismiss(struct pool *pool);

/* Waits until the last busy worker has parked, or `other_fd` (-1: none) is readable, or
 * `timeout_ms` (-1: none) is over. True when all have parked. */
bool pool_wait(struct pool *pool, int other_fd, int timeout_ms);

/* True when no worker is busy; looks at each, for when a death has spoilt the count. */
bool pool_is_idle(const struct pool *pool);

/* 0, or -1 and the words of the first worker that could not start. */
int pool_check_started(const struct pool *pool, struct err *err);

/* The place of worker `i` after its death: nobody busy, nothing posted. */
void pool_vacate(struct pool *pool, unsigned i);

/* Gives the next item to the place of worker `i`, which a new worker is about to take, as
 * part of the round that is going on. False: the supply is empty. */
bool pool_prime_again(struct pool *pool, unsigned i, struct work *work);

/* worker's side, for worker number `i` */

/* Says that it is ready, or has nothing left to fetch, or could not start. */
void pool_park(struct pool *pool, unsigned i);
void pool_fail(struct pool *pool, unsigned i, const struct err *failure);

/* Waits for its release. False: leave. */
bool pool_wait_for_release(struct pool *pool, unsigned i);

/* Fetches its first item and all that it can take after that; blocks. */
void pool_work(struct pool *pool, unsigned i, struct work *work, struct fetch *fetch);

#endif
