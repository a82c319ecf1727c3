/* report_check.h - whether a cell can have come to what it left in shared memory.
 *
 * The cell is not trusted: a strategy may overwrite the memory that it shares with the
 * harness. What its process cannot have done in the time that it existed was not measured
 * but overwritten. Whether the figures agree with each other is another question, see
 * harness/validity/. */
#ifndef HARNESS_CELL_REPORT_CHECK_H
#define HARNESS_CELL_REPORT_CHECK_H

#include <stddef.h>

#include "fetch/result.h"
#include "harness/cell/cell.h"

/* What the harness itself knows of a cell. */
struct cell_bounds {
    uint64_t begin_ns, end_ns; /* clock_ns(): there was no process before and after */
    unsigned processes;        /* the most that it may consist of */
};

/* -1 and the reason when `report` is none that the cell can have written in order; it is
 * all zeros then, so that no part of it is used. */
int report_check(struct cell_report *report, const struct cell_bounds *bounds,
                 struct err *err);

/* The same of its results, a copy that may be changed: those that cannot be are emptied,
 * which makes them lost, and the reason names the first. */
int results_check(struct fetch_result *results, size_t count,
                  const struct cell_bounds *bounds, struct err *err);

#endif
