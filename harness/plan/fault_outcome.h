/* fault_outcome.h - what a client must take each fault of the origin for. */
#ifndef HARNESS_PLAN_FAULT_OUTCOME_H
#define HARNESS_PLAN_FAULT_OUTCOME_H

#include "fetch/result.h"
#include "origin/fault.h"

/* How a fetch of a page with this fault ends. */
enum fetch_outcome fault_outcome(enum fault_kind kind);

/* How many percent of the pages make clients wait for their timeout. */
unsigned faults_time_out_percent(const struct fault_rates *rates);

#endif
