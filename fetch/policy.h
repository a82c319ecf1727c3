/* policy.h - how every fetch of a cell is done; identical for all strategies.
 *
 * Plain data except for the site, so that it can be copied to the cell's process as it
 * is. */
#ifndef FETCH_POLICY_H
#define FETCH_POLICY_H

#include <stdbool.h>
#include <stdint.h>

struct fetch_site; /* site.h */

enum { FETCH_CA_SIZE = 768 };

struct fetch_policy {
    uint32_t timeout_ms;           /* of a whole fetch, connecting included; > 0 */
    uint32_t max_host_connections; /* libcurl's own limit and queue; 0: off */
    bool accept_gzip;              /* asks for compressed bodies */
    bool reuse_connections;        /* false: a new connection for every fetch */
    bool tls_sessions;             /* a handle may resume its TLS sessions */
    const struct fetch_site *site; /* borrowed; each process sets its own; NULL: the
                                      embedded origin */
    char ca[FETCH_CA_SIZE];        /* the certificate, in PEM, of the only CA
                                                    that is trusted; "": libcurl's own */
};

#endif
