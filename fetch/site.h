/* site.h - what a fetch from a server that is not ours needs besides its address.
 *
 * Plain data: it crosses to the cell's process as it stands. */
#ifndef FETCH_SITE_H
#define FETCH_SITE_H

#include <stdbool.h>
#include <stdint.h>

enum {
    FETCH_CA_FILE_SIZE = 4096,
    FETCH_PINS_SIZE = 16384,
    FETCH_HEADERS_SIZE = 8192,
};

struct fetch_site {
    uint32_t servers; /* hosts and ports: a kept connection serves one of them; > 0 */
    bool insecure;    /* nobody looks whose certificate it is */
    char ca_file[FETCH_CA_FILE_SIZE]; /* PEM, the only CAs; "": those of the system */

    /* Lines, each with its '\n'. */
    char pins[FETCH_PINS_SIZE];       /* host:port:address, for every name */
    char headers[FETCH_HEADERS_SIZE]; /* Name: value, sent with every request */
};

#endif
