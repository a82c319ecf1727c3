/* fetch.h - one transfer at a time through one reusable libcurl handle.
 *
 * Only this file pair stamps a libcurl transfer, has its response judged (response.h) and
 * fills its result slot. Strategies differ in who waits, never in what is fetched or how
 * it is timed:
 *
 *     blocking     fetch_perform()
 *     event loop   fetch_begin(), wait for CURLMSG_DONE, fetch_end()
 *     coroutine    fetch_begin(), yield until CURLMSG_DONE, fetch_end() */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H

#include <curl/curl.h>

#include "base/err.h"
#include "fetch/policy.h"
#include "fetch/work.h"

#ifdef __cplusplus
extern "C" {
#endif

struct fetch; /* opaque: one easy handle and its current item */

/* Initialises libcurl for this process; once, before the first fetch, before any fork and
 * any thread. */
int fetch_global_init(struct err *err);
void fetch_global_cleanup(void);

/* A new fetch under `policy`, which is borrowed, as its site is. One owner, one
 * thread at a time; after fork() make new ones in the child instead of using inherited
 * ones. */
int fetch_create(struct fetch **out, const struct fetch_policy *policy, struct err *err);
void fetch_destroy(struct fetch *fetch); /* NULL is fine */

/* Makes `on_close` close the sockets of this fetch's connections instead of libcurl;
 * before the first of them. `user` must outlive the connections. */
int fetch_on_close(struct fetch *fetch, curl_closesocket_callback on_close, void *user,
                   struct err *err);

/* Fetches `item` and fills its slot; blocks. A failed transfer is a result, not an error,
 * so there is nothing to return. */
void fetch_perform(struct fetch *fetch, const struct work_item *item);

/* The same in two halves, for callers that wait themselves. Between the two, add
 * fetch_easy() to a multi handle and remove it again; pass libcurl's result code to
 * fetch_end(). If fetch_begin() does not return CURLE_OK there is nothing to wait for:
 * pass its code instead. */
CURLcode fetch_begin(struct fetch *fetch, const struct work_item *item);
void fetch_end(struct fetch *fetch, CURLcode code);

CURL *fetch_easy(struct fetch *fetch);   /* borrowed; set no options on it */
struct fetch *fetch_of_easy(CURL *easy); /* the inverse */

/* A multi handle with the options of this project, for up to `level` fetches at a time.
 * Owner: the caller, curl_multi_cleanup(). */
int fetch_multi_create(CURLM **out, const struct fetch_policy *policy, unsigned level,
                       struct err *err);

/* Makes a multi handle report its sockets and its timer to an event loop. */
int fetch_multi_watch(CURLM *multi, curl_socket_callback on_socket,
                      curl_multi_timer_callback on_timer, void *user, struct err *err);

/* Removes every finished transfer from a multi handle, and calls `landed` with libcurl's
 * result code, for fetch_end(). `landed` may add transfers, which are removed too if they
 * have finished by then. Not from inside a libcurl callback.
 *
 * libcurl walks its whole message queue whenever a handle is removed, which for many at a
 * time would be quadratic: so all messages are read first. */
void fetch_reap(CURLM *multi,
                void (*landed)(void *user, struct fetch *fetch, CURLcode code),
                void *user);

/* A pointer that its user finds again through fetch_of_easy(); NULL before. */
void fetch_set_owner(struct fetch *fetch, void *owner);
void *fetch_owner(const struct fetch *fetch);

/* libcurl's message for a code in a result. */
const char *fetch_code_text(unsigned curl_code);

#ifdef __cplusplus
}
#endif

#endif
