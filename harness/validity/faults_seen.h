/* faults_seen.h - whether the client saw the faults that the origin injected. */
#ifndef HARNESS_VALIDITY_FAULTS_SEEN_H
#define HARNESS_VALIDITY_FAULTS_SEEN_H

#include "fetch/result.h"
#include "harness/plan/plan.h"
#include "origin/stats.h"

/* True when, for each kind, as many fetches failed as the origin injected faults, and as
 * many were good as it answered. On a kept connection a client repeats a request without
 * a response, so there the origin may have injected more. */
bool faults_seen_agree(const struct plan *plan, const struct origin_stats *origin,
                       const uint64_t counts[FETCH_OUTCOME_COUNT]);

/* "500 3, stall 2": the origin's counts; "nothing" for none. */
const char *faults_seen_text(const struct origin_stats *origin,
                             char text[FAULT_TEXT_SIZE]);

#endif
