/* ideal.h - the time that nobody can beat: a lower bound for fetching so many pages from
 * an origin with known delays, whoever fetches them. docs/origin.md has the proof. */
#ifndef HARNESS_PLAN_IDEAL_H
#define HARNESS_PLAN_IDEAL_H

#include "base/err.h"
#include "origin/behaviour.h"

/* How often so many can be taken until none of them is left. */
static inline uint64_t batches(uint64_t requests, uint64_t at_a_time)
{
    return (requests + at_a_time - 1) / at_a_time;
}

/* For `requests` pages with at most `at_a_time` of them asked for and not yet received.
 * Fails for want of memory, and only where delays are drawn. */
int ideal_time(const struct behaviour *origin, uint64_t requests, uint64_t at_a_time,
               uint64_t *ideal_ns, struct err *err);

#endif
