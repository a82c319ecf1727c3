/* http_client.h - an origin in a separate process, and clients that speak handwritten
 * HTTP over sockets. Any error in here fails the test. */
#ifndef TESTS_SUPPORT_HTTP_CLIENT_H
#define TESTS_SUPPORT_HTTP_CLIENT_H

#include "origin/process.h"

struct server {
    struct page_set *pages;
    struct origin_process process;
};

void server_start(struct server *server, uint64_t delay_ms, size_t capacity);

/* With other options; the address is always 127.0.0.1. */
void server_start_with(struct server *server, const struct origin_options *options);

/* Stops it; its statistics stay readable until server_finish(). */
const struct origin_stats *server_stop(struct server *server);
void server_finish(struct server *server);

/* The number of its open descriptors. */
size_t server_descriptors(const struct server *server);

/* Waits until it has `count` open descriptors again; fails the test after 10 s. It closes
 * a connection after it has counted that. */
void await_server_descriptors(const struct server *server, size_t count);

/* A new connection; receiving fails after 10 s. */
int connect_to(const struct server *server);
int connect_to_port(uint16_t port);

void send_text(int fd, const char *text);

/* Receives everything until the server closes, as text, and closes. Owner: the caller. */
char *receive_all(int fd);

size_t count_of(const char *text, const char *word);
void assert_contains(const char *text, const char *word);

#endif
