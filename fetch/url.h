/* url.h - a URL as libcurl understands it: the server it connects to, and the request
 * target.
 *
 * Uses libcurl's own URL API, with the flags that libcurl uses for a transfer, so that
 * the answer is right for each URL and each version of libcurl. */
#ifndef FETCH_URL_H
#define FETCH_URL_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#ifdef __cplusplus
extern "C" {
#endif

struct url {
    char *scheme;
    char *host;      /* IPv6 in brackets, IPv4 as four decimal numbers */
    uint16_t port;   /* 0: not stated, and the scheme is neither http nor https */
    bool usual_port; /* the default of the scheme: not in the Host header */
    char *target;    /* path and query, as in the request line */
};

/* Parses a URL that states its scheme. On -1 the message is libcurl's reason alone, and
 * there is nothing to free. */
int url_parse(struct url *url, const char *text, struct err *err);
void url_free(struct url *url); /* fine for all zeros */

/* The server of a plain http:// URL with an IPv4 address. False: the URL is another. */
bool url_ipv4_server(const struct url *url, struct sockaddr_in *server);

/* Returns the request that libcurl sends for a URL with the options of this project
 * (without user headers). NULL: no memory. Owner: the caller, free(). */
char *url_request(const struct url *url);

#ifdef __cplusplus
}
#endif

#endif
