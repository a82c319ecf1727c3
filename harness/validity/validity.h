/* validity.h - whether a row may be believed. */
#ifndef HARNESS_VALIDITY_VALIDITY_H
#define HARNESS_VALIDITY_VALIDITY_H

#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* Holds a measured cell against every check; the first one that fails
 * gives status and reason. */
void validity_judge(struct verdict *verdict, const struct plan *plan,
                    const struct cell *cell, const struct measurement *measurement,
                    const struct outcome *outcome);

#endif
