/* multi_driver.c - see multi_driver.h. */
#include "strategies/support/multi_driver.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "fetch/fetch.h"

struct watch {
    struct event event;
    curl_socket_t socket;
    short wanted;     /* by libcurl: EV_READ | EV_WRITE, or 0 */
    short registered; /* with the loop */
    bool is_changed;  /* it is in the list */
    struct watch *next_changed;
};

/* -- events of the loop -------------------------------------------------------- */

static void drive(struct multi_driver *driver, curl_socket_t socket, int ready)
{
    int running;
    CURLMcode code;

    /* A multi handle that has failed must not be called again: it would crash. */
    if (driver->failure)
        return;
    code = curl_multi_socket_action(driver->multi, socket, ready, &running);
    if (code)
        driver->failure = code;
}

static void on_ready(evutil_socket_t socket, short what, void *user)
{
    int ready = (what & EV_READ ? CURL_CSELECT_IN : 0) |
                (what & EV_WRITE ? CURL_CSELECT_OUT : 0);

    drive(user, socket, ready);
}

/* The deadline may have moved since the timer was armed. */
static void on_timer(evutil_socket_t socket, short what, void *user)
{
    struct multi_driver *driver = user;

    (void)socket;
    (void)what;
    due_timer_clear(&driver->timer);
    if (clock_ns() >= driver->deadline_ns)
        driver->timeout_is_due = true;
}

/* -- libcurl's wishes, passed to the loop before it waits ----------------------- */

static void register_watch(struct multi_driver *driver, struct watch *watch)
{
    watch->is_changed = false;
    if (watch->wanted == watch->registered)
        return;
    if (watch->registered)
        (void)event_del(&watch->event);
    watch->registered = 0;
    if (!watch->wanted)
        return;
    if (event_assign(&watch->event, driver->base, watch->socket,
                     (short)(watch->wanted | EV_PERSIST), on_ready, driver) ||
        event_add(&watch->event, NULL))
        driver->failure = CURLM_OUT_OF_MEMORY;
    else
        watch->registered = watch->wanted;
}

/* In the order in which libcurl wanted them. To find a connection that closes, libcurl
 * searches from the oldest on: if requests are answered in another order, that is
 * quadratic. */
static void register_watches(struct multi_driver *driver)
{
    struct watch *watch = driver->changed;

    driver->changed = NULL;
    driver->last_changed = &driver->changed;
    for (; watch; watch = watch->next_changed)
        register_watch(driver, watch);
}

/* Without a deadline the timer is not watched: a loop that waits for nothing then ends.
 */
static void watch_timer(struct multi_driver *driver, bool wanted)
{
    if (wanted == driver->timer_is_watched)
        return;
    if (wanted ? event_add(&driver->timer_event, NULL) : event_del(&driver->timer_event))
        driver->failure = CURLM_OUT_OF_MEMORY;
    driver->timer_is_watched = wanted;
}

/* When the loop must go on: for libcurl, or for its owner. */
static uint64_t next_moment_ns(const struct multi_driver *driver)
{
    return driver->wake_ns && driver->wake_ns < driver->deadline_ns ? driver->wake_ns
                                                                    : driver->deadline_ns;
}

/* A timer that fires too early is harmless, and most deadlines only move to later. */
static void arm_timer(struct multi_driver *driver)
{
    uint64_t next_ns = next_moment_ns(driver);

    watch_timer(driver, next_ns != UINT64_MAX);
    if (driver->timer.armed_ns > next_ns && due_timer_set(&driver->timer, next_ns))
        driver->failure = CURLM_INTERNAL_ERROR;
}

void multi_driver_advance(struct multi_driver *driver)
{
    driver->reap(driver->user);
    while (driver->timeout_is_due && !driver->failure) {
        driver->timeout_is_due = false;
        drive(driver, CURL_SOCKET_TIMEOUT, 0);
        driver->reap(driver->user);
    }
}

void multi_driver_watch(struct multi_driver *driver)
{
    register_watches(driver);
    arm_timer(driver);
}

/* -- libcurl's callbacks ------------------------------------------------------- */

/* The watch of a socket; NULL: no memory. */
static struct watch *find_watch(struct multi_driver *driver, curl_socket_t socket)
{
    size_t place = (size_t)socket;

    if (place >= driver->watch_room) {
        size_t room = 2 * place + 64;
        struct watch **watches = realloc(driver->watches, room * sizeof(struct watch *));

        if (!watches)
            return NULL;
        for (size_t i = driver->watch_room; i < room; i++)
            watches[i] = NULL;
        driver->watches = watches;
        driver->watch_room = room;
    }
    if (!driver->watches[place]) {
        driver->watches[place] = calloc(1, sizeof(struct watch));
        if (driver->watches[place])
            driver->watches[place]->socket = socket;
    }
    return driver->watches[place];
}

static int watch_socket(CURL *easy, curl_socket_t socket, int what, void *user,
                        void *socket_user)
{
    struct multi_driver *driver = user;
    struct watch *watch = find_watch(driver, socket);

    (void)easy;
    (void)socket_user;
    if (!watch)
        return -1;
    watch->wanted = 0;
    if (what != CURL_POLL_REMOVE)
        watch->wanted = (short)((what & CURL_POLL_IN ? EV_READ : 0) |
                                (what & CURL_POLL_OUT ? EV_WRITE : 0));
    if (watch->is_changed)
        return 0;
    watch->is_changed = true;
    watch->next_changed = NULL;
    *driver->last_changed = watch;
    driver->last_changed = &watch->next_changed;
    return 0;
}

int multi_driver_close_socket(void *user, curl_socket_t socket)
{
    const struct multi_driver *driver = user;
    struct watch *watch = (size_t)socket < driver->watch_room
                              ? driver->watches[(size_t)socket]
                              : NULL;

    if (watch) {
        if (watch->registered)
            (void)event_del(&watch->event);
        watch->registered = watch->wanted = 0;
    }
    return close(socket);
}

static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct multi_driver *driver = user;

    (void)multi;
    driver->timeout_is_due = timeout_ms == 0;
    driver->deadline_ns = timeout_ms > 0
                              ? clock_ns() + (uint64_t)timeout_ms * CLOCK_NS_PER_MS
                              : UINT64_MAX;
    return 0;
}

/* -- life cycle ---------------------------------------------------------------- */

int multi_driver_open(struct multi_driver *driver, struct err *err)
{
    driver->last_changed = &driver->changed;
    driver->deadline_ns = UINT64_MAX;
    if (due_timer_open(&driver->timer, err))
        return -1;
    driver->timer_is_open = true;
    (void)event_assign(&driver->timer_event, driver->base, driver->timer.fd,
                       EV_READ | EV_PERSIST, on_timer, driver);
    return fetch_multi_watch(driver->multi, watch_socket, set_timer, driver, err);
}

void multi_driver_close(struct multi_driver *driver)
{
    for (size_t i = 0; i < driver->watch_room; i++) {
        if (driver->watches[i] && driver->watches[i]->registered)
            (void)event_del(&driver->watches[i]->event);
        free(driver->watches[i]);
    }
    free(driver->watches);
    if (!driver->timer_is_open)
        return;
    watch_timer(driver, false);
    due_timer_close(&driver->timer);
}
