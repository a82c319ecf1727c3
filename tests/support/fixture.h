/* fixture.h - a fixture: an origin, a supply of its pages, and a strategy that fetches
 * them. */
#ifndef TESTS_SUPPORT_FIXTURE_H
#define TESTS_SUPPORT_FIXTURE_H

#include "base/clock.h"
#include "base/shared.h"
#include "origin/process.h"
#include "strategies/strategy.h"

/* The number of workers that divide the level, for strategies that do. */
enum { FIXTURE_WORKERS = 3 };

struct fixture {
    struct page_set *pages;
    struct ca *ca; /* NULL: no TLS */
    struct origin_process origin;
    struct fetch_policy policy;
    struct work *work;
    struct shared shares;
    const struct strategy *strategy;
    void *self; /* the object from open() */
    unsigned level;
    uint64_t run_begin_ns, run_end_ns; /* begin and end of the last fixture_run() */
};

/* Zeros are good defaults. */
struct fixture_options {
    uint64_t delay_ns;
    size_t capacity;
    struct fault_rates faults; /* with seed 0 */
    struct body_form body;
    struct fetch_policy policy;       /* timeout_ms 0: 20 s */
    const char *path;                 /* NULL: /detail/1 to 100 in turn */
    uint16_t http_status;             /* expected; 0: 200 */
    bool wrong_checksum;              /* expect another body than the origin serves */
    bool closed_port;                 /* no process listens on the port */
    bool tls;                         /* policy.tls_sessions: resume sessions */
    bool wrong_ca;                    /* with tls: the client trusts another CA */
    const struct work_timing *timing; /* of the supply; NULL: none */
};

/* Starts the origin and makes a supply with room for `capacity` results. Fails the test
 * if it cannot. */
void fixture_make(struct fixture *fixture, size_t capacity,
                  const struct fixture_options *options);

/* strategy->open() at `level`; fails the test if it fails. */
void fixture_open(struct fixture *fixture, const struct strategy *strategy,
                  unsigned level);

/* Arms `requests` items and runs once; returns the result of run(), which sets `*err`. */
int fixture_run(struct fixture *fixture, size_t requests, struct err *err);

void fixture_close(struct fixture *fixture); /* strategy->close() */

/* Stops the origin and frees everything. */
void fixture_destroy(struct fixture *fixture);

/* The number of results of the last run with this outcome. */
size_t fixture_count(const struct fixture *fixture, enum fetch_outcome outcome);

/* The most fetches in flight at once in the last run, by their stamps. */
size_t fixture_peak(const struct fixture *fixture);

/* Resources that must not leak: open descriptors, threads, children. */
struct footprint {
    size_t descriptors, threads, children;
};
struct footprint footprint_now(void);

/* Fails the test if resources have leaked. A thread that was joined may still be leaving
 * the kernel, so this polls. */
void footprint_assert(const struct footprint *before);

#endif
