/* poll_loop.c - one thread, curl_multi_perform() and curl_multi_poll(): libcurl's own
 * loop. Every iteration visits all transfers, ready or not. */
#include <stdlib.h>

#include "fetch/flight.h"
#include "strategies/strategy.h"
#include "strategies/support/due_timer.h"

/* An upper bound: curl_multi_poll() also returns when one of libcurl's timers expires. */
enum { POLL_MAX_MS = 60 * 1000 };

struct poll_loop {
    struct flight *flight;
    struct due_timer timer; /* for requests that become due */
};

static void poll_loop_close(void *self)
{
    struct poll_loop *loop = self;

    flight_close(loop->flight);
    due_timer_close(&loop->timer);
    free(loop);
}

static int poll_loop_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct poll_loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return err_errno(err, "no memory for a loop");
    if (due_timer_open(&loop->timer, err) ||
        flight_open(&loop->flight, env->work, env->policy, env->level, 0, err)) {
        poll_loop_close(loop);
        return -1;
    }
    *self = loop;
    return 0;
}

/* Until a socket is ready, a timer of libcurl expires or a request is due. */
static CURLMcode wait_for_events(struct poll_loop *loop)
{
    struct curl_waitfd timer = {.fd = loop->timer.fd, .events = CURL_WAIT_POLLIN};
    uint64_t due_ns = flight_due_ns(loop->flight);
    CURLMcode code;

    if (due_ns == UINT64_MAX)
        return curl_multi_poll(flight_multi(loop->flight), NULL, 0, POLL_MAX_MS, NULL);
    if (due_timer_set(&loop->timer, due_ns))
        return CURLM_INTERNAL_ERROR;
    code = curl_multi_poll(flight_multi(loop->flight), &timer, 1, POLL_MAX_MS, NULL);
    if (timer.revents)
        due_timer_clear(&loop->timer);
    return code;
}

static int poll_loop_run(void *self, struct err *err)
{
    struct poll_loop *loop = self;
    struct flight *flight = loop->flight;
    CURLMcode code = CURLM_OK;
    int running;

    (void)flight_launch(flight, NULL, 0);
    while (!code && flight_in_flight(flight)) {
        code = curl_multi_perform(flight_multi(flight), &running);
        /* A fetch that has just begun must be performed before the loop waits. */
        if (!flight_reap(flight) && !code && flight_in_flight(flight))
            code = wait_for_events(loop);
    }
    return code ? err_set(err, "libcurl's multi handle failed: %s",
                          curl_multi_strerror(code))
                : 0;
}

const struct strategy strategy_poll_loop = {
    .name = "poll-loop",
    .summary = "one thread, curl_multi_poll() and curl_multi_perform()",
    .waits = "the loop, in poll(), for all requests",
    .shared = "all: one DNS cache, one pool of connections",
    .sessions = "each handle's own; from libcurl 8.12 on any session of the loop",
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = poll_loop_open,
    .run = poll_loop_run,
    .close = poll_loop_close,
};
