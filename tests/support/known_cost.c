/* known_cost.c - see known_cost.h. */
#include "tests/support/known_cost.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "tests/support/check.h"

extern const struct strategy strategy_sequential;

struct known {
    void *sequential;
    unsigned level;
    pthread_t *threads; /* NULL: none */
    pid_t *pids;        /* NULL: none */
    sem_t *ready;       /* shared: posted by each piece when it is done */
};

static long thread_cpu_us(void)
{
    struct rusage usage;

    assert_int_equal(getrusage(RUSAGE_THREAD, &usage), 0);
    return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000L +
           usage.ru_utime.tv_usec + usage.ru_stime.tv_usec;
}

static void spend(sem_t *ready)
{
    size_t size = (size_t)KNOWN_MEMORY_MIB << 20;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
                        -1, 0);
    long start_us = thread_cpu_us();

    assert_true(memory != MAP_FAILED);
    (void)madvise(memory, size, MADV_NOHUGEPAGE); /* one fault per small page */
    memset(memory, 1, size);
    for (int i = 0; i < KNOWN_WAITS; i++)
        clock_sleep_ns(20 * CLOCK_NS_PER_US);
    while (thread_cpu_us() - start_us < KNOWN_CPU_MS * 1000L)
        ;
    if (ready)
        assert_int_equal(sem_post(ready), 0);
}

static void *thread_main(void *ready)
{
    spend(ready);
    (void)pause();
    return NULL;
}

static _Noreturn void process_main(struct known *known, struct usage *share,
                                   bool with_thread)
{
    sem_t thread_ready;
    pthread_t thread;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    assert_int_equal(sem_init(&thread_ready, 0, 0), 0);
    if (with_thread) {
        assert_int_equal(pthread_create(&thread, NULL, thread_main, &thread_ready), 0);
        assert_int_equal(sem_wait(&thread_ready), 0);
    }
    spend(NULL);
    *share = usage_self();
    assert_int_equal(sem_post(known->ready), 0);
    for (;;)
        (void)pause();
}

static int known_open(void **self, const struct strategy_env *env, bool threads,
                      bool processes)
{
    struct known *known = calloc(1, sizeof(*known));

    assert_non_null(known);
    known->level = env->level;
    known->ready = mmap(NULL, sizeof(sem_t), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(known->ready != MAP_FAILED);
    assert_int_equal(sem_init(known->ready, 1, 0), 0);
    if (processes)
        known->pids = calloc(env->level, sizeof(*known->pids));
    else
        known->threads = calloc(env->level, sizeof(*known->threads));
    for (unsigned i = 0; i < env->level; i++) {
        if (!processes) {
            assert_int_equal(
                pthread_create(&known->threads[i], NULL, thread_main, known->ready), 0);
            continue;
        }
        known->pids[i] = fork();
        assert_true(known->pids[i] >= 0);
        if (!known->pids[i])
            process_main(known, &env->shares[i], threads);
    }
    for (unsigned i = 0; i < env->level; i++)
        assert_int_equal(sem_wait(known->ready), 0);
    assert_int_equal(strategy_sequential.open(&known->sequential, env, NULL), 0);
    *self = known;
    return 0;
}

static int open_threads(void **self, const struct strategy_env *env, struct err *err)
{
    (void)err;
    return known_open(self, env, true, false);
}

static int open_processes(void **self, const struct strategy_env *env, struct err *err)
{
    (void)err;
    return known_open(self, env, false, true);
}

static int open_both(void **self, const struct strategy_env *env, struct err *err)
{
    (void)err;
    return known_open(self, env, true, true);
}

static int known_run(void *self, struct err *err)
{
    return strategy_sequential.run(((struct known *)self)->sequential, err);
}

static void known_close(void *self)
{
    struct known *known = self;

    strategy_sequential.close(known->sequential);
    for (unsigned i = 0; i < known->level; i++) {
        if (known->threads) {
            (void)pthread_cancel(known->threads[i]);
            (void)pthread_join(known->threads[i], NULL);
        } else {
            (void)kill(known->pids[i], SIGKILL);
            (void)waitpid(known->pids[i], NULL, 0);
        }
    }
    (void)munmap(known->ready, sizeof(sem_t));
    free(known->threads);
    free(known->pids);
    free(known);
}

static size_t known_children(void *self, pid_t *pids, size_t room)
{
    const struct known *known = self;

    for (size_t i = 0; known->pids && i < known->level && i < room; i++)
        pids[i] = known->pids[i];
    return known->pids ? known->level : 0;
}

/* Common to all three. */
#define KNOWN                                                                         \
    .summary = "a sequential one with ballast of known cost", .waits = "the program", \
    .shared = "nothing", .sessions = "none", .level_limit = 1, .run = known_run,      \
    .close = known_close, .children = known_children

const struct strategy strategy_known_threads = {KNOWN, .name = "known-threads",
                                                .open = open_threads};
const struct strategy strategy_known_processes = {KNOWN, .name = "known-processes",
                                                  .open = open_processes};
const struct strategy strategy_known_both = {KNOWN, .name = "known-both",
                                             .open = open_both};
