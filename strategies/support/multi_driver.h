/* multi_driver.h - libcurl's multi handle on a libevent loop, by
 * curl_multi_socket_action().
 *
 * libcurl says through two callbacks which sockets to watch and when to call again;
 * libevent waits for both. Three things are easy to get wrong and decide the figures of
 * every model on a loop, so they are handled here, once:
 *
 * - A timeout of 0 ms means "call me right after this callback". Turned into a timer of
 *   1 ms, as in libcurl's own example, it makes a level of 1 fifty times slower. Here it
 *   is a flag, and the call follows before the loop goes back to sleep.
 * - libcurl must never be called from inside its callbacks; their requests are carried
 *   out afterwards, in multi_driver_advance().
 * - At the end of a request libcurl stops watching its socket, and at the next one on the
 *   same connection watches it again: two system calls that change nothing. So its wishes
 *   are only noted, and the loop is told of the difference before it sleeps. libevent's
 *   changelist does not achieve this: it makes one epoll_ctl() of the two. A socket that
 *   is closed meanwhile loses its registration, and its number may be used again for
 *   another one; hence multi_driver_close_socket().
 *
 * The timer is a separate descriptor, set only when libcurl wants to be called earlier
 * than before: libevent sets its own timer each time it waits. */
#ifndef STRATEGIES_SUPPORT_MULTI_DRIVER_H
#define STRATEGIES_SUPPORT_MULTI_DRIVER_H

#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "strategies/support/due_timer.h"

struct watch; /* a socket that libcurl has asked to watch */

struct multi_driver {
    CURLM *multi;            /* borrowed */
    struct event_base *base; /* borrowed */
    CURLMcode failure;       /* the first failure; nothing goes on after it */

    /* Reads libcurl's messages; may add transfers. Never called by libcurl. */
    void (*reap)(void *user);
    void *user;

    uint64_t wake_ns; /* when the loop is to go on for its owner's sake; 0: for none */

    /* private */
    struct watch **watches; /* by socket; NULL: never watched */
    size_t watch_room;
    struct watch *changed, **last_changed; /* those that may differ from their
                                              registration with the loop */
    struct event timer_event;
    struct due_timer timer; /* never fires later than needed */
    bool timer_is_open, timer_is_watched;
    uint64_t deadline_ns; /* when libcurl wants to be called; UINT64_MAX: not at all */
    bool timeout_is_due;  /* libcurl asked to be called without delay */
};

/* Takes over the handle's sockets and its timer; the caller has filled in the fields
 * above "private". */
int multi_driver_open(struct multi_driver *driver, struct err *err);

/* Only after curl_multi_cleanup(), which still calls back while it closes connections,
 * and before event_base_free(). Fine for one that was not opened. */
void multi_driver_close(struct multi_driver *driver);

/* A curl_closesocket_callback with the driver as `user`, which every fetch on the
 * handle must have (fetch_on_close()). */
int multi_driver_close_socket(void *user, curl_socket_t socket);

/* Ends finished transfers, starts the next ones and makes the calls that are due, until
 * everything in flight waits for the network. */
void multi_driver_advance(struct multi_driver *driver);

/* Tells the loop which sockets to watch, and sets the timer. To be called each time
 * before the loop waits, after multi_driver_advance(). */
void multi_driver_watch(struct multi_driver *driver);

#endif
