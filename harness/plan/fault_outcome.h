/* fault_outcome.h - what a client must take each fault of the origin for. */
#ifndef HARNESS_PLAN_FAULT_OUTCOME_H
#define HARNESS_PLAN_FAULT_OUTCOME_H

#include <stdbool.h>

#include "fetch/result.h"
#include "origin/fault.h"

/* How a fetch of a page with this fault ends. */
enum fetch_outcome fault_outcome(enum fault_kind kind);

/* Whether any of the faults makes clients wait for their timeout. */
bool faults_time_out(const struct fault_rates *rates);

#endif
