/* http_request.h - addresses and requests of the one strategy that does not have libcurl
 * do it: http://<IPv4 address>[:port]/ and nothing else. */
#ifndef STRATEGIES_SUPPORT_HTTP_REQUEST_H
#define STRATEGIES_SUPPORT_HTTP_REQUEST_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

enum { HTTP_REQUEST_BYTES = 4096 };

/* The server of an address. False: it is none that can be fetched from in this way. */
bool http_request_peer(const char *url, struct sockaddr_in *peer);

/* Writes the request for an address that http_request_peer() took, with the bytes that
 * libcurl would send. Returns how many. */
size_t http_request_write(const char *url, char text[HTTP_REQUEST_BYTES]);

#endif
