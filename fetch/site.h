/* site.h - settings for fetching from a server other than the embedded origin.
 *
 * Plain data: it can be copied to the cell's process as it is. */
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
    bool insecure;    /* TLS certificates are not verified */
    char ca_file[FETCH_CA_FILE_SIZE]; /* PEM, the only CAs; "": those of the system */

    /* Lines, each with its '\n'. */
    char pins[FETCH_PINS_SIZE];       /* host:port:address, resolves one name each */
    char headers[FETCH_HEADERS_SIZE]; /* Name: value, sent with every request */
};

#endif
