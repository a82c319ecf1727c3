/* faulty.c - `bench` with strategies that each do one thing wrong, and some of known
 * cost. The program is harness/cli/main.c with this registry instead of the real one;
 * tests/e2e/faults.sh states the row that each must get. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "fetch/fetch.h"
#include "strategies/strategy.h"
#include "tests/support/corrupting_strategies.h"
#include "tests/support/known_cost.h"

extern const struct strategy strategy_sequential, strategy_thread_pool;

/* -- helpers ------------------------------------------------------------------- */

static int open_nothing(void **self, const struct strategy_env *env, struct err *err)
{
    (void)err;
    *self = malloc(sizeof(*env));
    if (*self)
        memcpy(*self, env, sizeof(*env));
    return *self ? 0 : -1;
}

/* Fetches up to `count` items one after the other. */
static void fetch_some(const struct strategy_env *env, const struct fetch_policy *policy,
                       size_t count)
{
    struct work_item item;
    struct fetch *fetch;
    struct err err;

    if (fetch_create(&fetch, policy, &err))
        abort();
    while (count-- && work_take(env->work, 0, &item))
        fetch_perform(fetch, &item);
    fetch_destroy(fetch);
}

static void fetch_all(const struct strategy_env *env)
{
    fetch_some(env, env->policy, SIZE_MAX);
}

/* -- strategies that die or hang ----------------------------------------------- */

static _Noreturn void wait_forever(void)
{
    for (;;)
        (void)pause();
}

static _Noreturn void die(int number)
{
    (void)signal(number, SIG_DFL);
    (void)raise(number);
    _exit(1);
}

static int open_aborts(void **self, const struct strategy_env *env, struct err *err)
{
    (void)self;
    (void)env;
    (void)err;
    die(SIGABRT);
}

static int run_crashes(void *self, struct err *err)
{
    const struct strategy_env *env = self;

    (void)err;
    fetch_some(env, env->policy, 3);
    die(SIGSEGV);
}

static int run_exits(void *self, struct err *err)
{
    (void)self;
    (void)err;
    _exit(0);
}

static int run_fetches(void *self, struct err *err)
{
    (void)err;
    fetch_all(self);
    return 0;
}

static void close_crashes(void *self)
{
    (void)self;
    die(SIGSEGV);
}

static int run_hangs(void *self, struct err *err)
{
    const struct strategy_env *env = self;

    (void)err;
    fetch_some(env, env->policy, 2);
    wait_forever();
}

static int run_refuses(void *self, struct err *err)
{
    fetch_all(self);
    return err_set(err, "the machinery is out of order");
}

/* Leaves an unreported process behind that outlives the strategy. */
static int run_leaves_child(void *self, struct err *err)
{
    pid_t pid;

    fetch_all(self);
    pid = fork();
    if (pid < 0)
        return err_errno(err, "fork");
    if (!pid)
        wait_forever();
    return 0;
}

/* -- strategies that fail only under a memory probe ---------------------------- */

/* A memory probe holds its fetches with a very long timeout; no sweep of these tests uses
 * one as long. */
static bool is_held(const struct strategy_env *env)
{
    return env->policy->timeout_ms > 3600 * 1000;
}

static int run_crashes_when_held(void *self, struct err *err)
{
    if (is_held(self))
        die(SIGSEGV);
    return run_fetches(self, err);
}

