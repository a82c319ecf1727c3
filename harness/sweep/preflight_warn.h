/* preflight_warn.h - what may go wrong on this machine and need not. */
#ifndef HARNESS_SWEEP_PREFLIGHT_WARN_H
#define HARNESS_SWEEP_PREFLIGHT_WARN_H

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"

/* What may go wrong with cells that are not forbidden, or take long; each a line.
 */
enum { PREFLIGHT_WARNINGS_MAX = 6, PREFLIGHT_WARNING_SIZE = 320 };

struct preflight_warnings {
    size_t count;
    char lines[PREFLIGHT_WARNINGS_MAX][PREFLIGHT_WARNING_SIZE];
};

void preflight_warn(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits,
                    struct preflight_warnings *warnings);

#endif
