/* outcome.h - the figures that follow from one measurement, before they are judged. */
#ifndef HARNESS_VALIDITY_OUTCOME_H
#define HARNESS_VALIDITY_OUTCOME_H

#include "fetch/result.h"
#include "harness/cell/measure.h"
#include "harness/plan/plan.h"

/* The quantiles of one figure over the good fetches that have it: observed values, NAN
 * where there are too few (see stats_quantile()). */
struct quantiles {
    double min, p50, p90, p99, p999, max;
};

/* A figure that is not known is NAN. Fields that belong together stand together, which
 * costs 32 bytes of padding.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct outcome {
    uint64_t counts[FETCH_OUTCOME_COUNT];
    uint64_t connections, body_bytes, encoded_bytes;
    uint64_t tls_connections; /* those of them with TLS */
    uint64_t inflight_limit;  /* the most that could be in flight ... */
    uint64_t inflight_peak;   /* ... and the most that were, by the client's stamps */
    uint64_t origin_limit;    /* the most requests that the origin could hold at a time */
    uint64_t early_count; /* fetches faster than the delay that their origin stamped */
    uint64_t unstamped_count; /* good fetches whose origin stamped no delay */
    bool is_program;          /* a program from outside, which reports less: */
    uint64_t no_stamps_count; /* good fetches without stamps, ... */
    uint64_t no_status_count; /* ... without a status, ... */
    uint64_t no_length_count; /* ... without a length, and ... */
    uint64_t no_crc32_count;  /* ... without a checksum */
    bool inflight_known;      /* inflight_peak comes from stamps; else from the origin */
    uint64_t spare_connections; /* of a program: more than one per request */
    bool connections_known;     /* by the client; else from the origin */
    uint64_t disordered_count;  /* good fetches with a stamp missing or out of order */
    uint64_t first_begin_ns, last_end_ns; /* of all fetches; UINT64_MAX and 0: none */
    double slowest_s; /* the most that a good fetch took beyond its stamped delay; of
                         a program: may have taken; INFINITY: as long as the run */
    uint64_t premature_count; /* fetches that began before they were due */
    uint64_t begun_in_time;   /* within the duration of the plan */
    size_t first_failure; /* index of the first fetch that is not ok; else the count */

    double start_s;   /* until a program was ready, which no other time contains */
    bool rate_held;   /* at a rate: the client kept the schedule */
    double begun_rps; /* at a rate: those, per second of the duration */
    double setup_s, run_s, cost_s, teardown_s;
    double ideal_s, overhead_s, run_overhead_s, throughput_rps;
    double ramp_s;      /* first request at the origin to the one that fills the level */
    bool level_held;    /* that was before the first response was due */
    size_t short_count; /* stamped delays that are shorter than the delay asked for that
                           has the same rank */
    double cpu_s;       /* of the cell, over setup and run */
    double origin_cpu_s, origin_busy; /* its share of a core while it was asked */

    struct quantiles late_us; /* at a rate: how much later than due all fetches began */
    struct quantiles latency_us, queue_us, connect_us, tls_us, ttfb_us; /* see phase.h */
    struct quantiles origin_delay_s;                                    /* as stamped */
    struct quantiles asked_delay_s; /* of the same requests, as they were asked for */
};

/* The requests that failed: neither good nor unfinished. */
uint64_t outcome_failed(const struct outcome *outcome, const struct cell *cell);

/* Fails only if memory runs out. */
int outcome_make(struct outcome *outcome, const struct plan *plan,
                 const struct cell *cell, const struct measurement *measurement,
                 struct err *err);

#endif
