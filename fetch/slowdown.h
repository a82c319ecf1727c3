/* slowdown.h - an artificial cost per request, to test whether a comparison of two runs
 * finds it. */
#ifndef FETCH_SLOWDOWN_H
#define FETCH_SLOWDOWN_H

#include <stdint.h>

#include "base/err.h"

/* The variable in a cell's environment that holds the setting. */
#define SLOWDOWN_VARIABLE "BENCH_INJECT"

/* kind, word, an example of its amount: CPU time of the thread, time that the thread
 * sleeps, machine instructions (approximately, but the same number each time) */
#define SLOWDOWNS(X)       \
    X(CPU, "cpu", "20us")  \
    X(WAIT, "wait", "2ms") \
    X(INSTRUCTIONS, "instructions", "500")

enum slowdown_kind {
    SLOWDOWN_NONE, /* all zeros */
#define X(name, word, example) SLOWDOWN_##name,
    SLOWDOWNS(X)
#undef X
};

enum { SLOWDOWN_CELL_SIZE = 80 };

struct slowdown {
    enum slowdown_kind kind;
    uint64_t amount;               /* nanoseconds, or instructions */
    char cell[SLOWDOWN_CELL_SIZE]; /* "STRATEGY@LEVEL", or @RATE; "": every cell */
};

/* Reads a setting such as "cpu:20us", or "cpu:20us@event-loop@100" for one cell alone,
 * which the caller selects; NULL is none. Returns -1 and sets `*err` if it is invalid. */
int slowdown_parse(struct slowdown *slowdown, const char *text, struct err *err);

/* Spends the amount in the calling thread. */
void slowdown_suffer(const struct slowdown *slowdown);

#endif
