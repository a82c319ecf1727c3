/* record.h - turns what is known of a cell into a row of runs.csv. */
#ifndef HARNESS_SWEEP_RECORD_H
#define HARNESS_SWEEP_RECORD_H

#include "analysis/rows/row.h"
#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* The row of a measured cell. It borrows its texts from all that is given. */
struct row record_measured(const char *run_id, const struct plan *plan,
                           const struct cell *cell, const struct measurement *measurement,
                           const struct outcome *outcome, const struct verdict *verdict);

/* The row of a cell that was not run, with the verdict that says why. */
struct row record_unmeasured(const char *run_id, const struct plan *plan,
                             const struct cell *cell, const struct verdict *verdict);

#endif
