/* usage.h - what processes have cost: CPU time, context switches, page faults.
 *
 * Plain data without pointers, so that a worker process can leave its own share in shared
 * memory while it is still alive (getrusage(2) counts children only once they are dead).
 */
#ifndef BASE_USAGE_H
#define BASE_USAGE_H

#include <stdint.h>

struct usage {
    uint64_t user_us, system_us;
    uint64_t voluntary_switches, involuntary_switches;
    uint64_t minor_faults, major_faults;
};

/* This process so far: all its threads, and the children it has waited for. */
struct usage usage_now(void);

/* The calling process alone, without children. */
struct usage usage_self(void);

/* after - before, and a + b, field by field. */
struct usage usage_difference(const struct usage *after, const struct usage *before);
struct usage usage_sum(const struct usage *a, const struct usage *b);

#endif
