/* preflight_warn.h - warnings about cells that may fail on this machine. */
#ifndef HARNESS_SWEEP_PREFLIGHT_WARN_H
#define HARNESS_SWEEP_PREFLIGHT_WARN_H

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"
#include "harness/plan/plan_cells.h"

/* Warnings about cells that are not forbidden but may fail, or take long; one line
 * each. */
enum { PREFLIGHT_WARNINGS_MAX = 6, PREFLIGHT_WARNING_SIZE = 320 };

struct preflight_warnings {
    size_t count;
    char lines[PREFLIGHT_WARNINGS_MAX][PREFLIGHT_WARNING_SIZE];
};

void preflight_warn(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits,
                    struct preflight_warnings *warnings);

#endif
