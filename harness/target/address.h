/* address.h - a URL as it was typed: its host and port as libcurl reads them, and whether
 * bench fetches it. */
#ifndef HARNESS_TARGET_ADDRESS_H
#define HARNESS_TARGET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

enum { ADDRESS_HOST_SIZE = 256 };

struct address {
    char host[ADDRESS_HOST_SIZE]; /* as libcurl writes it: IPv6 in brackets */
    uint16_t port;
    bool tls;
    bool plain; /* HTTP without TLS at an IPv4 address: no libcurl is needed for it */
};

/* True if the URL or template has user:password@. No message may quote such a text. */
bool address_has_user(const char *url);

/* Takes a URL apart: its scheme, which must be http or https, and its host and port. */
int address_parse(struct address *address, const char *url, struct err *err);

/* True for "host:port/path" and the like, where a host stands in place of the scheme. */
bool address_lacks_scheme(const char *url);

/* True when the host is an IP address; then `*out` is that address with the port. */
bool address_is_literal(const struct address *address, struct sockaddr_storage *out);

/* -- where it leads ------------------------------------------------------------ */

/* 127/8, ::1, and IPv4-mapped 127/8. */
bool address_is_loopback(const struct sockaddr_storage *address);

/* True when both are the same address; the ports do not count. */
bool address_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

/* "192.0.2.1" or "[2001:db8::1]". Returns `text`. */
enum { ADDRESS_TEXT_SIZE = 64 };
const char *address_text(const struct sockaddr_storage *address,
                         char text[ADDRESS_TEXT_SIZE]);

#endif
