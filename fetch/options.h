/* options.h - every libcurl option that this project sets, in one place.
 *
 * Strategies must differ in who waits, never in an option, so no other file sets one
 * (tests/layers.sh enforces that). */
#ifndef FETCH_OPTIONS_H
#define FETCH_OPTIONS_H

#include <curl/curl.h>

#include "base/err.h"
#include "fetch/policy.h"
#include "fetch/site.h"

/* The User-Agent of every request. */
#define OPTIONS_USER_AGENT "bench"

/* The callbacks through which a handle reports to its owner. */
struct options_sinks {
    curl_write_callback on_header, on_body;
    curl_prereq_callback on_request; /* the request is about to be sent, or sent again */
    void *user;                      /* also CURLINFO_PRIVATE */
    curl_closesocket_callback on_close; /* closes the sockets; NULL: libcurl does */
    void *close_user;
};

/* The lists of a site, in libcurl's form; NULL where one is empty. */
struct options_lists {
    struct curl_slist *pins, *headers;
};

/* Makes the lists of the policy's site, if it has one. Owner: the caller, also on -1,
 * options_free_lists(). */
int options_make_lists(struct options_lists *lists, const struct fetch_policy *policy,
                       struct err *err);
void options_free_lists(struct options_lists *lists); /* fine for all zeros */

/* Sets all options of an easy handle that is new or was reset. The lists are those of the
 * policy and must outlive the handle. */
int options_apply(CURL *easy, const struct fetch_policy *policy,
                  const struct options_lists *lists, const struct options_sinks *sinks,
                  struct err *err);

/* Sets `on_close` alone. It applies to connections made from then on, also when another
 * handle closes them. */
int options_set_close(CURL *easy, const struct options_sinks *sinks, struct err *err);

/* Sets whether the next connection must be a new one. Also from the callback
 * `on_request`. */
CURLcode options_set_fresh(CURL *easy, bool fresh);

/* Sets the timeout of the next transfer, which the policy set for all; > 0. */
CURLcode options_set_timeout(CURL *easy, uint32_t timeout_ms);

/* Sets the next URL. */
CURLcode options_set_url(CURL *easy, const char *url);

/* Sets the options of a multi handle that keeps up to `level` transfers in flight. */
int options_apply_multi(CURLM *multi, const struct fetch_policy *policy, unsigned level,
                        struct err *err);

/* Makes a multi handle report its sockets and its timer to an event loop. */
int options_watch_multi(CURLM *multi, curl_socket_callback on_socket,
                        curl_multi_timer_callback on_timer, void *user, struct err *err);

/* Calls `each` with name and value of every fixed option, for env.json. */
void options_describe(void (*each)(void *user, const char *name, const char *value),
                      void *user);

#endif
