/* transport.h - bytes from and to one client of the origin, plain or over TLS. Private to
 * the origin.
 *
 * No call blocks: the result says what to wait for, and the caller repeats the call when
 * the socket is ready. The first reads perform the handshake. */
#ifndef ORIGIN_TRANSPORT_H
#define ORIGIN_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "origin/tls.h"

struct transport {
    int fd;                     /* owned */
    struct tls_connection *tls; /* NULL: plain; owned */
};

/* Takes over an accepted socket; over TLS if there is a `server`, which is borrowed.
 * False: no memory; the socket is closed. */
bool transport_open(struct transport *transport, int fd, struct tls_server *server);

/* Closes the connection in order, over TLS with close_notify, and frees everything. */
void transport_close(struct transport *transport);

/* Frees everything at once: the client sees a reset. */
void transport_reset(struct transport *transport);

/* Reads up to `room` bytes, at least 1; `*bytes` is their number. */
enum transport_result transport_read(struct transport *transport, void *data, size_t room,
                                     size_t *bytes);

/* True when bytes have been taken from the socket that transport_read() has not handed
 * out: the socket will not become readable for them. */
bool transport_has_more(const struct transport *transport);

/* Writes `count` parts, at least one byte, as much as the socket takes now; `*bytes` is
 * the number of bytes written. A repeated call must offer the same bytes. */
enum transport_result transport_write(struct transport *transport,
                                      const struct iovec *parts, size_t count,
                                      size_t *bytes);

/* Tells the client that nothing more will be written; reading goes on. */
void transport_end_output(struct transport *transport);

#endif
