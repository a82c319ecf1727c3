/* program_usage.h - the resources that the process tree of a program has used. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_USAGE_H
#define STRATEGIES_OUTSIDE_PROGRAM_USAGE_H

#include <stdint.h>
#include <sys/types.h>

#include "base/usage.h"

/* All processes below this one, at one moment. */
struct program_reading {
    uint64_t cpu_ns;    /* of the processes themselves, exact */
    uint64_t main_ns;   /* of these, of the program's first process */
    uint64_t reaped_ns; /* of children that they have reaped, in ticks of 10 ms ... */
    uint64_t main_reaped_ns;     /* ... and of those that the first process has */
    uint64_t user_ns, system_ns; /* of all, in ticks: only their ratio is used */
    uint64_t minor_faults, major_faults;
    uint64_t voluntary_switches, involuntary_switches; /* of threads that live */
    uint64_t peak_rss_bytes;
};

/* Reads them; `main_pid` is the program's first process, whose clock is read first, since
 * it goes on working. Zeros for what cannot be read. */
struct program_reading program_usage_read(pid_t main_pid);

/* The usage between two readings. To know exactly the usage of reaped children, and the
 * switches of threads that have ended, this reaps `main_pid`, which must be a zombie;
 * 0: it still runs, so both are known only roughly. `*status` is that of waitpid(2). */
struct usage program_usage_between(const struct program_reading *go,
                                   const struct program_reading *done, pid_t main_pid,
                                   int *status);

#endif
