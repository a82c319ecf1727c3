/* ports.c - see ports.h. */
#include "harness/sweep/ports.h"

#include "base/clock.h"

/* The size of the largest range of ports. */
enum { PORTS_MAX = 65535 - 1024 + 1 };

/* How long a port stays in TIME_WAIT; and how long where the kernel may reuse it
 * early. */
#define TIME_WAIT_NS (60 * CLOCK_NS_PER_S)
#define REUSE_NS     (1 * CLOCK_NS_PER_S)

static bool ports_are_reused(const struct plan *plan, const struct machine_limits *limits)
{
    return !plan->site || target_site_is_loopback(plan->site)
               ? limits->ports_reused_on_loopback
               : limits->ports_reused;
}

uint64_t ports_taken(const struct plan *plan, const struct machine_limits *limits,
                     uint64_t requests, uint64_t length_ns)
{
    uint64_t rest_ns = ports_are_reused(plan, limits) ? REUSE_NS : TIME_WAIT_NS;

    if (length_ns <= rest_ns)
        return requests;
    return (uint64_t)((double)requests * (double)rest_ns / (double)length_ns);
}

const char *ports_fix(const struct plan *plan, const struct machine_limits *limits,
                      uint64_t needed)
{
    if (needed <= PORTS_MAX && limits->ports < PORTS_MAX)
        return ", or sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"";
    return ports_are_reused(plan, limits) ? ""
                                          : ", or sysctl -w net.ipv4.tcp_tw_reuse=1 "
                                            "net.ipv4.tcp_timestamps=1";
}
