/* address.h - an address that was typed: what libcurl will make of it, and whether this
 * program fetches such. */
#ifndef HARNESS_TARGET_ADDRESS_H
#define HARNESS_TARGET_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/err.h"

enum { ADDRESS_HOST_SIZE = 256 };

struct address {
    char host[ADDRESS_HOST_SIZE]; /* as libcurl has it: IPv6 in brackets */
    uint16_t port;
    bool tls;
    bool plain; /* HTTP without TLS at an IPv4 address: no libcurl is needed for it */
};

/* True if user:password@ stands in it, template or not. Such a text is in no message. */
bool address_has_user(const char *url);

/* Takes an address apart: http or https, a host. Fails in words. */
int address_parse(struct address *address, const char *url, struct err *err);

/* True when the host is no name; `*out` is its address, then, with the port. */
bool address_is_literal(const struct address *address, struct sockaddr_storage *out);

/* -- where it leads ------------------------------------------------------------ */

/* 127/8, ::1, and the former within IPv6. */
bool address_is_loopback(const struct sockaddr_storage *address);

/* True when both are of one family and the same, whatever their ports. */
bool address_equal(const struct sockaddr_storage *a, const struct sockaddr_storage *b);

/* "192.0.2.1" or "[2001:db8::1]". Returns `text`. */
enum { ADDRESS_TEXT_SIZE = 64 };
const char *address_text(const struct sockaddr_storage *address,
                         char text[ADDRESS_TEXT_SIZE]);

#endif
