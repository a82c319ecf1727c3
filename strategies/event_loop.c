/* event_loop.c - one thread, one libevent loop, curl_multi_socket_action(): a worker with
 * a loop (loop_worker.c, multi_driver.h) in the caller's own thread, with the whole
 * level. */
#include "strategies/support/loop_worker.h"

static int event_loop_open(void **self, const struct strategy_env *env, struct err *err)
{
    return loop_worker.open(self, env, 0, env->level, err);
}

static int event_loop_run(void *self, struct err *err)
{
    return loop_worker.work(self, NULL, 0, err);
}

static void event_loop_close(void *self)
{
    loop_worker.close(self);
}

const struct strategy strategy_event_loop = {
    .name = "event-loop",
    .summary = "one thread, libevent and curl_multi_socket_action()",
    .waits = "the loop, in epoll_wait(), for all requests",
    .shared = "all: one DNS cache, one pool of connections",
    .sessions = "each handle's own; from libcurl 8.12 on any session of the loop",
    .group = "article",
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = event_loop_open,
    .run = event_loop_run,
    .close = event_loop_close,
};
