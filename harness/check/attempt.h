/* attempt.h - one attempt of a plugin to meet a requirement, in a child process: open,
 * run, close, and the judgement of its results. */
#ifndef HARNESS_CHECK_ATTEMPT_H
#define HARNESS_CHECK_ATTEMPT_H

#include "base/err.h"
#include "fetch/work.h"
#include "origin/stats.h"
#include "strategies/outside/plugin_file.h"
#include "strategies/strategy.h"

/* What is special about a requirement. */
enum requirement_flag {
    REQUIRE_TLS = 1 << 0,          /* for strategies that have it */
    REQUIRE_SESSIONS = 1 << 1,     /* TLS sessions are resumed */
    REQUIRE_REUSE = 1 << 2,        /* connections are kept */
    REQUIRE_GZIP = 1 << 3,         /* of compressed bodies */
    REQUIRE_CHUNKS = 1 << 4,       /* of bodies in chunks */
    REQUIRE_QUEUE = 1 << 5,        /* libcurl's own queue limits the connections */
    REQUIRE_AT_ONCE = 1 << 6,      /* the server sees the whole level */
    REQUIRE_STEADY = 1 << 7,       /* half of the level is in flight on average */
    REQUIRE_GROWING = 1 << 8,      /* run i has i - 1 requests */
    REQUIRE_OFFLINE = 1 << 9,      /* open() does not connect; there is no run */
    REQUIRE_CLEAN = 1 << 10,       /* close() leaves nothing; there are two attempts */
    REQUIRE_POOR = 1 << 11,        /* likewise, but the second has few descriptors */
    REQUIRE_CLOSED_PORT = 1 << 12, /* the rest is about the server: there is none, */
    REQUIRE_WRONG_CA = 1 << 13,    /* its CA is not trusted, ... */
    REQUIRE_NO_PAGE = 1 << 14,     /* ... it has no such page, ... */
    REQUIRE_OTHER_BODY = 1 << 15,  /* ... and its pages are others than expected */
    REQUIRE_RATE = 1 << 16,        /* requests become due one after another */
};

struct requirement {
    const char *name;
    unsigned level;
    unsigned requests; /* of each run; 0: as many as the level */
    unsigned runs;     /* 0: one */
    unsigned delay_ms;
    unsigned timeout_ms; /* 0: long */
    unsigned stop_ms;    /* when a run is over, and cut off; 0: when all have ended */
    unsigned flags;
    enum fetch_outcome outcome; /* of every request; 0: FETCH_OK */
    uint8_t fault;              /* enum fault_kind, of every page */
};

/* The input of an attempt. Everything is borrowed. */
struct attempt_setting {
    const struct requirement *requirement;
    const struct plugin_file *file;
    const struct strategy_env *env;
    const volatile struct origin_stats *origin; /* while it serves */
    size_t requests; /* of each run, unless their number grows */
};

/* The result of an attempt; all zeros before it. */
struct attempt {
    uint32_t stage;     /* enum attempt_stage */
    struct err failure; /* "": it met the requirement */
};

/* For guarded_run(): fills the struct attempt at `memory` by a struct attempt_setting. */
void attempt_run(void *memory, const void *setting);

/* The function that was running, such as "open()". */
const char *attempt_stage_text(const struct attempt *attempt);

/* The outcome that each request must have. */
enum fetch_outcome requirement_outcome(const struct requirement *requirement);

#endif
