/* levels.h - the list of levels, or of rates, as typed on the command line: 1,3,5,...,500
 * or 10-50:10. */
#ifndef HARNESS_PLAN_LEVELS_H
#define HARNESS_PLAN_LEVELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

enum { LEVEL_MAX = 100000, RATE_MAX = 1000000, LEVELS_MAX = 256 };

struct levels {
    unsigned values[LEVELS_MAX]; /* ascending, each once */
    size_t count;
};

/* The kind of the numbers in a list. */
struct levels_kind {
    const char *one, *several; /* in messages: "level", "levels" */
    unsigned max;
};

extern const struct levels_kind levels_kind, rates_kind;

/* Reads a comma-separated list of numbers, ranges A-B or A-B:STEP, and "...", which
 * stands for the article's ladder strictly between its two neighbours: 1, 3, 5, 10, 15,
 * 30, 50, 75, 100, 200, 500, then 1000, 2000, 5000, 10000 and so forth. */
int levels_parse(struct levels *levels, const struct levels_kind *kind, const char *text,
                 struct err *err);

/* Inserts a number in order, unless the list has it. -1: there are too many. */
int levels_add(struct levels *levels, unsigned level, struct err *err);

bool levels_have(const struct levels *levels, unsigned level);

/* The list as it was understood: "1,3,5,10". */
void levels_write(const struct levels *levels, FILE *out);

#endif
