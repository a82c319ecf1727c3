/* poll_loop.c - one thread, curl_multi_perform() and curl_multi_poll(): libcurl's own
 * loop. Every iteration visits all transfers, ready or not. */
#include "fetch/flight.h"
#include "strategies/strategy.h"

/* An upper bound: curl_multi_poll() also returns when one of libcurl's timers expires. */
enum { POLL_MAX_MS = 60 * 1000 };

static int poll_loop_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct flight *flight;

    if (flight_open(&flight, env->work, env->policy, env->level, 0, err))
        return -1;
    *self = flight;
    return 0;
}

static int poll_loop_run(void *self, struct err *err)
{
    struct flight *flight = self;
    CURLM *multi = flight_multi(flight);
    CURLMcode code = CURLM_OK;
    int running;

    (void)flight_launch(flight, NULL, 0);
    while (!code && flight_in_flight(flight)) {
        code = curl_multi_perform(multi, &running);
        /* A fetch that has just begun must be performed before the loop waits. */
        if (!flight_reap(flight) && !code && flight_in_flight(flight))
            code = curl_multi_poll(multi, NULL, 0, POLL_MAX_MS, NULL);
    }
    return code ? err_set(err, "libcurl's multi handle failed: %s",
                          curl_multi_strerror(code))
                : 0;
}

static void poll_loop_close(void *self)
{
    flight_close(self);
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
