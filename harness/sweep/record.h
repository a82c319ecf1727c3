/* record.h - turns what is known of a cell into a row of runs.csv. */
#ifndef HARNESS_SWEEP_RECORD_H
#define HARNESS_SWEEP_RECORD_H

#include "analysis/rows/row.h"
#include "harness/validity/outcome.h"
#include "harness/validity/verdict.h"

/* What all rows of a sweep have in common. */
struct record_source {
    const char *run_id;
    const char *conditions; /* as conditions_hash() has it; NULL: not known */
    const struct plan *plan;
};

/* The row of a measured cell. It borrows its texts from all that is given. */
struct row record_measured(const struct record_source *source, const struct cell *cell,
                           const struct measurement *measurement,
                           const struct outcome *outcome, const struct verdict *verdict);

/* The row of a cell that was not run, with the verdict that says why. */
struct row record_unmeasured(const struct record_source *source, const struct cell *cell,
                             const struct verdict *verdict);

#endif
