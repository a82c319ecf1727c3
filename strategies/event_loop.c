/* event_loop.c - one thread, one libevent loop, curl_multi_socket_action().
 *
 * libcurl says through two callbacks which sockets to watch and when to call again;
 * libevent waits for both. Two things that are easy to get wrong decide how this model
 * looks:
 *
 * - A time-out of 0 ms means "call me right after this callback". Turned into a timer of
 *   1 ms, as in libcurl's own example, it makes a level of 1 fifty times slower. Here it
 * is a flag, and the call follows before the loop goes back to sleep.
 * - libcurl must never be called from inside its callbacks; what they ask for is done
 *   afterwards, in settle(). */
#include "base/loop.h"
#include "fetch/flight.h"
#include "fetch/options.h"
#include "strategies/strategy.h"

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdlib.h>

/* A socket that libcurl wants watched; kept for the next one when it is done. */
struct watch {
    struct event event;
    struct watch *next_free;
};

struct event_loop {
    struct flight *flight;
    struct event_base *base;
    struct event timer;
    struct watch *free_watches;
    bool timeout_is_due; /* libcurl asked to be called without delay */
    CURLMcode failure;
};

/* -- after libcurl's callbacks ------------------------------------------------- */

static void drive(struct event_loop *loop, curl_socket_t socket, int ready)
{
    int running;
    CURLMcode code = curl_multi_socket_action(flight_multi(loop->flight), socket, ready,
                                              &running);

    if (code && !loop->failure)
        loop->failure = code;
}

/* Ends what is done, starts what comes next and makes the calls that are due, until
 * everything in flight waits for the network. */
static void settle(struct event_loop *loop)
{
    (void)flight_reap(loop->flight);
    while (loop->timeout_is_due && !loop->failure) {
        loop->timeout_is_due = false;
        drive(loop, CURL_SOCKET_TIMEOUT, 0);
        (void)flight_reap(loop->flight);
    }
    if (loop->failure || !flight_in_flight(loop->flight))
        (void)event_base_loopbreak(loop->base);
}

static void on_ready(evutil_socket_t socket, short what, void *user)
{
    struct event_loop *loop = user;
    int ready = (what & EV_READ ? CURL_CSELECT_IN : 0) |
                (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

    drive(loop, socket, ready);
    settle(loop);
}

static void on_timer(evutil_socket_t socket, short what, void *user)
{
    struct event_loop *loop = user;

    (void)socket;
    (void)what;
    loop->timeout_is_due = true;
    settle(loop);
}

/* -- libcurl's callbacks ------------------------------------------------------- */

static struct watch *take_watch(struct event_loop *loop)
{
    struct watch *watch = loop->free_watches;

    if (!watch)
        return calloc(1, sizeof(*watch));
    loop->free_watches = watch->next_free;
    return watch;
}

static void release_watch(struct event_loop *loop, struct watch *watch)
{
    watch->next_free = loop->free_watches;
    loop->free_watches = watch;
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *user,
                        void *socket_user)
{
    struct event_loop *loop = user;
    struct watch *watch = socket_user;
    short interest = (short)(EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) |
                             (what & CURL_POLL_OUT ? EV_WRITE : 0));

    (void)easy;
    if (watch)
        (void)event_del(&watch->event);
    if (what == CURL_POLL_REMOVE) {
        if (watch)
            release_watch(loop, watch);
        return 0; /* libcurl forgets what was assigned to the socket by itself */
    }
    if (!watch) {
        watch = take_watch(loop);
        if (!watch)
            return -1;
        if (curl_multi_assign(flight_multi(loop->flight), socket, watch)) {
            release_watch(loop, watch);
            return -1;
        }
    }
    if (event_assign(&watch->event, loop->base, socket, interest, on_ready, loop) ||
        event_add(&watch->event, NULL))
        return -1;
    return 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct event_loop *loop = user;
    struct timeval span = {.tv_sec = timeout_ms / 1000,
                           .tv_usec = timeout_ms % 1000 * 1000};

    (void)multi;
    loop->timeout_is_due = timeout_ms == 0;
    if (timeout_ms > 0)
        return event_add(&loop->timer, &span);
    return event_del(&loop->timer);
}

/* -- the table ----------------------------------------------------------------- */

static void event_loop_close(void *self)
{
    struct event_loop *loop = self;

    /* First libcurl, which still calls back while it closes its connections. */
    flight_close(loop->flight);
    while (loop->free_watches) {
        struct watch *watch = take_watch(loop);

        free(watch);
    }
    if (loop->base) {
        (void)event_del(&loop->timer);
        event_base_free(loop->base);
    }
    free(loop);
}

static int event_loop_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct event_loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return err_errno(err, "event-loop");
    loop->base = loop_create(err);
    if (!loop->base)
        goto failed;
    (void)evtimer_assign(&loop->timer, loop->base, on_timer, loop);
    if (flight_open(&loop->flight, env->work, env->policy, env->level, 0, err) ||
        options_watch_multi(flight_multi(loop->flight), watch_socket, set_timer, loop,
                            err))
        goto failed;
    *self = loop;
    return 0;

failed:
    event_loop_close(loop);
    return -1;
}

static int event_loop_run(void *self, struct err *err)
{
    struct event_loop *loop = self;

    (void)flight_launch(loop->flight);
    settle(loop);
    if (!loop->failure && flight_in_flight(loop->flight) &&
        event_base_dispatch(loop->base) < 0)
        return err_set(err, "libevent's loop broke");
    if (loop->failure)
        return err_set(err, "libcurl's multi handle broke: %s",
                       curl_multi_strerror(loop->failure));
    if (flight_in_flight(loop->flight))
        return err_set(err, "the event loop ended with %u fetches in flight",
                       flight_in_flight(loop->flight));
    return 0;
}

const struct strategy strategy_event_loop = {
    .name = "event-loop",
    .summary = "one thread, libevent and curl_multi_socket_action()",
    .waits = "the loop, in epoll_wait(), for all of them",
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = event_loop_open,
    .run = event_loop_run,
    .close = event_loop_close,
};
