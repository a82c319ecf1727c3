/* ideal.h - the theoretical minimum: a lower bound on the time that any client needs to
 * fetch a number of pages from an origin with known delays. docs/origin.md has the
 * proof. */
#ifndef HARNESS_PLAN_IDEAL_H
#define HARNESS_PLAN_IDEAL_H

#include "base/err.h"
#include "origin/behaviour.h"

/* The number of batches of up to `at_a_time` requests. */
static inline uint64_t batches(uint64_t requests, uint64_t at_a_time)
{
    return (requests + at_a_time - 1) / at_a_time;
}

/* The ideal for `requests` pages with at most `at_a_time` of them requested and not yet
 * received. Fails only without memory, and only where delays are drawn. */
int ideal_time(const struct behaviour *origin, uint64_t requests, uint64_t at_a_time,
               uint64_t *ideal_ns, struct err *err);

#endif
