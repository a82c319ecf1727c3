/* report_check.h - checks that the cell's report and results are possible at all.
 *
 * The cell is not trusted: a strategy may overwrite the memory that it shares with the
 * harness. A figure that its process cannot have reached in its lifetime was not measured
 * but overwritten. Whether the figures agree with each other is checked in
 * harness/validity/. */
#ifndef HARNESS_CELL_REPORT_CHECK_H
#define HARNESS_CELL_REPORT_CHECK_H

#include <stddef.h>

#include "fetch/result.h"
#include "harness/cell/cell.h"

/* The limits of a cell that the harness itself knows. */
struct cell_bounds {
    uint64_t begin_ns, end_ns; /* clock_ns(): the process lived only between them */
    uint64_t last_due_ns;      /* when the last request was due; 0: not planned */
    unsigned processes;        /* the most that it may consist of */
};

/* Fails, with the reason, if the cell cannot have written `report` regularly; then it is
 * set to all zeros, so that no part of it is used. */
int report_check(struct cell_report *report, const struct cell_bounds *bounds,
                 struct err *err);

/* The same for its results, a copy that this changes: impossible ones become lost, and
 * the reason names the first. */
int results_check(struct fetch_result *results, size_t count,
                  const struct cell_bounds *bounds, struct err *err);

#endif
