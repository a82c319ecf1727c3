/* process_pool.c - as many processes as the level, each with blocking fetches.
 *
 * The workers are forked and parked in open(). They make their handles themselves after
 * the fork and write their results straight into the shared slots, so nothing has to be
 * sent back. A worker that dies costs the item it had and is named; another takes its
 * place, so that the items behind it are still fetched. */
#include "base/child.h"
#include "strategies/pool.h"
#include "strategies/strategy.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

struct process_pool {
    struct strategy_env env;
    struct pool *pool;
    pid_t *pids;  /* of worker i; 0: none */
    int child_fd; /* a signalfd: readable when a child has ended; -1: none yet */
    sigset_t mask_before;
    unsigned deaths; /* in this run */
};

static _Noreturn void worker_main(struct process_pool *processes, unsigned i,
                                  bool announces)
{
    const struct strategy_env *env = &processes->env;
    struct fetch *fetch = NULL;
    struct err failure;

    if (fetch_create(&fetch, env->policy, &failure)) {
        pool_fail(processes->pool, i, &failure);
        _exit(1);
    }
    env->shares[i] = usage_self(); /* also if it gets nothing to fetch */
    if (announces)
        pool_park(processes->pool, i);
    while (pool_wait_for_release(processes->pool, i)) {
        pool_work(processes->pool, i, env->work, fetch);
        env->shares[i] = usage_self();
        pool_park(processes->pool, i);
    }
    fetch_destroy(fetch);
    /* Not the full exit: inherited buffers and handlers are the parent's business. */
    _exit(0);
}

/* Forks worker i, which announces that it is ready, or just waits for its release. */
static int start_worker(struct process_pool *processes, unsigned i, bool announces,
                        struct err *err)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0)
        return err_errno(err, "cannot fork worker %u of %u", i + 1, processes->env.level);
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

/* Says which worker died of what, with which item; the first one stands for all. */
static void name_death(struct process_pool *processes, unsigned i, pid_t pid, int status,
                       struct err *err)
{
    const struct work_item *item = &processes->pool->workers[i].item;
    bool had_item = item->result && item->result->outcome == FETCH_LOST;
    char end[CHILD_END_SIZE];

    if (processes->deaths++)
        return;
    (void)err_set(err, "worker %u of %u (pid %ld) %s%s%s", i + 1, processes->env.level,
                  (long)pid, child_end_text(status, end),
                  had_item ? " while it fetched " : "", had_item ? item->url : "");
}

/* Reaps the workers that have died and empties their places. In the middle of a run
 * another worker takes each place, as long as there is something left to fetch. */
static void bury_the_dead(struct process_pool *processes, bool in_run, struct err *err)
{
    struct signalfd_siginfo ignored;

    while (read(processes->child_fd, &ignored, sizeof(ignored)) > 0)
        ;
    for (unsigned i = 0; i < processes->env.level; i++) {
        pid_t pid = processes->pids[i];
        int status;

        if (!pid || waitpid(pid, &status, WNOHANG) != pid)
            continue;
        processes->pids[i] = 0;
        name_death(processes, i, pid, status, err);
        /* Its share now counts as that of a child that was waited for. */
        processes->env.shares[i] = (struct usage){0};
        pool_vacate(processes->pool, i);
        if (in_run && pool_prime_again(processes->pool, i, processes->env.work) &&
            start_worker(processes, i, false, NULL))
            pool_vacate(processes->pool, i); /* the others fetch the rest */
    }
}

/* -- the table ----------------------------------------------------------------- */

static void process_pool_close(void *self)
{
    struct process_pool *processes = self;

    if (processes->pool)
        pool_dismiss(processes->pool);
    for (unsigned i = 0; processes->pids && i < processes->env.level; i++)
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

static int watch_children(struct process_pool *processes, struct err *err)
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

static int start_workers(struct process_pool *processes, struct err *err)
{
    for (unsigned i = 0; i < processes->env.level; i++)
        if (start_worker(processes, i, true, err))
            return -1;
    while (!pool_wait(processes->pool, processes->child_fd, -1)) {
        bury_the_dead(processes, false, err);
        if (processes->deaths)
            break;
    }
    /* A worker that could not start says why, which tells more than that it is gone. */
    if (pool_check_started(processes->pool, err) || processes->deaths)
        return -1;
    return 0;
}

static int process_pool_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct process_pool *processes = calloc(1, sizeof(*processes));

    if (!processes)
        return err_errno(err, "process-pool");
    processes->env = *env;
    processes->child_fd = -1;
    processes->pids = calloc(env->level, sizeof(*processes->pids));
    if (!processes->pids)
        (void)err_errno(err, "no memory for %u processes", env->level);
    if (!processes->pids || pool_open(&processes->pool, env->level, err) ||
        watch_children(processes, err) || start_workers(processes, err)) {
        process_pool_close(processes);
        return -1;
    }
    *self = processes;
    return 0;
}

/* Puts workers into the places that deaths have left empty before this run. */
static int refill(struct process_pool *processes, struct err *err)
{
    for (unsigned i = 0; i < processes->env.level; i++)
        if (!processes->pids[i] && start_worker(processes, i, false, err))
            return -1;
    return 0;
}

static int process_pool_run(void *self, struct err *err)
{
    struct process_pool *processes = self;
    bool finished = false;
    unsigned primed;

    processes->deaths = 0;
    bury_the_dead(processes, false, err); /* who died while parked */
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
        /* A worker that was killed is never counted as parked, so after a death each
         * place is looked at, every millisecond. */
        finished = processes->deaths && pool_is_idle(processes->pool);
    }
    if (processes->deaths > 1)
        (void)err_prefix(err, "%u workers died; the first", processes->deaths);
    return processes->deaths ? -1 : 0;
}

static size_t process_pool_children(void *self, pid_t *pids, size_t room)
{
    const struct process_pool *processes = self;
    size_t count = 0;

    for (unsigned i = 0; i < processes->env.level; i++) {
        if (!processes->pids[i])
            continue;
        if (count < room)
            pids[count] = processes->pids[i];
        count++;
    }
    return count;
}

const struct strategy strategy_process_pool = {
    .name = "process-pool",
    .summary = "a pool of processes with blocking fetches",
    .waits = "each process, in curl_easy_perform()",
    .needs = {.processes = 1, .memory_bytes = 320 * 1024},
    .open = process_pool_open,
    .run = process_pool_run,
    .close = process_pool_close,
    .children = process_pool_children,
};
