/* record.h - turns the measurement of a cell into a row of runs.csv. */
#ifndef HARNESS_SWEEP_RECORD_H
#define HARNESS_SWEEP_RECORD_H

#include "analysis/rows/row.h"
#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* The values common to all rows of a sweep. */
struct record_source {
    const char *run_id;
    const char *conditions; /* from conditions_hash(); NULL: not known */
    const struct plan *plan;
};

/* The row of a measured cell. It borrows the texts of its arguments. */
struct row record_measured(const struct record_source *source, const struct cell *cell,
                           const struct measurement *measurement,
                           const struct outcome *outcome, const struct verdict *verdict);

/* The row of a cell that was not run, with the verdict that says why. */
struct row record_unmeasured(const struct record_source *source, const struct cell *cell,
                             const struct verdict *verdict);

#endif
