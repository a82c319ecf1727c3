/* program.h - drives a program in any language that brings its own concurrency model.
 *
 * It is a strategy like any other, run in the cell's process: open() starts the program
 * and waits for `ready`, run() sends `go` and reads until `end`, close() ends all
 * processes that it has left. docs/your-model.md describes the protocol. */
#ifndef STRATEGIES_OUTSIDE_PROGRAM_H
#define STRATEGIES_OUTSIDE_PROGRAM_H

#include "base/usage.h"
#include "strategies/outside/program_line.h"
#include "strategies/outside/request.h"
#include "strategies/strategy.h"

/* The table that all programs share; the plan gives it a name. */
extern const struct strategy program_strategy;

/* The figures that only the driver knows. clock_ns(); 0: it never came. */
struct program_figures {
    uint64_t start_ns; /* from before it was started to `ready`: a duration */
    uint64_t go_ns;    /* when `go` was sent */
    uint64_t done_ns;  /* when `done` was read */
    /* TEXT of the request that failed with the lowest index: rows name its URL too, and
     * a program reports in any order. "": none failed. */
    char error[PROGRAM_ERROR_SIZE];
    struct usage usage;      /* of its process tree, from `go` to `done` */
    uint64_t peak_rss_bytes; /* of the tree at `done`; 0: not known */
};

struct program_figures program_figures(const void *self);

#endif
