/* threads.c - see threads.h. The threads are made and parked in open(), so that run()
 * measures fetching alone; the cost of making them is in setup_s. */
#include "strategies/support/threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptors.h"
#include "strategies/support/pool.h"

struct threads;

struct thread {
    struct threads *threads;
    pthread_t id;
    unsigned number;
};

struct threads {
    struct strategy_env env;
    const struct worker_kind *kind;
    struct pool *pool;
    struct thread *list; /* of all workers of the pool */
    unsigned count, started;
};

static void *thread_main(void *argument)
{
    const struct thread *thread = argument;
    struct threads *threads = thread->threads;
    struct pool *pool = threads->pool;
    const struct pool_worker *place = &pool->workers[thread->number];
    void *worker = NULL;
    struct err failure;
    int result = pool_open_worker(pool, thread->number, threads->kind, &threads->env,
                                  &worker, &failure);

    for (;;) {
        if (result)
            pool_fail(pool, thread->number, &failure);
        else
            pool_park(pool, thread->number);
        if (!pool_wait_for_release(pool, thread->number))
            break;
        result = threads->kind->work(worker, place->items, place->primed, &failure);
    }
    threads->kind->close(worker);
    return NULL;
}

static int start_threads(struct threads *threads, struct err *err)
{
    pthread_attr_t attributes;
    int code = pthread_attr_init(&attributes);

    if (!code)
        code = pthread_attr_setstacksize(&attributes, THREAD_STACK_BYTES);
    while (!code && threads->started < threads->count) {
        struct thread *thread = &threads->list[threads->started];

        *thread = (struct thread){.threads = threads, .number = threads->started};
        code = pthread_create(&thread->id, &attributes, thread_main, thread);
        if (!code)
            threads->started++;
    }
    (void)pthread_attr_destroy(&attributes);
    if (code)
        return err_set(err, "cannot start thread %u of %u: %s", threads->started + 1,
                       threads->count, strerror(code));
    while (!pool_wait(threads->pool, -1, -1))
        ;
    return pool_check(threads->pool, err);
}

void threads_close(void *self)
{
    struct threads *threads = self;

    if (threads->pool)
        pool_dismiss(threads->pool);
    for (unsigned i = 0; threads->list && i < threads->started; i++)
        (void)pthread_join(threads->list[i].id, NULL);
    pool_close(threads->pool);
    free(threads->list);
    free(threads);
}

int threads_open(void **self, const struct strategy_env *env,
                 const struct worker_kind *kind, unsigned count, unsigned descriptors,
                 struct err *err)
{
    struct threads *threads = calloc(1, sizeof(*threads));

    if (!threads)
        return err_errno(err, "no memory for a pool of threads");
    threads->env = *env;
    threads->kind = kind;
    threads->count = count;
    descriptors_reserve(env->level * descriptors + DESCRIPTORS_SLACK);
    threads->list = calloc(count, sizeof(*threads->list));
    if (!threads->list)
        (void)err_errno(err, "no memory for %u threads", count);
    if (!threads->list ||
        pool_open(&threads->pool, count, env->level, env->policy, err) ||
        start_threads(threads, err)) {
        threads_close(threads);
        return -1;
    }
    *self = threads;
    return 0;
}

int threads_run(void *self, struct err *err)
{
    struct threads *threads = self;
    unsigned primed = pool_prime(threads->pool, threads->env.work);

    pool_release(threads->pool, primed);
    while (primed && !pool_wait(threads->pool, -1, -1))
        ;
    return pool_check(threads->pool, err);
}
