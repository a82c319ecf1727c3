/* preflight.h - what this machine forbids, found out before the first cell. */
#ifndef HARNESS_SWEEP_PREFLIGHT_H
#define HARNESS_SWEEP_PREFLIGHT_H

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"
#include "harness/validity/verdict.h"

/* True when a cell cannot work; the verdict, "infeasible", names the limit and the fix.
 */
bool preflight_forbids(const struct plan *plan, const struct cell *cell,
                       const struct machine_limits *limits, struct verdict *verdict);

/* 0 if some cell can work; else -1, and the words are those of the first that cannot. */
int preflight_check(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits, struct err *err);

#endif
