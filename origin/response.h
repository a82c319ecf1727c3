/* response.h - what the origin says to a request. Private to the origin.
 *
 * Each function returns true when the response is out and the connection is ready for its
 * next request; false when the rest waits for the socket, or the connection is gone. */
#ifndef ORIGIN_RESPONSE_H
#define ORIGIN_RESPONSE_H

#include "origin/connection.h"

/* The page that was asked for, whose delay is over at `now_ns`. */
bool response_send_page(struct connection *connection, uint64_t now_ns);

/* A short text, at once. `fields` are more header lines, each with its line end. Takes
 * over `text`, which may be NULL for want of memory. */
bool response_send_text(struct connection *connection, const char *status,
                        const char *type, const char *fields, char *text, bool with_body);

/* An error, such as "404 Not Found", at once. */
bool response_send_error(struct connection *connection, const char *status,
                         bool with_body);

/* 503, at once: there is no place for the page that was asked for. */
bool response_send_refusal(struct connection *connection, bool with_body);

/* Sends the first `head_bytes` of the connection's head, and its body. */
bool response_start(struct connection *connection, int head_bytes);

/* The time of now, for the field Date. */
const char *response_date(struct origin_site *site);

/* Goes on with what is left of a response. */
bool response_write(struct connection *connection);

#endif
