/* plan.h - what to measure: a plain value, complete and checked before anything runs. */
#ifndef HARNESS_PLAN_PLAN_H
#define HARNESS_PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/machine/pin.h"
#include "harness/plan/levels.h"
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
    unsigned level;
};

/* Every field but the last ones is in plan.def, which makes options and plan.json of it.
 * Zero means "auto" or "off" there. It owns its texts: plan_free().
 *
 * In the order of what belongs together, which costs 32 bytes of the few that there are.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct plan {
    const struct strategy *strategies[PLAN_STRATEGIES_MAX];
    size_t strategy_count;
    struct levels levels;
    struct pick picks[PLAN_PICKS_MAX]; /* only these points of the grid ... */
    size_t pick_count;                 /* ... 0: all of it */
    bool picks_calibrated;             /* they are to be those of a calibration */
    struct variant variants[PLAN_VARIANTS_MAX];
    size_t variant_count; /* at least one when it is complete */
    uint64_t requests;    /* per cell; 0: by the level, see plan_requests() */
    unsigned rounds;      /* 0: see plan_rounds() */
    uint64_t budget_ns;   /* no round begins that would not fit into it; 0: none */
    bool budget_per_variant;
    bool spend_budget;      /* all of it, also when the verdict is decided */
    unsigned warmup_rounds; /* visited before, not recorded */
    bool probe_each_round;  /* memory is read in every round, not in the first alone */
    bool shuffled;          /* each round in another order, drawn from `seed` */
    uint64_t seed;
    bool seed_known; /* else a new one is to be drawn */

    struct behaviour origin; /* the embedded one */
    uint64_t timeout_ns;     /* of one fetch; 0: by the delay, see plan_timeout_ns() */
    bool tls;                /* of the embedded origin */
    bool tls_sessions;       /* may be resumed */
    bool reuse_connections;
    double allowed_errors; /* the share of failed requests at which a row stays valid */
    unsigned
        workers; /* for strategies in which some divide the level; 0: not chosen yet */
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
    const struct variant *variant;
    uint64_t requests;
    unsigned round;     /* from 1; 0: warm-up, not recorded */
    unsigned position;  /* in its round, from 1; 0: never visited */
    bool once;          /* predicted to be long: in the first round only */
    bool skipped;       /* predicted to be too long: a row that says so, nothing else */
    uint64_t ideal_ns;  /* what nobody can beat, see plan_ideal_ns(); 0 with a URL */
    uint64_t length_ns; /* its ideal, or its work if that is more: is it long? */
    uint64_t predicted_ns; /* how long it will take, roughly; 0: skipped */
};

struct cell_list {
    struct cell *cells; /* in running order */
    size_t count;
    double predicted_s; /* of all of them together */
};

/* 0, or -1 and the first thing that is wrong with it. */
int plan_check(const struct plan *plan, struct err *err);

/* Visits to every cell: as given; else 3, or with a budget as many as fit into it. */
unsigned plan_rounds(const struct plan *plan);

/* The time of the whole sweep; 0: no limit. */
uint64_t plan_budget_ns(const struct plan *plan);

/* Is this point of the grid to be measured? */
bool plan_has(const struct plan *plan, const struct strategy *strategy, unsigned level);

/* How many points of the grid are measured. */
size_t plan_point_count(const struct plan *plan);

/* How often the figures are looked at, the last time included: again and again while
 * there is a budget and two variants, so as to stop when all is decided. */
unsigned plan_analyses(const struct plan *plan);

/* How many pages a cell of this level fetches: as many as the level, as in the article,
 * or ten times as many when connections or TLS sessions are kept (else nothing would be
 * reused). */
uint64_t plan_requests(const struct plan *plan, unsigned level);

/* The timeout of one fetch: as given; else 30 s, or ten times the longest wait
 * at the highest level, if that is more. */
uint64_t plan_timeout_ns(const struct plan *plan);

/* More than any request waits at this level, for the origin's capacity or in libcurl's
 * queue, its own delay included; exact where all delays are the same. */
uint64_t plan_longest_wait_ns(const struct plan *plan, unsigned level);

/* How many fetches can be in flight in a cell: min(level, requests, the strategy's
 * limit). */
uint64_t plan_inflight_limit(const struct plan *plan, const struct strategy *strategy,
                             unsigned level);

/* How many workers divide the level in a cell; 0 where none do. Never more than there are
 * connections to be had, since libcurl's limit is divided with the level. */
unsigned plan_workers(const struct plan *plan, const struct strategy *strategy,
                      unsigned level);

/* How many of them the origin can have before it at a time: less than
 * plan_inflight_limit() when libcurl queues. */
uint64_t plan_origin_limit(const struct plan *plan, const struct strategy *strategy,
                           unsigned level);

/* The time that no client can beat which has no more than the above in flight; with equal
 * delays ceil(requests / p) * delay, p = min(the above, capacity). Fails for want of
 * memory. */
int plan_ideal_ns(const struct plan *plan, const struct strategy *strategy,
                  unsigned level, uint64_t *ideal_ns, struct err *err);

/* All cells of all rounds in running order. Every round visits every cell once, shuffled
 * anew, the variants of a cell one right after the other, in an order of their own, so
 * that they meet the same machine; the same plan gives the same list. With a budget there
 * are as many rounds as could fit into it at best. Owner: the caller, cell_list_free().
 */
int plan_cells(const struct plan *plan, struct cell_list *list, struct err *err);
void cell_list_free(struct cell_list *list);

#endif
