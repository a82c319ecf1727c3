/* slowdown.h - a cost put into every request on purpose, to see whether a comparison of
 * two runs finds it. */
#ifndef FETCH_SLOWDOWN_H
#define FETCH_SLOWDOWN_H

#include <stdint.h>

#include "base/err.h"

/* The variable of a cell's environment that has the words. */
#define SLOWDOWN_VARIABLE "BENCH_INJECT"

/* kind, word, an example of its amount: CPU time of the thread, time that the thread is
 * asleep, machine instructions (about so many, the same number each time) */
#define SLOWDOWNS(X)       \
    X(CPU, "cpu", "20us")  \
    X(WAIT, "wait", "2ms") \
    X(INSTRUCTIONS, "instructions", "500")

enum slowdown_kind {
    SLOWDOWN_NONE, /* of one that is all zeros */
#define X(name, word, example) SLOWDOWN_##name,
    SLOWDOWNS(X)
#undef X
};

enum { SLOWDOWN_CELL_SIZE = 80 };

struct slowdown {
    enum slowdown_kind kind;
    uint64_t amount;               /* nanoseconds, or instructions */
    char cell[SLOWDOWN_CELL_SIZE]; /* "STRATEGY@LEVEL"; "": every cell */
};

/* Reads "cpu:20us" and the like, or "cpu:20us@event-loop@100" for one cell alone, which
 * the caller knows; NULL is none. Returns -1 and sets `*err` if it is neither. */
int slowdown_parse(struct slowdown *slowdown, const char *text, struct err *err);

/* Costs the calling thread what it says. */
void slowdown_suffer(const struct slowdown *slowdown);

#endif
