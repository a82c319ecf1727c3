/* raw_request.h - one HTTP request after another on a non-blocking socket, without
 * libcurl. Every step goes as far as is possible without waiting. */
#ifndef STRATEGIES_SUPPORT_RAW_REQUEST_H
#define STRATEGIES_SUPPORT_RAW_REQUEST_H

#include <curl/curl.h>
#include <netinet/in.h>

#include "fetch/response.h"
#include "fetch/work.h"
#include "strategies/support/http_reader.h"
#include "strategies/support/http_request.h"

/* As many bytes at a time as libcurl reads (CURLOPT_BUFFERSIZE). */
enum { RAW_READ_BYTES = 16384 };

/* The part that the requests of a loop share. */
struct raw_loop {
    int epoll_fd;
    char buffer[RESPONSE_LINE_CAP_BYTES + RAW_READ_BYTES]; /* an unfinished line, then
                                                              more */
};

/* A request, and the connection that it uses and may leave to the next one. Events of the
 * epoll set point to it. */
struct raw_request {
    int fd; /* -1: no connection */
    struct sockaddr_in server;
    uint32_t waits_for; /* EPOLLIN or EPOLLOUT, 0: not in the epoll set yet */
    bool connected;
    uint16_t local_port; /* of the connection; 0: not known */
    bool reused;         /* the request uses a connection that an earlier one left open */

    /* of the current request */
    struct work_item item;
    const struct http_request *sent; /* its text, ready to be sent */
    struct response response;
    struct http_reader reader;
    uint32_t connections, connect_us;
    int connect_errno; /* why connect() failed, with CURLE_COULDNT_CONNECT */
    size_t sent_bytes;
    char *kept; /* the beginning of an unfinished line; or NULL */
    size_t kept_bytes;
};

/* Begins the request for its item, on the connection that is there, if that is one to
 * the same server. */
void raw_request_begin(struct raw_request *request, const struct http_request *sent);

/* Connects, sends and receives. CURLE_AGAIN: it waits for an event; CURLE_OK: the
 * response is complete; else libcurl's code for the failure. */
CURLcode raw_request_advance(struct raw_loop *loop, struct raw_request *request);

/* Fills in the result of a request that ended with `code`. */
void raw_request_end(struct raw_request *request, CURLcode code);

/* Closes the connection. */
void raw_request_disconnect(struct raw_request *request);

/* Frees all but the struct itself. */
void raw_request_close(struct raw_request *request);

#endif
