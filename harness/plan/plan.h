/* plan.h - what to measure: a plain value, complete and checked before anything runs. */
#ifndef HARNESS_PLAN_PLAN_H
#define HARNESS_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/rows/rate_search.h"
#include "harness/machine/pin.h"
#include "harness/plan/arrivals.h"
#include "harness/plan/levels.h"
#include "harness/plan/outside_models.h"
#include "harness/plan/variant.h"
#include "harness/target/target_choice.h"
#include "harness/target/target_site.h"
#include "origin/behaviour.h"
#include "strategies/strategy.h"

enum {
    PLAN_STRATEGIES_MAX = 64,
    PLAN_PICKS_MAX = 64,
    PLAN_VARIANTS_MAX = 16,
    PLAN_ROUNDS_MAX = 10000,
};

/* One point of the grid of strategies and levels. */
struct pick {
    const struct strategy *strategy;
    unsigned point; /* a level, or a rate */
};

/* Every field but the last ones is declared in plan.def, from which options and plan.json
 * are made. There, zero means "auto" or "off". The plan owns its texts: plan_free().
 *
 * Fields that belong together stand together, which costs 32 bytes of padding.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct plan {
    struct outside_models outside; /* the strategies of --program and --plugin */
    const struct strategy *strategies[PLAN_STRATEGIES_MAX];
    bool by_group[PLAN_STRATEGIES_MAX]; /* it was not asked for by its name */
    size_t strategy_count;
    const struct strategy *left_out[PLAN_STRATEGIES_MAX]; /* of these, since they cannot
                                                             hold a rate */
    size_t left_out_count;
    struct levels levels;              /* or ... */
    struct levels rates;               /* ... these, per second: see plan_has_rates() */
    struct pick picks[PLAN_PICKS_MAX]; /* only these points of the grid ... */
    size_t pick_count;                 /* ... 0: all of it */
    bool picks_calibrated;             /* the calibration names them */
    struct variant variants[PLAN_VARIANTS_MAX];
    size_t variant_count;        /* at least one when it is complete */
    uint64_t requests;           /* per cell; 0: by the level, see plan_requests() */
    struct rate_bound find_rate; /* that a rate is searched for, from the lowest of the
                                    rates to the highest; see plan_searches() */
    bool poisson_arrivals;       /* of requests at a rate; else at equal distances */
    uint64_t duration_ns;   /* in which they become due, or may begin; 0: no such limit */
    unsigned max_in_flight; /* with rates: stands for the level */
    uint64_t per_host_rate; /* the most that become due per second and host; 0: off */
    unsigned rounds;        /* 0: see plan_rounds() */
    uint64_t budget_ns;     /* no round begins that would not fit into it; 0: none */
    bool budget_per_variant;
    bool spend_budget;      /* all of it, even once the verdict is decided */
    unsigned warmup_rounds; /* run first, not recorded */
    bool probe_each_round;  /* memory is read in every round, not in the first alone */
    bool shuffled;          /* each round in another order, drawn from `seed` */
    uint64_t seed;
    bool seed_known; /* else plan_complete() draws one */

    struct behaviour origin; /* the embedded one */
    uint64_t timeout_ns;     /* of one fetch; 0: by the delay, see plan_timeout_ns() */
    bool tls;                /* of the embedded origin */
    bool tls_sessions;       /* may be resumed */
    bool reuse_connections;
    double allowed_errors; /* the share of failed requests at which a row stays valid */
    unsigned
        workers; /* for strategies whose workers divide the level; 0: not chosen yet */
    unsigned max_host_connections; /* libcurl's own limit and queue; 0: off */
    struct pin pin;
    struct target_choice target; /* what is fetched instead of the embedded origin */

    uint64_t once_above_ns; /* cells predicted to be longer: first round only; 0: off */
    uint64_t max_cell_ns;   /* cells predicted to be longer: skipped; 0: off */
    bool raw;               /* one row per request, too */

    char *calibration;   /* its file; NULL: the default one; "off": none */
    const char *profile; /* the name of one of profile.h; NULL: none */
    struct texts labels; /* KEY=VALUE, for the reader of the results */

    /* What plan_complete() makes of `target`; not written. */
    const char *url;          /* what rows call the site; NULL: the embedded origin */
    struct target_site *site; /* what is fetched there; both or neither */
};

