/* usage.c - see usage.h. */
#include "base/usage.h"

#include <sys/resource.h>
#include <sys/time.h>

static uint64_t microseconds(struct timeval time)
{
    return (uint64_t)time.tv_sec * 1000000u + (uint64_t)time.tv_usec;
}

static struct usage read_usage(int who)
{
    struct rusage raw = {0};

    /* Fails only for an invalid argument; both used here are valid. */
    (void)getrusage(who, &raw);
    return (struct usage){
        .user_us = microseconds(raw.ru_utime),
        .system_us = microseconds(raw.ru_stime),
        .voluntary_switches = (uint64_t)raw.ru_nvcsw,
        .involuntary_switches = (uint64_t)raw.ru_nivcsw,
        .minor_faults = (uint64_t)raw.ru_minflt,
        .major_faults = (uint64_t)raw.ru_majflt,
    };
}

struct usage usage_self(void)
{
    return read_usage(RUSAGE_SELF);
}

struct usage usage_now(void)
{
    struct usage self = read_usage(RUSAGE_SELF);
    struct usage children = read_usage(RUSAGE_CHILDREN);

    return usage_sum(&self, &children);
}

/* The counters may come from a process that is not trusted, so neither of these wraps
 * around to a plausible figure. */
static uint64_t difference(uint64_t after, uint64_t before)
{
    return after > before ? after - before : 0;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
    return a <= UINT64_MAX - b ? a + b : UINT64_MAX;
}

#define X(field) .field = difference(after->field, before->field),
struct usage usage_difference(const struct usage *after, const struct usage *before)
{
    return (struct usage){USAGE_FIELDS(X)};
}
#undef X

#define X(field) .field = sum(a->field, b->field),
struct usage usage_sum(const struct usage *a, const struct usage *b)
{
    return (struct usage){USAGE_FIELDS(X)};
}
#undef X
