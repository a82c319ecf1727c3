/* kernel.h - the kernel's counters: of TCP in this network namespace, of CPU time on the
 * CPUs that bench may use. */
#ifndef HARNESS_MACHINE_KERNEL_H
#define HARNESS_MACHINE_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cpus.h"

/* name, the line of the file and the field in it. */
#define KERNEL_COUNTERS(X)                                                 \
    X(listen_overflows, "/proc/net/netstat", "TcpExt:", "ListenOverflows") \
    X(listen_drops, "/proc/net/netstat", "TcpExt:", "ListenDrops")         \
    X(tcp_timeouts, "/proc/net/netstat", "TcpExt:", "TCPTimeouts")         \
    X(tcp_retransmits, "/proc/net/snmp", "Tcp:", "RetransSegs")

struct kernel_counters {
    bool known; /* false: this kernel or sandbox does not provide them */
#define X(name, file, line, field) uint64_t name;
    KERNEL_COUNTERS(X)
#undef X

    bool cpu_known;
    uint64_t cpu_idle_ms;    /* of all CPUs of the client together, in steps of 10 ms */
    uint64_t cpu_waiting_ms; /* likewise: idle while a disk was waited for */
    uint64_t cpu_stolen_ms;  /* that a hypervisor gave to other machines */

    bool throttle_known;
    uint64_t
        throttle_count;    /* periods in which a CPU quota throttled our control groups */
    uint64_t throttled_us; /* for how long, added up over CPUs */
};

/* `client`: the CPUs of the client; NULL: all that this process may use. */
struct kernel_counters kernel_counters_now(const struct cpus *client);

/* The same; `root` is put in front of /proc and /sys: "" for this machine, a directory of
 * synthetic files in tests. */
struct kernel_counters kernel_counters_read(const char *root, const struct cpus *client);

/* The increase from `before` to `after`; a group of counters is known only if it is in
 * both. A counter that fell, as proc(5) allows for iowait, has increased by 0. */
struct kernel_counters kernel_counters_since(const struct kernel_counters *before,
                                             const struct kernel_counters *after);

/* Sockets in TIME_WAIT now; -1 if the kernel does not say. */
int64_t kernel_time_wait(void);

#endif
