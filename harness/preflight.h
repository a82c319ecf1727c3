/* preflight.h - what this machine forbids, found out before the first cell. */
#ifndef HARNESS_PREFLIGHT_H
#define HARNESS_PREFLIGHT_H

#include "harness/plan.h"
#include "harness/validity.h"

struct machine_limits {
    uint64_t descriptors;   /* of one process */
    uint64_t tasks;         /* threads and processes that may still be made */
    const char *tasks_name; /* which limit that is */
};

/* Raises the soft limit of open files to the hard one, for this process and all that it
 * starts, and looks up what is allowed. */
struct machine_limits machine_limits_now(void);

/* True when a cell cannot work; the verdict, "infeasible", names the limit and the fix.
 */
bool preflight_forbids(const struct plan *plan, const struct cell *cell,
                       const struct machine_limits *limits, struct verdict *verdict);

/* 0 if some cell can work; else -1, and the words are those of the first that cannot. */
int preflight_check(const struct plan *plan, const struct cell_list *cells,
                    const struct machine_limits *limits, struct err *err);

#endif
