/* thread_pool.c - as many threads as the level, each with blocking fetches. */
#include "strategies/support/blocking_worker.h"
#include "strategies/support/threads.h"

static int thread_pool_open(void **self, const struct strategy_env *env, struct err *err)
{
    return threads_open(self, env, &blocking_worker, env->level, PERFORM_DESCRIPTORS,
                        err);
}

const struct strategy strategy_thread_pool = {
    .name = "thread-pool",
    .summary = "a pool of threads with blocking fetches",
    .waits = "each thread, in curl_easy_perform()",
    .shared = "nothing: each thread has its own DNS cache and connection",
    .sessions = "each thread's own",
    .group = "article",
    .workers = STRATEGY_WORKER_EACH,
    .needs = {.descriptors = PERFORM_DESCRIPTORS,
              .threads = 1,
              .memory_bytes = 96 * 1024},
    .open = thread_pool_open,
    .run = threads_run,
    .close = threads_close,
};
