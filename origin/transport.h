/* transport.h - bytes from and to one client of the origin, plain or over TLS. Private to
 * the origin.
 *
 * Nothing here waits: what cannot be done now says on what it waits, and is asked for
 * again when the socket is ready for that. A handshake is done by the first reads. */
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
 * False: there is no memory, and the socket is closed. */
bool transport_open(struct transport *transport, int fd, struct tls_server *server);

/* Says goodbye, if the client can still hear it, and gives everything back. */
void transport_close(struct transport *transport);

/* Gives everything back without a word: the client sees a reset. */
void transport_reset(struct transport *transport);

/* Reads up to `room` bytes, at least 1; how many there were is in `*bytes`. */
enum transport_result transport_read(struct transport *transport, void *data, size_t room,
                                     size_t *bytes);

/* True when bytes have been taken from the socket that transport_read() has not handed
 * out: the socket will not become readable for them. */
bool transport_has_more(const struct transport *transport);

/* Writes `count` parts, at least one byte, as far as that goes at once; how many bytes
 * went is in `*bytes`. When it is asked again it must be for the same bytes. */
enum transport_result transport_write(struct transport *transport,
                                      const struct iovec *parts, size_t count,
                                      size_t *bytes);

/* The client is told that nothing more will be written; reading goes on. */
void transport_end_output(struct transport *transport);

#endif
