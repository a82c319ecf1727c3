/* loop_worker.c - a worker with an event loop. See loop_worker.h. */
#include "strategies/support/loop_worker.h"

#include <stdlib.h>

#include "base/loop.h"
#include "base/text.h"
#include "fetch/flight.h"
#include "strategies/support/multi_driver.h"

struct loop {
    struct flight *flight;
    struct event_base *base;
    struct multi_driver driver;
};

static void reap(void *user)
{
    struct loop *loop = user;

    (void)flight_reap(loop->flight);
}

static bool is_over(const struct loop *loop)
{
    return loop->driver.failure || !flight_in_flight(loop->flight);
}

static void loop_close(void *worker)
{
    struct loop *loop = worker;

    if (!loop)
        return;
    flight_close(loop->flight);
    multi_driver_close(&loop->driver);
    if (loop->base)
        event_base_free(loop->base);
    free(loop);
}

static int loop_open(void **worker, const struct strategy_env *env, unsigned number,
                     unsigned share, struct err *err)
{
    struct loop *loop = calloc(1, sizeof(*loop));

    if (!loop)
        return err_errno(err, "no memory for an event loop");
    loop->base = loop_create_without_timers(err);
    if (!loop->base ||
        flight_open(&loop->flight, env->work, env->policy, share, number, err))
        goto failed;
    loop->driver = (struct multi_driver){.multi = flight_multi(loop->flight),
                                         .base = loop->base,
                                         .reap = reap,
                                         .user = loop};
    if (multi_driver_open(&loop->driver, err) ||
        flight_on_close(loop->flight, multi_driver_close_socket, &loop->driver, err))
        goto failed;
    *worker = loop;
    return 0;

failed:
    loop_close(loop);
    return -1;
}

static int loop_work(void *worker, const struct work_item *items, unsigned count,
                     struct err *err)
{
    struct loop *loop = worker;

    int code = 0;

    (void)flight_launch(loop->flight, items, count);
    /* All ready sockets are handled before the next requests begin: once per iteration of
     * the loop, not once per socket. */
    while (!code) {
        multi_driver_advance(&loop->driver);
        if (is_over(loop))
            break;
        loop->driver.wake_ns = flight_due_ns(loop->flight);
        multi_driver_watch(&loop->driver);
        code = event_base_loop(loop->base, EVLOOP_ONCE);
    }
    if (code < 0)
        return err_set(err, "libevent's loop failed");
    if (loop->driver.failure)
        return err_set(err, "libcurl's multi handle failed: %s",
                       curl_multi_strerror(loop->driver.failure));
    if (flight_in_flight(loop->flight))
        return err_set(err, "the event loop ended with %u %s in flight",
                       flight_in_flight(loop->flight),
                       plural(flight_in_flight(loop->flight), "fetch", "fetches"));
    return 0;
}

const struct worker_kind loop_worker = {loop_open, loop_work, loop_close};
