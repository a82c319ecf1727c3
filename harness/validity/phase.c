/* phase.c - see phase.h. */
#include "harness/validity/phase.h"

#include <math.h>

#include "base/clock.h"

/* The time between two stamps, one of which may be missing. */
static double between_us(uint64_t from_ns, uint64_t to_ns)
{
    return from_ns && to_ns >= from_ns
               ? (double)(to_ns - from_ns) / (double)CLOCK_NS_PER_US
               : NAN;
}

double phase_queue_us(const struct fetch_result *result)
{
    if (result->unknown & FETCH_UNKNOWN_PHASES)
        return NAN;
    return between_us(result->begin_ns, result->start_ns);
}

double phase_connect_us(const struct fetch_result *result)
{
    /* libcurl reports at least 1 for a connection that was made. */
    return result->connections && result->connect_us ? (double)result->connect_us : NAN;
}

double phase_tls_us(const struct fetch_result *result)
{
    /* libcurl's figure counts from the same moment as the one to TCP connected. */
    return result->connections && result->connect_us &&
                   result->tls_us >= result->connect_us
               ? (double)(result->tls_us - result->connect_us)
               : NAN;
}

double phase_ttfb_us(const struct fetch_result *result)
{
    return between_us(result->begin_ns, result->first_byte_ns);
}

double phase_latency_us(const struct fetch_result *result)
{
    if (result->unknown & FETCH_UNKNOWN_STAMPS)
        return NAN;
    return between_us(result->begin_ns, result->end_ns);
}

double phase_late_us(const struct fetch_result *result)
{
    if (result->unknown & FETCH_UNKNOWN_STAMPS)
        return NAN;
    return between_us(result->due_ns, result->start_ns);
}

double phase_due_us(const struct fetch_result *result)
{
    if (result->unknown & FETCH_UNKNOWN_STAMPS)
        return NAN;
    return between_us(result->due_ns, result->end_ns);
}
