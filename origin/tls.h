/* tls.h - TLS for the connections of an origin, by OpenSSL. Private to the origin,
 * whose other files use transport.h instead. */
#ifndef ORIGIN_TLS_H
#define ORIGIN_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "origin/certificate.h"
#include "origin/stats.h"

/* The result of an operation on a client's socket, plain or over TLS. */
enum transport_result {
    TRANSPORT_DONE,           /* some bytes went through */
    TRANSPORT_ENDED,          /* reading only: the client has closed its side */
    TRANSPORT_WAITS_TO_READ,  /* ask again when the socket is readable */
    TRANSPORT_WAITS_TO_WRITE, /* ask again when it is writable */
    TRANSPORT_BROKEN,         /* close the connection */
};

struct tls_server;     /* opaque: shared by all connections of an origin */
struct tls_connection; /* opaque: one of them */

/* For an origin at `address` (IPv4, as text) with a certificate issued by `ca`. With
 * `sessions` clients may resume TLS sessions; without, none are offered. `stats`, which
 * is borrowed, counts the handshakes. Owner: the caller. */
int tls_server_create(struct tls_server **out, const struct ca *ca, const char *address,
                      bool sessions, struct origin_stats *stats, struct err *err);
void tls_server_destroy(struct tls_server *server); /* NULL is fine */

/* A connection on an accepted socket, which stays the caller's. NULL: no memory. */
struct tls_connection *tls_accept(struct tls_server *server, int fd);
void tls_free(struct tls_connection *connection);

/* As in transport.h. */
enum transport_result tls_read(struct tls_connection *connection, void *data, size_t room,
                               size_t *bytes);
bool tls_has_more(const struct tls_connection *connection);
enum transport_result tls_write(struct tls_connection *connection,
                                const struct iovec *parts, size_t count, size_t *bytes);

/* Tells the client, if it can still hear it, that nothing more comes (close_notify). */
void tls_say_goodbye(struct tls_connection *connection);

#endif
