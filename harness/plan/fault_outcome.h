/* fault_outcome.h - the outcome that a client must report for each fault of the
 * origin. */
#ifndef HARNESS_PLAN_FAULT_OUTCOME_H
#define HARNESS_PLAN_FAULT_OUTCOME_H

#include "fetch/result.h"
#include "origin/fault.h"

/* How a fetch of a page with this fault ends. */
enum fetch_outcome fault_outcome(enum fault_kind kind);

/* The percentage of pages that make clients wait for their timeout. */
unsigned faults_time_out_percent(const struct fault_rates *rates);

#endif
