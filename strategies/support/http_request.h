/* http_request.h - the requests of raw-epoll, which does without libcurl, byte for byte
 * as libcurl would send them. */
#ifndef STRATEGIES_SUPPORT_HTTP_REQUEST_H
#define STRATEGIES_SUPPORT_HTTP_REQUEST_H

#include <netinet/in.h>
#include <stddef.h>

#include "base/err.h"
#include "fetch/work.h"

struct http_request {
    struct sockaddr_in server;
    char *text;
    size_t size_bytes;
};

/* Makes one request per target of the work, in their order. Fails if a URL is not of the
 * form http://<IPv4 address>[:port]/. Owner: the caller, http_requests_free(). */
int http_requests_make(struct http_request **out, const struct work *work,
                       struct err *err);
void http_requests_free(struct http_request *requests, size_t count); /* NULL is fine */

#endif
