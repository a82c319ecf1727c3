/* poll_loop.c - one thread, curl_multi_perform() and curl_multi_poll(): the loop that
 * libcurl brings along. Every turn looks at all transfers, ready or not. */
#include "fetch/flight.h"
#include "strategies/strategy.h"

/* libcurl wakes up by itself for what it has to do in time. */
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
        /* What has just begun wants to be performed, not waited for. */
        if (!flight_reap(flight) && !code && flight_in_flight(flight))
            code = curl_multi_poll(multi, NULL, 0, POLL_MAX_MS, NULL);
    }
    return code ? err_set(err, "libcurl's multi handle broke: %s",
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
    .waits = "the loop, in poll(), for all of them",
    .shared = "all: one DNS cache, one pool of connections",
    .sessions = "each handle its own; any of the loop from libcurl 8.12 on",
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = poll_loop_open,
    .run = poll_loop_run,
    .close = poll_loop_close,
};
