/* multi_driver.h - libcurl's multi handle on a libevent loop, by
 * curl_multi_socket_action().
 *
 * libcurl says through two callbacks which sockets to watch and when to call again;
 * libevent waits for both. Two things that are easy to get wrong decide how every model
 * on a loop looks, so they are got right here, once:
 *
 * - A timeout of 0 ms means "call me right after this callback". Turned into a timer of
 *   1 ms, as in libcurl's own example, it makes a level of 1 fifty times slower. Here it
 *   is a flag, and the call follows before the loop goes back to sleep.
 * - libcurl must never be called from inside its callbacks; what they ask for is done
 *   afterwards, in multi_driver_settle(). */
#ifndef STRATEGIES_SUPPORT_MULTI_DRIVER_H
#define STRATEGIES_SUPPORT_MULTI_DRIVER_H

#include <curl/curl.h>
#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>

#include "base/err.h"

struct watch; /* a socket that libcurl wants watched */

struct multi_driver {
    CURLM *multi;            /* borrowed, and so ... */
    struct event_base *base; /* ... is this */
    CURLMcode failure;       /* the first that there was: nothing goes on then */

    /* Reads libcurl's messages; may add transfers. Never called by libcurl. */
    void (*reap)(void *user);
    /* Optional: everything waits for the network now, or `failure` is set. */
    void (*settled)(void *user);
    void *user;

    /* its own */
    struct event timer;
    struct watch *free_watches;
    bool timeout_is_due; /* libcurl asked to be called without delay */
};

/* Takes the handle's sockets and its timer over; the caller has filled in what stands
 * above "its own". */
int multi_driver_open(struct multi_driver *driver, struct err *err);

/* Only behind curl_multi_cleanup(), which still calls back while it closes connections,
 * and before event_base_free(). Fine for one that was not opened. */
void multi_driver_close(struct multi_driver *driver);

/* Ends what is done, starts what comes next and makes the calls that are due, until
 * everything in flight waits for the network. To be called after transfers were added
 * from elsewhere than `reap`, before the loop waits. */
void multi_driver_settle(struct multi_driver *driver);

#endif
