/* arrivals.h - when the requests of a cell become due, where that is planned. */
#ifndef HARNESS_PLAN_ARRIVALS_H
#define HARNESS_PLAN_ARRIVALS_H

#include "fetch/work.h"

/* The most requests of one cell whose moments or results bench keeps. */
#define ARRIVALS_MAX UINT64_C(10000000)

/* The rule by which requests become due. */
struct arrival_rule {
    unsigned rate;          /* per second; 0: all at once, as far as their hosts permit */
    bool poisson;           /* at random moments, as a Poisson process has them */
    uint64_t duration_ns;   /* none becomes due later; 0, without a rate: no limit */
    uint64_t per_host_rate; /* the most per second and host; 0: no limit */
    uint64_t seed;
    unsigned round; /* another sequence in each */
};

/* The moments of a cell's requests; NULL: all may begin at once. */
struct arrivals {
    struct work_moment *moments;
    size_t count;
};

/* How many requests become due at a rate within the duration, at most ARRIVALS_MAX + 1.
 */
uint64_t arrivals_count(const struct arrival_rule *rule);

/* The moments of `count` requests, each for the next target in turn. With a limit per
 * host a request waits for its host, others become due before it, and those that would be
 * due after the duration of a cell without a rate are left out. Owner: the caller,
 * arrivals_free(). -1: no memory. */
int arrivals_make(struct arrivals *arrivals, const struct arrival_rule *rule,
                  size_t count, const struct work_target *targets, size_t target_count,
                  struct err *err);
void arrivals_free(struct arrivals *arrivals); /* fine for all zeros */

#endif
