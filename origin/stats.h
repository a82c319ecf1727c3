/* stats.h - the origin's own statistics: the second witness of every cell.
 *
 * Plain data in memory shared with the harness. Only the origin writes; read it when the
 * origin has stopped, or while it serves as a snapshot that may be a moment old. */
#ifndef ORIGIN_STATS_H
#define ORIGIN_STATS_H

#include <stddef.h>
#include <stdint.h>

#include "origin/fault.h"

struct origin_stats {
    uint64_t connections;   /* accepted */
    uint64_t requests;      /* pages asked for; /stats and errors do not count */
    uint64_t responses;     /* pages sent, to the last byte into the socket */
    uint64_t body_bytes;    /* of the bodies of these, before they were compressed ... */
    uint64_t encoded_bytes; /* ... and as they were sent, without the frames of chunks */
    uint64_t aborted;       /* pages whose client went away before the end */
    uint64_t refused;       /* pages asked for while there was no place: 503 */
    uint64_t rejected;      /* requests answered with an error: 400, 404, 405, 431 */
    uint64_t dropped;       /* clients that were too slow, see struct origin_patience */
    uint64_t faults[FAULT_KIND_COUNT]; /* faults injected, which are not responses */
    uint64_t accept_pauses; /* times that descriptors ran out and accepting paused */

    uint64_t tls_handshakes; /* that were made in full ... */
    uint64_t tls_resumed;    /* ... that resumed a session ... */
    uint64_t tls_failed;     /* ... and that failed */
    char tls_agreed[64];     /* protocol and cipher of the first; "": none */

    uint64_t in_flight, in_flight_peak; /* pages asked for and not yet sent */
    uint64_t queued_peak;               /* of these, waiting for capacity */
    uint64_t late_max_ns;               /* the most that a page was late */

    uint64_t first_client_ns; /* clock_ns() of the first client ... */
    uint64_t idle_ns;         /* ... and of the last time that in_flight fell to 0 */
    uint64_t cpu_first_ns;    /* CPU time of the origin at these two moments */
    uint64_t cpu_idle_ns;

    uint64_t arrivals_room; /* how many arrivals are recorded below */
    uint64_t arrivals_ns[]; /* clock_ns() at which request i was complete */
};

static inline size_t origin_stats_bytes(size_t arrivals_room)
{
    return sizeof(struct origin_stats) + arrivals_room * sizeof(uint64_t);
}

/* A client was accepted at `now_ns`. */
void origin_stats_client(struct origin_stats *stats, uint64_t now_ns);

/* A page was asked for at `now_ns`. */
void origin_stats_arrival(struct origin_stats *stats, uint64_t now_ns);

/* A page was sent or given up. If it was the last in flight, call origin_stats_idle() at
 * the end of the loop's iteration, once for all of them: it makes a system call. */
void origin_stats_departure(struct origin_stats *stats);
void origin_stats_idle(struct origin_stats *stats);

/* The text of /stats: one JSON object. NULL: no memory; free() it. */
char *origin_stats_json(const struct origin_stats *stats);

#endif
