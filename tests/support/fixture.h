/* fixture.h - a fixture: an origin, a supply of its pages, one strategy on them. */
#ifndef TESTS_SUPPORT_FIXTURE_H
#define TESTS_SUPPORT_FIXTURE_H

#include "base/clock.h"
#include "base/shared.h"
#include "origin/process.h"
#include "strategies/strategy.h"

/* How many workers divide the level, where they do. */
enum { FIXTURE_WORKERS = 3 };

struct fixture {
    struct page_set *pages;
    struct ca *ca; /* NULL: no TLS */
    struct origin_process origin;
    struct fetch_policy policy;
    struct work *work;
    struct shared shares;
    const struct strategy *strategy;
    void *self; /* what open() gave */
    unsigned level;
    uint64_t run_begin_ns, run_end_ns; /* around the last fixture_run() */
};

/* What a fixture is made of; zeros are good defaults. */
struct fixture_options {
    uint64_t delay_ns;
    size_t capacity;
    struct fault_rates faults; /* with seed 0 */
    struct body_form body;
    struct fetch_policy policy; /* timeout_ms 0: 20 s */
    const char *path;           /* NULL: /detail/1 to 100 in turn */
    uint16_t http_status;       /* expected; 0: 200 */
    bool wrong_checksum;        /* expects what the origin does not serve */
    bool closed_port;           /* nobody listens there */
    bool tls;                   /* policy.tls_sessions says whether they are resumed */
    bool wrong_ca;              /* with tls: the client trusts somebody else */
};

/* Starts the origin and makes a supply with room for `capacity` results. Fails the test
 * if it cannot. */
void fixture_make(struct fixture *fixture, size_t capacity,
                  const struct fixture_options *options);

/* strategy->open() at `level`; fails the test if it fails. */
void fixture_open(struct fixture *fixture, const struct strategy *strategy,
                  unsigned level);

/* Arms `requests` items and runs once; what run() returned, with its words. */
int fixture_run(struct fixture *fixture, size_t requests, struct err *err);

void fixture_close(struct fixture *fixture); /* strategy->close() */

/* Stops the origin and gives everything back. */
void fixture_destroy(struct fixture *fixture);

/* How many results of the last run have this outcome. */
size_t fixture_count(const struct fixture *fixture, enum fetch_outcome outcome);

/* The most fetches that were in flight at once in the last run, by their stamps. */
size_t fixture_peak(const struct fixture *fixture);

/* What must be the same after as before: open descriptors, threads, children. */
struct footprint {
    size_t descriptors, threads, children;
};
struct footprint footprint_now(void);

/* Fails the test unless all is again as it was. A thread that was joined may still be
 * leaving the kernel, so this looks more than once. */
void footprint_assert(const struct footprint *before);

#endif
