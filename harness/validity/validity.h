/* validity.h - decides whether a row is valid. */
#ifndef HARNESS_VALIDITY_VALIDITY_H
#define HARNESS_VALIDITY_VALIDITY_H

#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* Runs every check on a measured cell; the first one that fails gives status and
 * reason. */
void validity_judge(struct verdict *verdict, const struct plan *plan,
                    const struct cell *cell, const struct measurement *measurement,
                    const struct outcome *outcome);

#endif
