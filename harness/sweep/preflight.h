/* preflight.h - finds the cells that cannot work on this machine, before the first one
 * runs. */
#ifndef HARNESS_SWEEP_PREFLIGHT_H
#define HARNESS_SWEEP_PREFLIGHT_H

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"
#include "harness/plan/plan_cells.h"
#include "harness/validity/verdict.h"

/* True when a cell cannot work; the verdict, "infeasible", names the limit and the fix.
 */
bool preflight_forbids(const struct plan *plan, const struct cell *cell,
                       const struct machine_limits *limits, struct verdict *verdict);

/* 0 if some cell can work; else -1, and the message gives the reason of the first
 * cell. */
int preflight_check(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits, struct err *err);

#endif
