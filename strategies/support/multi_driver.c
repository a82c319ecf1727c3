/* multi_driver.c - see multi_driver.h. */
#include "strategies/support/multi_driver.h"

#include <stdlib.h>

#include "fetch/options.h"

/* Kept for the next socket when it is done. */
struct watch {
    struct event event;
    struct watch *next_free;
};

/* -- after libcurl's callbacks ------------------------------------------------- */

static void drive(struct multi_driver *driver, curl_socket_t socket, int ready)
{
    int running;
    CURLMcode code;

    /* A multi handle that has broken may not be asked again: it would crash. */
    if (driver->failure)
        return;
    code = curl_multi_socket_action(driver->multi, socket, ready, &running);
    if (code)
        driver->failure = code;
}

void multi_driver_settle(struct multi_driver *driver)
{
    driver->reap(driver->user);
    while (driver->timeout_is_due && !driver->failure) {
        driver->timeout_is_due = false;
        drive(driver, CURL_SOCKET_TIMEOUT, 0);
        driver->reap(driver->user);
    }
    if (driver->settled)
        driver->settled(driver->user);
}

static void on_ready(evutil_socket_t socket, short what, void *user)
{
    struct multi_driver *driver = user;
    int ready = (what & EV_READ ? CURL_CSELECT_IN : 0) |
                (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

    drive(driver, socket, ready);
    multi_driver_settle(driver);
}

static void on_timer(evutil_socket_t socket, short what, void *user)
{
    struct multi_driver *driver = user;

    (void)socket;
    (void)what;
    driver->timeout_is_due = true;
    multi_driver_settle(driver);
}

/* -- libcurl's callbacks ------------------------------------------------------- */

static struct watch *take_watch(struct multi_driver *driver)
{
    struct watch *watch = driver->free_watches;

    if (!watch)
        return calloc(1, sizeof(*watch));
    driver->free_watches = watch->next_free;
    return watch;
}

static void release_watch(struct multi_driver *driver, struct watch *watch)
{
    watch->next_free = driver->free_watches;
    driver->free_watches = watch;
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *user,
                        void *socket_user)
{
    struct multi_driver *driver = user;
    struct watch *watch = socket_user;
    short interest = (short)(EV_PERSIST | (what & CURL_POLL_IN ? EV_READ : 0) |
                             (what & CURL_POLL_OUT ? EV_WRITE : 0));

    (void)easy;
    if (watch)
        (void)event_del(&watch->event);
    if (what == CURL_POLL_REMOVE) {
        if (watch)
            release_watch(driver, watch);
        return 0; /* libcurl forgets what was assigned to the socket by itself */
    }
    if (!watch) {
        watch = take_watch(driver);
        if (!watch)
            return -1;
        if (curl_multi_assign(driver->multi, socket, watch)) {
            release_watch(driver, watch);
            return -1;
        }
    }
    if (event_assign(&watch->event, driver->base, socket, interest, on_ready, driver) ||
        event_add(&watch->event, NULL))
        return -1;
    return 0;
}

static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct multi_driver *driver = user;
    struct timeval span = {.tv_sec = timeout_ms / 1000,
                           .tv_usec = timeout_ms % 1000 * 1000};

    (void)multi;
    driver->timeout_is_due = timeout_ms == 0;
    if (timeout_ms > 0)
        return event_add(&driver->timer, &span);
    return event_del(&driver->timer);
}

/* -- its life ------------------------------------------------------------------ */

int multi_driver_open(struct multi_driver *driver, struct err *err)
{
    (void)evtimer_assign(&driver->timer, driver->base, on_timer, driver);
    return options_watch_multi(driver->multi, watch_socket, set_timer, driver, err);
}

void multi_driver_close(struct multi_driver *driver)
{
    while (driver->free_watches) {
        struct watch *watch = take_watch(driver);

        free(watch);
    }
    if (driver->multi)
        (void)event_del(&driver->timer);
}
