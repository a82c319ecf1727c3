/* fetch.h - one transfer at a time through one reusable libcurl handle.
 *
 * This file pair alone reads the clock around a transfer of libcurl's, has its response
 * judged (response.h) and fills its slot. Strategies differ in who waits, never in what
 * is fetched or how it is timed:
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

/* Has `on_close` close the sockets of this fetch's connections, in libcurl's place;
 * before the first of them. `user` must outlive the connections. */
int fetch_on_close(struct fetch *fetch, curl_closesocket_callback on_close, void *user,
                   struct err *err);

/* Does `item` and fills its slot; blocks. A failed transfer is a result, not an error, so
 * there is nothing to return. */
void fetch_perform(struct fetch *fetch, const struct work_item *item);

/* The same in two halves, for callers who do the waiting themselves. Between the two, add
 * fetch_easy() to a multi handle and take it out again; libcurl's verdict goes to
 * fetch_end(). When fetch_begin() returns another code than CURLE_OK there is nothing to
 * wait for: that code is the verdict. */
CURLcode fetch_begin(struct fetch *fetch, const struct work_item *item);
void fetch_end(struct fetch *fetch, CURLcode code);

CURL *fetch_easy(struct fetch *fetch);   /* borrowed; set no options on it */
struct fetch *fetch_of_easy(CURL *easy); /* the inverse */

/* Takes every transfer that a multi handle has finished out of it, and calls `landed`
 * with libcurl's verdict, for fetch_end(). It may add others to the handle, which are
 * taken too if they have finished by then. Not from inside a libcurl callback.
 *
 * libcurl goes through all messages that wait whenever a handle is taken out, so that
 * many at a time would take the square of their number: all are read first. */
void fetch_reap(CURLM *multi,
                void (*landed)(void *user, struct fetch *fetch, CURLcode code),
                void *user);

/* Whatever its user wants to find again by way of fetch_of_easy(); NULL before. */
void fetch_set_owner(struct fetch *fetch, void *owner);
void *fetch_owner(const struct fetch *fetch);

/* libcurl's words for a code in a result. */
const char *fetch_code_text(unsigned curl_code);

#endif
