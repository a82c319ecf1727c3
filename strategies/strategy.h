/* strategy.h - the interface through which a concurrency model is measured.
 *
 * A strategy is one constant table, defined in its own file and named once, in list.def.
 * The harness drives it like this, in a separate process:
 *
 *     open()                 make threads, processes, loops, handles   timed: setup_s
 *       work_arm(); run()    fetch everything                          timed: run_s
 *     close()                free everything                           timed: teardown_s
 *
 * A test may arm and run several times on one object. docs/add-a-strategy.md walks
 * through adding one; tests/contract/contract.c checks each against this header. */
#ifndef STRATEGIES_STRATEGY_H
#define STRATEGIES_STRATEGY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/usage.h"
#include "fetch/policy.h"
#include "fetch/work.h"

#ifdef __cplusplus
extern "C" {
#endif

struct outside_request; /* outside/request.h */

/* The input of a strategy. Everything is borrowed and outlives close(). */
struct strategy_env {
    struct work *work;                 /* where items come from */
    const struct fetch_policy *policy; /* for fetch_create() or flight_open() */
    unsigned level;                    /* fetches to keep in flight, >= 1 */
    unsigned workers;     /* for STRATEGY_WORKERS_SHARE: how many divide the level */
    struct usage *shares; /* `level` of them, zeroed, in shared memory: worker
                             process i keeps its usage up to date in shares[i],
                             stored before run() returns */
    const struct outside_request *outside; /* for the driver of --program alone */
};

/* The cost of one more fetch in flight, for the check before the first cell. Memory is
 * the rise of a memory control group's peak between level 500 and 2000, with a delay that
 * holds them, rounded up: page tables and kernel stacks count, and pages that processes
 * share do not count twice, as they do in their resident memory. */
struct strategy_needs {
    unsigned descriptors, threads, processes; /* of the cell, per fetch in flight */
    unsigned memory_bytes; /* likewise, the origin's part included; 0: hardly any */
    bool pidfds;           /* it cannot work without pidfd_open(2) */
};

/* The workers in addition to the caller. */
enum strategy_workers {
    STRATEGY_NO_WORKERS,     /* none */
    STRATEGY_WORKER_EACH,    /* one per fetch in flight, kept from run to run */
    STRATEGY_WORKER_REQUEST, /* a new one per request */
    STRATEGY_WORKERS_SHARE,  /* `workers` of strategy_env, which divide the level */
};

struct strategy {
    const char *name;     /* the word on the command line and in CSV: a-z, 0-9, '-' */
    const char *summary;  /* one line for `bench list`; so are the next three */
    const char *waits;    /* who waits while a fetch is in flight */
    const char *shared;   /* what requests share: DNS, connections */
    const char *sessions; /* whose TLS session is resumed, with --tls-sessions on */
    const char *group;    /* a word for `--strategy` that means several; or NULL */
    enum strategy_workers workers;
    unsigned level_limit; /* the most it can have in flight; 0: only the level limits */
    bool multi;           /* on a multi handle, where --max-host-connections applies */
    bool reference;       /* a reference, not a candidate: never ranked */
    bool fresh_only;      /* cannot keep a connection from one request to the next */
    bool plain_http_only; /* http://<IPv4 address>, bodies that are not compressed */
    struct strategy_needs needs;

    /* Sets *self (may stay NULL). On -1 nothing is left open and close() is not called.
     * Returns when every worker is ready to fetch. May fork(): the caller has no other
     * threads. Never touches the network. */
    int (*open)(void **self, const struct strategy_env *env, struct err *err);

    /* One run over the armed work: returns when nothing is left to take and every item
     * that was taken has its result. A failed fetch is a result, not an error; -1 means
     * that the machinery failed (a worker died, a loop broke), and the message names the
     * worker. It must not retry, reorder or record anything itself. */
    int (*run)(void *self, struct err *err);

    void (*close)(void *self);

    /* Optional. The processes, other than the caller, that belong to the strategy now:
     * writes up to `room` pids, returns how many there are. */
    size_t (*children)(void *self, pid_t *pids, size_t room);
};

/* All strategies, NULL-terminated, in the order `bench list` prints them. */
extern const struct strategy *const strategies[];

/* The strategy of that name, in which '_' is '-'; or NULL. */
const struct strategy *strategy_find(const char *name);

/* How many workers it has at `level`, when `workers` divide it; 0: none. A worker that
 * divides the level has a share of at least one. */
unsigned strategy_workers(const struct strategy *strategy, unsigned level,
                          unsigned workers);

/* The cost of one more request in flight, and the limits of the strategy, as text for
 * people. Returns `text`. */
enum { STRATEGY_TEXT_SIZE = 160 };
const char *strategy_costs(const struct strategy *strategy,
                           char text[STRATEGY_TEXT_SIZE]);
const char *strategy_limits(const struct strategy *strategy,
                            char text[STRATEGY_TEXT_SIZE]);

/* How many fetches it really keeps in flight when asked for `level`. */
unsigned strategy_in_flight_limit(const struct strategy *strategy, unsigned level);

/* The names of all strategies in their order, NULL-terminated, as far as there is room.
 */
void strategy_names(const char **names, size_t room);

#ifdef __cplusplus
}
#endif

#endif
