/* pool.c - see pool.h. */
#include "strategies/support/pool.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

/* The pool, its workers, and after them the first items of all workers. */
static size_t pool_bytes(unsigned count, unsigned level)
{
    return sizeof(struct pool) + count * sizeof(struct pool_worker) +
           level * sizeof(struct work_item);
}

static void divide(struct pool *pool)
{
    struct work_item *items = (void *)&pool->workers[pool->count];

    for (unsigned i = 0; i < pool->count; i++) {
        struct pool_worker *worker = &pool->workers[i];

        worker->share = pool_share(pool->level, pool->count, i);
        worker->items = items;
        items += worker->share;
    }
}

int pool_open(struct pool **out, unsigned count, unsigned level,
              const struct fetch_policy *policy, struct err *err)
{
    struct pool *pool = mmap(NULL, pool_bytes(count, level), PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (pool == MAP_FAILED)
        return err_errno(err, "no memory for a pool of %u workers", count);
    pool->count = count;
    pool->level = level;
    divide(pool);
    for (unsigned more = 0; more < 2; more++) {
        pool->policies[more] = *policy;
        pool->policies[more].max_host_connections = policy->max_host_connections / count +
                                                    more;
    }
    pool->round = 1;
    pool->finished_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pool->finished_fd < 0) {
        (void)err_errno(err, "cannot create an eventfd for a pool of %u workers", count);
        (void)munmap(pool, pool_bytes(count, level));
        return -1;
    }
    atomic_init(&pool->busy, count);
    for (unsigned i = 0; i < count; i++) {
        (void)sem_init(&pool->workers[i].go, 1, 0); /* fails only for a value too large */
        pool->workers[i].round = pool->workers[i].current = pool->round;
    }
    *out = pool;
    return 0;
}

void pool_close(struct pool *pool)
{
    if (!pool)
        return;
    for (unsigned i = 0; i < pool->count; i++)
        (void)sem_destroy(&pool->workers[i].go);
    (void)close(pool->finished_fd);
    (void)munmap(pool, pool_bytes(pool->count, pool->level));
}

/* -- coordinator --------------------------------------------------------------- */

static bool prime_one(struct pool_worker *worker, unsigned i, struct work *work)
{
    if (!work_take(work, i, &worker->items[worker->primed]))
        return false;
    worker->primed++;
    return true;
}

unsigned pool_prime(struct pool *pool, struct work *work)
{
    unsigned most = work_has_moments(work) ? pool->count : pool->level;
    unsigned given = 0;
    unsigned next = 0;

    for (unsigned i = 0; i < pool->count; i++)
        pool->workers[i].primed = 0;
    while (given < most && prime_one(&pool->workers[next], next, work)) {
        given++;
        next = next + 1 < pool->count ? next + 1 : 0; /* spreads few items */
    }
    return given < pool->count ? given : pool->count;
}

void pool_release(struct pool *pool, unsigned n)
{
    uint64_t leftover;

    /* After a death a round can end without a read of this. */
    while (read(pool->finished_fd, &leftover, sizeof(leftover)) > 0)
        ;
    pool->round++;
    atomic_store(&pool->busy, n);
    for (unsigned i = 0; i < n; i++)
        pool->workers[i].round = pool->round;
    for (unsigned i = 0; i < pool->count; i++)
        atomic_store(&pool->workers[i].failed, false);
    for (unsigned i = 0; i < n; i++)
        (void)sem_post(&pool->workers[i].go); /* fails only on overflow */
}

void pool_dismiss(struct pool *pool)
{
    atomic_store(&pool->quit, true);
    for (unsigned i = 0; i < pool->count; i++)
        (void)sem_post(&pool->workers[i].go);
}

bool pool_wait(struct pool *pool, int other_fd, int timeout_ms)
{
    struct pollfd fds[2] = {{.fd = pool->finished_fd, .events = POLLIN},
                            {.fd = other_fd, .events = POLLIN}};
    uint64_t count;

    if (poll(fds, 2, timeout_ms) < 0 || !fds[0].revents)
        return false;
    return read(pool->finished_fd, &count, sizeof(count)) == sizeof(count);
}

bool pool_is_idle(const struct pool *pool)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (atomic_load(&pool->workers[i].finished) != pool->workers[i].round)
            return false;
    return true;
}

int pool_check(const struct pool *pool, struct err *err)
{
    for (unsigned i = 0; i < pool->count; i++)
        if (atomic_load(&pool->workers[i].failed))
            return err_set(err, "worker %u of %u: %s", i + 1, pool->count,
                           pool->workers[i].failure.text);
    return 0;
}

void pool_vacate(struct pool *pool, unsigned i)
{
    struct pool_worker *place = &pool->workers[i];

    /* Its release may have been posted and not yet taken. */
    (void)sem_destroy(&place->go);
    (void)sem_init(&place->go, 1, 0);
    atomic_store(&place->finished, place->round);
}

bool pool_prime_again(struct pool *pool, unsigned i, struct work *work)
{
    struct pool_worker *place = &pool->workers[i];
    unsigned most = work_has_moments(work) ? 1 : place->share;

    place->primed = 0;
    while (place->primed < most && prime_one(place, i, work))
        ;
    if (!place->primed)
        return false;
    atomic_store(&place->finished, place->round - 1);
    (void)sem_post(&place->go);
    return true;
}

/* -- worker -------------------------------------------------------------------- */

void pool_park(struct pool *pool, unsigned i)
{
    static const uint64_t one = 1;
    struct pool_worker *worker = &pool->workers[i];

    if (atomic_fetch_sub(&pool->busy, 1) == 1) {
        ssize_t written;

        do
            written = write(pool->finished_fd, &one, sizeof(one));
        while (written < 0 && errno == EINTR);
    }
    /* Set after the write, so that no write is pending once all are seen finished. If the
     * coordinator has begun the next round by now, this does not affect it. */
    atomic_store(&worker->finished, worker->current);
}

void pool_fail(struct pool *pool, unsigned i, const struct err *failure)
{
    pool->workers[i].failure = *failure;
    atomic_store(&pool->workers[i].failed, true);
    pool_park(pool, i);
}

bool pool_wait_for_release(struct pool *pool, unsigned i)
{
    struct pool_worker *worker = &pool->workers[i];

    while (sem_wait(&worker->go) && errno == EINTR)
        ;
    if (atomic_load(&pool->quit))
        return false;
    worker->current = worker->round;
    return true;
}

int pool_open_worker(struct pool *pool, unsigned i, const struct worker_kind *kind,
                     const struct strategy_env *env, void **worker, struct err *err)
{
    bool has_more = i < env->policy->max_host_connections % pool->count;
    struct strategy_env own = *env;

    own.policy = &pool->policies[has_more];
    return kind->open(worker, &own, i, pool->workers[i].share, err);
}
