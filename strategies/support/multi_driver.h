/* multi_driver.h - libcurl's multi handle on a libevent loop, by
 * curl_multi_socket_action().
 *
 * libcurl says through two callbacks which sockets to watch and when to call again;
 * libevent waits for both. Three things that are easy to get wrong decide how every model
 * on a loop looks, so they are got right here, once:
 *
 * - A timeout of 0 ms means "call me right after this callback". Turned into a timer of
 *   1 ms, as in libcurl's own example, it makes a level of 1 fifty times slower. Here it
 *   is a flag, and the call follows before the loop goes back to sleep.
 * - libcurl must never be called from inside its callbacks; what they ask for is done
 *   afterwards, in multi_driver_advance().
 * - At the end of a request libcurl has its socket dropped, and at the next one on the
 *   same connection watched again: two system calls that change nothing. So what it wants
 *   is only noted, and the loop is told of the difference before it sleeps. libevent's
 *   changelist does not do the same: it makes one epoll_ctl() of the two. A socket
 *   that is closed meanwhile takes its registration with it, and its number may come
 *   back for another one; hence multi_driver_close_socket().
 *
 * The timer is a descriptor of its own, set only when libcurl wants to be called earlier
 * than before: libevent sets its own one each time that it waits. */
#ifndef STRATEGIES_SUPPORT_MULTI_DRIVER_H
#define STRATEGIES_SUPPORT_MULTI_DRIVER_H

#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct watch; /* a socket that libcurl has had watched */

struct multi_driver {
    CURLM *multi;            /* borrowed, and so ... */
    struct event_base *base; /* ... is this */
    CURLMcode failure;       /* the first that there was: nothing goes on then */

    /* Reads libcurl's messages; may add transfers. Never called by libcurl. */
    void (*reap)(void *user);
    void *user;

    /* its own */
    struct watch **watches; /* by socket; NULL: never watched */
    size_t watch_room;
    struct watch *changed, **last_changed; /* those whose interest may differ from what
                                              the loop knows */
    struct event timer;
    int timer_fd; /* a timerfd; 0: none */
    bool timer_is_watched;
    uint64_t deadline_ns; /* when libcurl wants to be called; UINT64_MAX: not at all */
    uint64_t armed_ns;    /* when the timer fires, never later; UINT64_MAX: not at all */
    bool timeout_is_due;  /* libcurl asked to be called without delay */
};

/* Takes the handle's sockets and its timer over; the caller has filled in what stands
 * above "its own". */
int multi_driver_open(struct multi_driver *driver, struct err *err);

/* Only behind curl_multi_cleanup(), which still calls back while it closes connections,
 * and before event_base_free(). Fine for one that was not opened. */
void multi_driver_close(struct multi_driver *driver);

/* A curl_closesocket_callback with the driver as `user`, which every fetch on the
 * handle must have (fetch_on_close()). */
int multi_driver_close_socket(void *user, curl_socket_t socket);

/* Ends what is done, starts what comes next and makes the calls that are due, until
 * everything in flight waits for the network. */
void multi_driver_advance(struct multi_driver *driver);

/* Tells the loop what to watch. To be called each time before it waits, behind
 * multi_driver_advance(). */
void multi_driver_watch(struct multi_driver *driver);

#endif
