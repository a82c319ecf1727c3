/* thread_pool.c - as many threads as the level, each with blocking fetches.
 *
 * The threads are made and parked in open(), so that run() measures fetching; what making
 * them costs stands in setup_s. */
#include "base/descriptors.h"
#include "strategies/pool.h"
#include "strategies/strategy.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

/* Enough for libcurl, OpenSSL and a 16 KiB buffer on the stack several times over; the
 * default of 8 MiB would reserve 80 GB of addresses for 10,000 threads. */
enum { STACK_BYTES = 512 * 1024 };

/* libcurl keeps two of an easy handle open, besides its connection. */
enum { DESCRIPTORS_EACH = 3, DESCRIPTORS_SLACK = 64 };

struct thread_pool;

struct worker {
    struct thread_pool *pool;
    pthread_t thread;
    unsigned number;
};

struct thread_pool {
    struct strategy_env env;
    struct pool *pool;
    struct worker *workers; /* `env.level` of them */
    unsigned started;
};

static void *worker_main(void *argument)
{
    const struct worker *worker = argument;
    const struct strategy_env *env = &worker->pool->env;
    struct pool *pool = worker->pool->pool;
    struct fetch *fetch = NULL;
    struct err failure;

    if (fetch_create(&fetch, env->policy, &failure))
        pool_fail(pool, worker->number, &failure);
    else
        pool_park(pool, worker->number);
    while (pool_wait_for_release(pool, worker->number)) {
        pool_work(pool, worker->number, env->work, fetch);
        pool_park(pool, worker->number);
    }
    fetch_destroy(fetch);
    return NULL;
}

static int start_workers(struct thread_pool *threads, struct err *err)
{
    pthread_attr_t attributes;
    int code = pthread_attr_init(&attributes);

    if (!code)
        code = pthread_attr_setstacksize(&attributes, STACK_BYTES);
    while (!code && threads->started < threads->env.level) {
        struct worker *worker = &threads->workers[threads->started];

        *worker = (struct worker){.pool = threads, .number = threads->started};
        code = pthread_create(&worker->thread, &attributes, worker_main, worker);
        if (!code)
            threads->started++;
    }
    (void)pthread_attr_destroy(&attributes);
    if (code)
        return err_set(err, "cannot start thread %u of %u: %s", threads->started + 1,
                       threads->env.level, strerror(code));
    while (!pool_wait(threads->pool, -1, -1))
        ;
    return pool_check_started(threads->pool, err);
}

static void thread_pool_close(void *self)
{
    struct thread_pool *threads = self;

    if (threads->pool)
        pool_dismiss(threads->pool);
    for (unsigned i = 0; threads->workers && i < threads->started; i++)
        (void)pthread_join(threads->workers[i].thread, NULL);
    pool_close(threads->pool);
    free(threads->workers);
    free(threads);
}

static int thread_pool_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct thread_pool *threads = calloc(1, sizeof(*threads));

    if (!threads)
        return err_errno(err, "thread-pool");
    threads->env = *env;
    descriptors_reserve(env->level * DESCRIPTORS_EACH + DESCRIPTORS_SLACK);
    threads->workers = calloc(env->level, sizeof(*threads->workers));
    if (!threads->workers)
        (void)err_errno(err, "no memory for %u threads", env->level);
    if (!threads->workers || pool_open(&threads->pool, env->level, err) ||
        start_workers(threads, err)) {
        thread_pool_close(threads);
        return -1;
    }
    *self = threads;
    return 0;
}

static int thread_pool_run(void *self, struct err *err)
{
    struct thread_pool *threads = self;
    unsigned primed = pool_prime(threads->pool, threads->env.work);

    (void)err;
    pool_release(threads->pool, primed);
    while (primed && !pool_wait(threads->pool, -1, -1))
        ;
    return 0;
}

const struct strategy strategy_thread_pool = {
    .name = "thread-pool",
    .summary = "a pool of threads with blocking fetches",
    .waits = "each thread, in curl_easy_perform()",
    .needs = {.descriptors = DESCRIPTORS_EACH, .threads = 1, .memory_bytes = 96 * 1024},
    .open = thread_pool_open,
    .run = thread_pool_run,
    .close = thread_pool_close,
};
