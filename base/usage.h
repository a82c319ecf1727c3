/* usage.h - resource usage of processes: CPU time, context switches, page faults.
 *
 * Plain data without pointers, so that a worker process can report its usage in shared
 * memory while it is still alive (getrusage(2) counts children only once they are
 * dead). */
#ifndef BASE_USAGE_H
#define BASE_USAGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define USAGE_FIELDS(X)     \
    X(user_us)              \
    X(system_us)            \
    X(voluntary_switches)   \
    X(involuntary_switches) \
    X(minor_faults)         \
    X(major_faults)

struct usage {
#define X(field) uint64_t field;
    USAGE_FIELDS(X)
#undef X
};

/* This process so far: all its threads, and the children it has waited for. */
struct usage usage_now(void);

/* The calling process alone, without children. */
struct usage usage_self(void);

/* after - before, at least 0, and a + b, at most UINT64_MAX, field by field. */
struct usage usage_difference(const struct usage *after, const struct usage *before);
struct usage usage_sum(const struct usage *a, const struct usage *b);

#ifdef __cplusplus
}
#endif

#endif
