/* http_request.h - the requests of the one strategy that does not have libcurl send them,
 * with the bytes that libcurl would send. */
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

/* Makes the request for each target of the work, in their order. Fails if one is not at
 * http://<IPv4 address>[:port]/. Owner: the caller, http_requests_free(). */
int http_requests_make(struct http_request **out, const struct work *work,
                       struct err *err);
void http_requests_free(struct http_request *requests, size_t count); /* NULL is fine */

#endif