/* Only the first time, which a file in the working directory records. */
static int run_crashes_once_when_held(void *self, struct err *err)
{
    int fd = is_held(self) ? open("held-once", O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -1;

    if (fd >= 0)
        die(SIGSEGV);
    return run_fetches(self, err);
}

static int run_ends_when_held(void *self, struct err *err)
{
    return is_held(self) ? 0 : run_fetches(self, err);
}

static int run_refuses_when_held(void *self, struct err *err)
{
    return is_held(self) ? err_set(err, "it does not like to wait")
                         : run_fetches(self, err);
}

static int run_stalls_when_held(void *self, struct err *err)
{
    if (is_held(self))
        wait_forever();
    return run_fetches(self, err);
}

/* Kills all other children of the harness: the origin. */
static int run_kills_origin_when_held(void *self, struct err *err)
{
    char name[64];
    FILE *children;
    int pid;

    (void)snprintf(name, sizeof(name), "/proc/%d/task/%d/children", (int)getppid(),
                   (int)getppid());
    children = is_held(self) ? fopen(name, "re") : NULL;
    while (children && fscanf(children, "%d", &pid) == 1)
        if (pid != getpid())
            (void)kill(pid, SIGKILL);
    if (children)
        (void)fclose(children);
    return run_fetches(self, err);
}

/* -- strategies that report wrong results -------------------------------------- */

/* Fetches nothing and reports good results. */
static int run_makes_up(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct work_item item;

    (void)err;
    clock_sleep_ns(50 * CLOCK_NS_PER_MS);
    while (work_take(env->work, 0, &item)) {
        item.result->connections = 1;
        item.result->end_ns = clock_ns();
        item.result->outcome = FETCH_OK;
    }
    return 0;
}

static int run_forgets(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct work_item item;

    (void)err;
    (void)work_take(env->work, 0, &item);
    fetch_all(env);
    return 0;
}

/* Fetches every page twice and reports one of the fetches. */
static int run_fetches_twice(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct fetch_result unreported = {0};
    struct work_item item;
    struct fetch *fetch;

    if (fetch_create(&fetch, env->policy, err))
        return -1;
    while (work_take(env->work, 0, &item)) {
        struct work_item again = item;

        again.result = &unreported;
        fetch_perform(fetch, &again);
        fetch_perform(fetch, &item);
    }
    fetch_destroy(fetch);
    return 0;
}

static int run_keeps_connections(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct fetch_policy policy = *env->policy;

    (void)err;
    policy.reuse_connections = true;
    fetch_some(env, &policy, SIZE_MAX);
    return 0;
}

/* Reports that every other page arrived a moment after its request. */
static int run_backdates(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct work_item item;
    struct fetch *fetch;

    if (fetch_create(&fetch, env->policy, err))
        return -1;
    while (work_take(env->work, 0, &item)) {
        fetch_perform(fetch, &item);
        if (item.index % 2)
            continue;
        item.result->first_byte_ns = item.result->start_ns + 1;
        item.result->end_ns = item.result->start_ns + CLOCK_NS_PER_US;
    }
    fetch_destroy(fetch);
    return 0;
}

/* Takes all of its level, but fetches one page after the other. */
static int run_queues(void *self, struct err *err)
{
    const struct strategy_env *env = self;
    struct work_item *items = calloc(env->level, sizeof(*items));
    struct fetch *fetch;
    size_t count;

    if (!items || fetch_create(&fetch, env->policy, err)) {
        free(items);
        return -1;
    }
    do {
        count = 0;
        while (count < env->level && work_take(env->work, 0, &items[count]))
            count++;
        for (size_t i = 0; i < count; i++)
            fetch_perform(fetch, &items[i]);
    } while (count);
    fetch_destroy(fetch);
    free(items);
    return 0;
}

/* A thread pool of the wrong size: twice the level, or half of it. */
static int open_resized(void **self, const struct strategy_env *env, unsigned level,
                        struct err *err)
{
    struct strategy_env other = *env;

    other.level = level;
    return strategy_thread_pool.open(self, &other, err);
}

static int open_doubled(void **self, const struct strategy_env *env, struct err *err)
{
    return open_resized(self, env, 2 * env->level, err);
}

static int open_halved(void **self, const struct strategy_env *env, struct err *err)
{
    return open_resized(self, env, (env->level + 1) / 2, err);
}

static int run_pool(void *self, struct err *err)
{
    return strategy_thread_pool.run(self, err);
}

static void close_pool(void *self)
{
    strategy_thread_pool.close(self);
}

/* -- the registry -------------------------------------------------------------- */

/* Their entries in `bench list`. */
#define FAULTY                                                               \
    .summary = "does one thing wrong", .waits = "none", .shared = "nothing", \
    .sessions = "none"

static const struct strategy faults[] = {
    {FAULTY, .name = "aborts-in-open", .level_limit = 1, .open = open_aborts,
     .run = run_fetches, .close = free},
    {FAULTY, .name = "crashes-in-run", .level_limit = 1, .open = open_nothing,
     .run = run_crashes, .close = free},
    {FAULTY, .name = "exits-in-run", .level_limit = 1, .open = open_nothing,
     .run = run_exits, .close = free},
    {FAULTY, .name = "crashes-in-close", .level_limit = 1, .open = open_nothing,
     .run = run_fetches, .close = close_crashes},
    {FAULTY, .name = "hangs-in-run", .level_limit = 1, .open = open_nothing,
     .run = run_hangs, .close = free},
    {FAULTY, .name = "refuses", .level_limit = 1, .open = open_nothing,
     .run = run_refuses, .close = free},
    {FAULTY, .name = "leaves-child", .level_limit = 1, .open = open_nothing,
     .run = run_leaves_child, .close = free},
    {FAULTY, .name = "makes-up", .level_limit = 1, .open = open_nothing,
     .run = run_makes_up, .close = free},
    {FAULTY, .name = "forgets", .level_limit = 1, .open = open_nothing,
     .run = run_forgets, .close = free},
    {FAULTY, .name = "fetches-twice", .level_limit = 1, .open = open_nothing,
     .run = run_fetches_twice, .close = free},
    {FAULTY, .name = "keeps-connections", .level_limit = 1, .open = open_nothing,
     .run = run_keeps_connections, .close = free},
    {FAULTY, .name = "backdates", .level_limit = 1, .open = open_nothing,
     .run = run_backdates, .close = free},
    {FAULTY, .name = "held-and-crashes", .level_limit = 1, .open = open_nothing,
     .run = run_crashes_when_held, .close = free},
    {FAULTY, .name = "held-and-crashes-once", .level_limit = 1, .open = open_nothing,
     .run = run_crashes_once_when_held, .close = free},
    {FAULTY, .name = "held-and-ends", .level_limit = 1, .open = open_nothing,
     .run = run_ends_when_held, .close = free},
    {FAULTY, .name = "held-and-refuses", .level_limit = 1, .open = open_nothing,
     .run = run_refuses_when_held, .close = free},
    {FAULTY, .name = "held-and-stalls", .level_limit = 1, .open = open_nothing,
     .run = run_stalls_when_held, .close = free},
    {FAULTY, .name = "held-and-kills-origin", .level_limit = 1, .open = open_nothing,
     .run = run_kills_origin_when_held, .close = free},
    {FAULTY, .name = "queues", .open = open_nothing, .run = run_queues, .close = free},
    {FAULTY, .name = "doubles-the-level", .open = open_doubled, .run = run_pool,
     .close = close_pool},
    {FAULTY, .name = "halves-the-level", .open = open_halved, .run = run_pool,
     .close = close_pool},
};

const struct strategy *const strategies[] = {
    &strategy_sequential,
    &strategy_known_threads,
    &strategy_known_processes,
    &strategy_known_both,
    &faults[0],
    &faults[1],
    &faults[2],
    &faults[3],
    &faults[4],
    &faults[5],
    &faults[6],
    &faults[7],
    &faults[8],
    &faults[9],
    &faults[10],
    &faults[11],
    &faults[12],
    &faults[13],
    &faults[14],
    &faults[15],
    &faults[16],
    &faults[17],
    &faults[18],
    &faults[19],
    &faults[20],
#define X(id, name) &corrupting_##id,
    CORRUPTING_STRATEGIES(X)
#undef X
        NULL,
};
