/* bounds.c - see bounds.h. */
#include "harness/validity/bounds.h"

#include <inttypes.h>

#include "harness/validity/level_check.h"

/* The origin has counted every response that the client got whole. */
static bool responses_are_missing(const struct evidence *the, struct verdict *verdict)
{
    uint64_t good = the->outcome->counts[FETCH_OK];

    if (the->measurement->origin->responses >= good)
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "the client had %" PRIu64
                         " good responses, but the origin answered %" PRIu64,
                         good, the->measurement->origin->responses);
}

/* A failed request may have opened a connection and sent nothing on it, but no connection
 * has two requests. */
static bool connections_were_reused(const struct evidence *the, struct verdict *verdict)
{
    const struct origin_stats *origin = the->measurement->origin;

    if (the->plan->reuse_connections || origin->connections >= origin->requests)
        return false;
    return verdict_fails(verdict, STATUS_INVALID,
                         "%" PRIu64 " connections for %" PRIu64
                         " requests: fresh connections need one per request",
                         origin->connections, origin->requests);
}

bool bounds_are_exceeded(const struct evidence *the, struct verdict *verdict)
{
    /* By the client's stamps: the origin may still hold a request that the client has
     * given up. */
    if (the->outcome->inflight_known && level_check_exceeds(the, verdict))
        return true;
    return the->measurement->has_origin &&
           (responses_are_missing(the, verdict) || connections_were_reused(the, verdict));
}
