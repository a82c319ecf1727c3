/* validity.h - whether a row may be believed. */
#ifndef HARNESS_VALIDITY_VALIDITY_H
#define HARNESS_VALIDITY_VALIDITY_H

#include "analysis/rows/words.h"
#include "harness/validity/outcome.h"

enum { VERDICT_REASON_SIZE = 512, VERDICT_NOTES_SIZE = 256 };

/* The origin's share of a core above which it may have been what was measured. */
#define VALIDITY_ORIGIN_BUSY_MAX 0.70

struct verdict {
    enum row_status status;
    char reason[VERDICT_REASON_SIZE]; /* "" for a valid row */
    char notes[VERDICT_NOTES_SIZE];   /* words of words.h, separated by spaces */
};

/* Holds a measured cell against every check; the first one that fails
 * gives status and reason. */
void validity_judge(struct verdict *verdict, const struct plan *plan,
                    const struct cell *cell, const struct measurement *measurement,
                    const struct outcome *outcome);

#endif
