/* processes.c - see processes.h.
 *
 * The workers are forked and parked in open(). They make their handles themselves after
 * the fork and write their results straight into the shared slots, so nothing has to be
 * sent back. A worker that dies loses its items and is reported; another takes its place,
 * so that the remaining items are still fetched. */
#include "strategies/support/processes.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "strategies/support/pool.h"

struct processes {
    struct strategy_env env;
    const struct worker_kind *kind;
    struct pool *pool;
    unsigned count;
    pid_t *pids;  /* of worker i; 0: none */
    int child_fd; /* a signalfd: readable when a child has ended; -1: none yet */
    sigset_t mask_before;
    unsigned deaths; /* in this run */
};

static _Noreturn void worker_main(struct processes *processes, unsigned i, bool announces)
{
    struct usage *share = &processes->env.shares[i];
    struct pool *pool = processes->pool;
    const struct pool_worker *place = &pool->workers[i];
    void *worker = NULL;
    struct err failure;

    if (pool_open_worker(pool, i, processes->kind, &processes->env, &worker, &failure)) {
        pool_fail(pool, i, &failure);
        _exit(1);
    }
    *share = usage_self(); /* also if it gets nothing to fetch */
    if (announces)
        pool_park(pool, i);
    while (pool_wait_for_release(pool, i)) {
        int result = processes->kind->work(worker, place->items, place->primed, &failure);

        *share = usage_self();
        if (result)
            pool_fail(pool, i, &failure);
        else
            pool_park(pool, i);
    }
    processes->kind->close(worker);
    /* _exit() leaves inherited buffers and exit handlers to the parent. */
    _exit(0);
}

/* Forks worker i, which reports that it is ready, or just waits for its release. */
static int start_worker(struct processes *processes, unsigned i, bool announces,
                        struct err *err)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0)
        return err_errno(err, "cannot fork worker %u of %u", i + 1, processes->count);
    if (!pid) {
        /* A worker must not outlive the cell, however that ends. */
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
            _exit(1);
        (void)sigprocmask(SIG_SETMASK, &processes->mask_before, NULL);
        worker_main(processes, i, announces);
    }
    processes->pids[i] = pid;
    return 0;
}

/* -- deaths -------------------------------------------------------------------- */

/* Reports which worker died, how, and with which items; for the first death only. */
static void name_death(struct processes *processes, unsigned i, pid_t pid, int status,
                       struct err *err)
{
    size_t index;
    size_t lost = work_lost_by(processes->env.work, i, &index);
    char end[CHILD_END_SIZE];

    if (processes->deaths++)
        return;
    (void)child_end_text(status, end);
    if (!lost)
        (void)err_set(err, "worker %u of %u (pid %ld) %s", i + 1, processes->count,
                      (long)pid, end);
    else if (lost == 1)
        (void)err_set(err, "worker %u of %u (pid %ld) %s while it fetched '%s'", i + 1,
                      processes->count, (long)pid, end,
                      work_url(processes->env.work, index));
    else
        (void)err_set(err,
                      "worker %u of %u (pid %ld) %s while it fetched '%s' and %zu more",
                      i + 1, processes->count, (long)pid, end,
                      work_url(processes->env.work, index), lost - 1);
}

/* Reaps the workers that have died and empties their places. During a run another worker
 * takes each place, as long as there is something left to fetch. */
static void bury_the_dead(struct processes *processes, bool in_run, struct err *err)
{
    struct signalfd_siginfo ignored;

    while (read(processes->child_fd, &ignored, sizeof(ignored)) > 0)
        ;
    for (unsigned i = 0; i < processes->count; i++) {
        pid_t pid = processes->pids[i];
        int status;

        if (!pid || waitpid(pid, &status, WNOHANG) != pid)
            continue;
        processes->pids[i] = 0;
        name_death(processes, i, pid, status, err);
        /* Its usage now counts as that of a reaped child. */
        processes->env.shares[i] = (struct usage){0};
        pool_vacate(processes->pool, i);
        if (in_run && pool_prime_again(processes->pool, i, processes->env.work) &&
            start_worker(processes, i, false, NULL))
            pool_vacate(processes->pool, i); /* the others fetch the rest */
    }
}