/* One point of the grid in one round. */
struct cell {
    const struct strategy *strategy;
    unsigned level;
    unsigned rate; /* per second; 0: the level decides when requests begin */
    const struct variant *variant;
    uint64_t requests; /* with a duration and no rate: the most that it has room for */
    unsigned round;    /* from 1; 0: warm-up, not recorded */
    unsigned position; /* in its round, from 1; 0: never visited */
    bool once;         /* predicted to be long: in the first round only */
    bool skipped;      /* predicted to be too long: a row that says so, nothing else */
    uint64_t ideal_ns; /* theoretical minimum, see plan_ideal_ns(); else 0 */
    uint64_t
        length_ns; /* its ideal, or its work if that is more: decides if it is long */
    uint64_t predicted_ns; /* how long it will take, roughly; 0: skipped */
};

/* -1 if something is wrong with it; the message names the first problem. */
int plan_check(const struct plan *plan, struct err *err);

/* Visits to every cell: as given; else 3, or with a budget as many as fit into it. */
unsigned plan_rounds(const struct plan *plan);

/* The time of the whole sweep; 0: no limit. */
uint64_t plan_budget_ns(const struct plan *plan);

/* Whether it measures rates: requests become due at planned moments, whether or not
 * earlier ones have ended. Otherwise it measures levels. */
bool plan_has_rates(const struct plan *plan);

/* Its rates or levels: the points at which each strategy is measured. */
const struct levels *plan_points(const struct plan *plan);

/* Whether it searches a rate for each strategy, instead of measuring given ones. */
bool plan_searches(const struct plan *plan);

/* When the requests of its cells at `rate` (0: at a level) become due in a round. */
struct arrival_rule plan_arrivals(const struct plan *plan, unsigned rate, unsigned round);

/* The level of a cell at such a point: with rates always the same. */
unsigned plan_level_at(const struct plan *plan, unsigned point);

/* Whether requests wait until they are due, so that the level need not be in flight. */
bool plan_has_moments(const struct plan *plan);

/* Whether cells have a theoretical minimum. */
bool plan_has_ideal(const struct plan *plan);

/* Whether cells end after a time, not after a number of requests. */
bool plan_is_timed(const struct plan *plan);

/* Whether memory is read in a separate pass, which holds the level. */
bool plan_probes_memory(const struct plan *plan);

/* Is this point of the grid to be measured? */
bool plan_has(const struct plan *plan, const struct strategy *strategy, unsigned point);

/* How many points of the grid are measured. */
size_t plan_point_count(const struct plan *plan);

/* How many times the figures are analysed, the final time included: more than once with a
 * budget and two variants, so that the sweep can stop as soon as all is decided. */
unsigned plan_analyses(const struct plan *plan);

/* How many pages one cell of this level fetches: as many as the level, as in the article,
 * or ten times as many when connections or TLS sessions are kept (else nothing would be
 * reused). With a duration: as many as there is room for. */
uint64_t plan_requests(const struct plan *plan, unsigned level);

/* How many pages one cell of this level can fetch at most; false if neither the plan nor
 * the delays of the origin say it: a duration alone does not. */
bool plan_bounds_requests(const struct plan *plan, unsigned level, uint64_t *bound);

/* The timeout of one fetch: as given; else 30 s, or ten times the longest wait
 * at the highest level, if that is more. */
uint64_t plan_timeout_ns(const struct plan *plan);

/* An upper bound on the time that a request waits at this level, for the origin's
 * capacity or in libcurl's queue, its own delay included; exact where all delays are the
 * same. */
uint64_t plan_longest_wait_ns(const struct plan *plan, unsigned level);

/* How many fetches can be in flight in a cell: min(level, requests, the strategy's
 * limit); at a rate without regard to the requests. */
uint64_t plan_inflight_limit(const struct plan *plan, const struct strategy *strategy,
                             unsigned level);

/* How many workers divide the level in a cell; 0 where none do. Never more than
 * max_host_connections, since that limit is divided with the level. */
unsigned plan_workers(const struct plan *plan, const struct strategy *strategy,
                      unsigned level);

/* How many fetches the origin can see at a time: fewer than plan_inflight_limit() when
 * libcurl queues. */
uint64_t plan_origin_limit(const struct plan *plan, const struct strategy *strategy,
                           unsigned level);

/* The theoretical minimum for a client with at most plan_origin_limit() requests at the
 * origin, if plan_has_ideal(), else 0; with equal delays ceil(requests / p) * delay, p =
 * min(that limit, capacity). Fails only without memory. */
int plan_ideal_ns(const struct plan *plan, const struct strategy *strategy,
                  unsigned level, uint64_t *ideal_ns, struct err *err);

#endif
