/* flight.h - a level of fetches kept in flight on one multi handle.
 *
 * The rule "when one fetch ends, start the next" is implemented once, here, so that loops
 * which differ only in how they wait refill in exactly the same way. */
#ifndef FETCH_FLIGHT_H
#define FETCH_FLIGHT_H

#include "fetch/fetch.h"

#ifdef __cplusplus
extern "C" {
#endif

struct flight; /* opaque; one thread only */

/* Up to `level` fetches at a time from `work`, as worker number `worker`; work and policy
 * are borrowed. On -1 nothing is left to close. */
int flight_open(struct flight **out, struct work *work, const struct fetch_policy *policy,
                unsigned level, unsigned worker, struct err *err);

/* Frees everything. A fetch that is still in flight because a loop failed keeps no
 * result: it is lost. NULL is fine. */
void flight_close(struct flight *flight);

/* fetch_on_close() for all of them. */
int flight_on_close(struct flight *flight, curl_closesocket_callback on_close, void *user,
                    struct err *err);

/* The multi handle, to drive and to wait on; borrowed; set no options on it. */
CURLM *flight_multi(struct flight *flight);

/* Fetches that have begun and not ended, and one that waits until it is due: 0 when
 * nothing is left to do. */
unsigned flight_in_flight(const struct flight *flight);

/* When a fetch is due that waits for that: call flight_reap() then, if not earlier.
 * UINT64_MAX: none waits. */
uint64_t flight_due_ns(const struct flight *flight);

/* Begins the `count` items (at most the level; one, where items have moments) that were
 * taken for this flight, then as many more as are due, the level allows and the supply
 * has; call it once at the beginning of a run. Returns how many began. */
unsigned flight_launch(struct flight *flight, const struct work_item *items,
                       unsigned count);

/* Ends the fetches that libcurl has finished and begins those that are due; call it
 * after every curl_multi_perform() or curl_multi_socket_action(), never from inside a
 * libcurl callback. Returns how many began. */
unsigned flight_reap(struct flight *flight);

#ifdef __cplusplus
}
#endif

#endif
