/* policy.h - how every fetch of a cell is done; identical for all strategies.
 *
 * Plain data: it crosses to the cell's process as it stands. */
#ifndef FETCH_POLICY_H
#define FETCH_POLICY_H

#include <stdbool.h>
#include <stdint.h>

enum { FETCH_RESOLVE_SIZE = 512 };

struct fetch_policy {
    uint32_t timeout_ms;              /* of a whole fetch, connecting included; > 0 */
    uint32_t max_host_connections;    /* libcurl's own limit and queue; 0: off */
    bool reuse_connections;           /* false: a new connection for every fetch */
    char resolve[FETCH_RESOLVE_SIZE]; /* CURLOPT_RESOLVE entry that pins the name of a
                                         target to its addresses; "": none needed */
};

#endif
