/* pool.h - workers that park, are released together and report when all have finished:
 * the common part of a pool of threads and a pool of processes.
 *
 * The workers divide the level among them: a share is one if there are as many workers as
 * the level, more if there are fewer. Before a run the coordinator gives every worker as
 * many first items as its share, and only then releases them. So the whole level has
 * begun before the first fetch is done, however late the scheduler lets a worker run; the
 * wait for the CPU counts as latency, as it does for a transfer that waits inside an
 * event loop. Afterwards each worker takes its next items itself.
 *
 * A pool lives in memory that forked processes share. It holds nothing that a killed
 * worker could leave locked. */
#ifndef STRATEGIES_SUPPORT_POOL_H
#define STRATEGIES_SUPPORT_POOL_H

#include <semaphore.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/err.h"
#include "strategies/support/worker.h"

struct pool_worker {
    alignas(64) sem_t go;
    unsigned round;       /* the round it was last given; set by the coordinator */
    unsigned current;     /* the round it works on; set by the worker */
    atomic_uint finished; /* the last round it has finished; busy while behind `round` */
    atomic_bool failed;   /* it could not start, or its machinery broke: `failure` */
    struct err failure;
    unsigned share;          /* fetches that it keeps in flight */
    unsigned primed;         /* first items of the round that it was given ... */
    struct work_item *items; /* ... these; room for the share */
};

struct pool {
    unsigned count, level;
    unsigned round;   /* 1: starting; one more for every release */
    int finished_fd;  /* an eventfd: readable once the last busy worker has parked */
    atomic_uint busy; /* workers that have not parked yet; the last one writes there */
    atomic_bool quit;
    struct fetch_policy policies[2]; /* for workers with the smaller share of the
                                        connection limit, and with the larger */
    struct pool_worker workers[];    /* `count` of them */
};

/* A pool for `count` workers, all of them busy starting. They divide `level` (>= count)
 * and libcurl's limit of connections, which applies per multi handle. The policy is
 * copied. The caller closes the pool when no worker is left. */
int pool_open(struct pool **out, unsigned count, unsigned level,
              const struct fetch_policy *policy, struct err *err);
void pool_close(struct pool *pool); /* NULL is fine */

/* The share of number `i` of `count` in `total`; the first ones have the remainder. */
static inline unsigned pool_share(unsigned total, unsigned count, unsigned i)
{
    return total / count + (i < total % count);
}

/* coordinator's side */

/* Deals first items to the workers, one at a time in rotation, while the supply lasts;
 * one each where items have moments, since a worker waits for one at a time.
 * Returns how many workers have got some: workers 0 to n - 1. Only while all are
 * parked. */
unsigned pool_prime(struct pool *pool, struct work *work);

/* Releases the `n` primed workers. */
void pool_release(struct pool *pool, unsigned n);

/* Releases every worker so that it exits. */
void pool_dismiss(struct pool *pool);

/* Waits until the last busy worker has parked, or `other_fd` (-1: none) is readable, or
 * `timeout_ms` (-1: none) is over. True when all have parked. */
bool pool_wait(struct pool *pool, int other_fd, int timeout_ms);

/* True if no worker is busy. Checks each worker, since a death makes the count wrong. */
bool pool_is_idle(const struct pool *pool);

/* 0, or -1 and the message of the first worker that has failed. */
int pool_check(const struct pool *pool, struct err *err);

/* Resets the place of worker `i` after its death: not busy, nothing posted. */
void pool_vacate(struct pool *pool, unsigned i);

/* Gives the next items to the place of worker `i`, which a new worker is about to take,
 * as part of the current round. False: the supply is empty. */
bool pool_prime_again(struct pool *pool, unsigned i, struct work *work);

/* worker's side, for worker number `i` */

/* Opens its worker with its share of the level and of libcurl's limit per host. The
 * worker's environment lasts as long as the call, its policy as long as the pool. */
int pool_open_worker(struct pool *pool, unsigned i, const struct worker_kind *kind,
                     const struct strategy_env *env, void **worker, struct err *err);

/* Reports that it is ready, or has nothing left to fetch. */
void pool_park(struct pool *pool, unsigned i);

/* Reports that it could not start, or that its machinery broke; it parks all the same. */
void pool_fail(struct pool *pool, unsigned i, const struct err *failure);

/* Waits for its release. False: exit. */
bool pool_wait_for_release(struct pool *pool, unsigned i);

#endif
