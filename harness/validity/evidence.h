/* evidence.h - the data that checks of a row use, and how they say that it is not valid.
 */
#ifndef HARNESS_VALIDITY_EVIDENCE_H
#define HARNESS_VALIDITY_EVIDENCE_H

#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

struct evidence {
    const struct plan *plan;
    const struct cell *cell;
    const struct measurement *measurement;
    const struct outcome *outcome;
};

/* Writes the reason; returns true, so that a check can end with it. */
bool verdict_fails(struct verdict *verdict, enum row_status status, const char *format,
                   ...) __attribute__((format(printf, 3, 4)));

#endif