/* -- the table ----------------------------------------------------------------- */

void processes_close(void *self)
{
    struct processes *processes = self;

    if (processes->pool)
        pool_dismiss(processes->pool);
    for (unsigned i = 0; processes->pids && i < processes->count; i++)
        while (processes->pids[i] && waitpid(processes->pids[i], NULL, 0) < 0 &&
               errno == EINTR)
            ;
    if (processes->child_fd >= 0) {
        (void)close(processes->child_fd);
        (void)sigprocmask(SIG_SETMASK, &processes->mask_before, NULL);
    }
    pool_close(processes->pool);
    free(processes->pids);
    free(processes);
}

static int watch_children(struct processes *processes, struct err *err)
{
    sigset_t child;

    (void)sigemptyset(&child);
    (void)sigaddset(&child, SIGCHLD);
    if (sigprocmask(SIG_BLOCK, &child, &processes->mask_before))
        return err_errno(err, "cannot block SIGCHLD");
    processes->child_fd = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (processes->child_fd < 0) {
        (void)err_errno(err, "cannot watch the workers");
        (void)sigprocmask(SIG_SETMASK, &processes->mask_before, NULL);
        return -1;
    }
    return 0;
}

static int start_workers(struct processes *processes, struct err *err)
{
    for (unsigned i = 0; i < processes->count; i++)
        if (start_worker(processes, i, true, err))
            return -1;
    while (!pool_wait(processes->pool, processes->child_fd, -1)) {
        bury_the_dead(processes, false, err);
        if (processes->deaths)
            break;
    }
    /* A worker that could not start reports why, which is more useful than its death. */
    if (pool_check(processes->pool, err) || processes->deaths)
        return -1;
    return 0;
}

int processes_open(void **self, const struct strategy_env *env,
                   const struct worker_kind *kind, unsigned count, struct err *err)
{
    struct processes *processes = calloc(1, sizeof(*processes));

    if (!processes)
        return err_errno(err, "no memory for a pool of processes");
    processes->env = *env;
    processes->kind = kind;
    processes->count = count;
    processes->child_fd = -1;
    processes->pids = calloc(count, sizeof(*processes->pids));
    if (!processes->pids)
        (void)err_errno(err, "no memory for %u processes", count);
    if (!processes->pids ||
        pool_open(&processes->pool, count, env->level, env->policy, err) ||
        watch_children(processes, err) || start_workers(processes, err)) {
        processes_close(processes);
        return -1;
    }
    *self = processes;
    return 0;
}

/* Starts workers in the places that deaths have left empty before this run. */
static int refill(struct processes *processes, struct err *err)
{
    for (unsigned i = 0; i < processes->count; i++)
        if (!processes->pids[i] && start_worker(processes, i, false, err))
            return -1;
    return 0;
}

int processes_run(void *self, struct err *err)
{
    struct processes *processes = self;
    bool finished = false;
    unsigned primed;

    processes->deaths = 0;
    bury_the_dead(processes, false, err); /* workers that died while parked */
    if (refill(processes, err))
        return -1;
    primed = pool_prime(processes->pool, processes->env.work);
    if (!primed)
        return processes->deaths ? -1 : 0;
    pool_release(processes->pool, primed);
    while (!finished) {
        bool all_parked = pool_wait(processes->pool, processes->child_fd,
                                    processes->deaths ? 1 : -1);

        if (all_parked && !processes->deaths)
            break;
        bury_the_dead(processes, true, err);
        /* A killed worker is never counted as parked, so after a death each place is
         * checked every millisecond. */
        finished = processes->deaths && pool_is_idle(processes->pool);
    }
    if (processes->deaths > 1)
        (void)err_prefix(err, "%u workers died; the first", processes->deaths);
    return processes->deaths ? -1 : pool_check(processes->pool, err);
}

size_t processes_children(void *self, pid_t *pids, size_t room)
{
    const struct processes *processes = self;
    size_t count = 0;

    for (unsigned i = 0; i < processes->count; i++) {
        if (!processes->pids[i])
            continue;
        if (count < room)
            pids[count] = processes->pids[i];
        count++;
    }
    return count;
}
