/* faults_seen.h - faults that the origin was asked for, and whether the client saw the
 * same.
 */
#ifndef HARNESS_VALIDITY_FAULTS_SEEN_H
#define HARNESS_VALIDITY_FAULTS_SEEN_H

#include "fetch/result.h"
#include "harness/plan/plan.h"
#include "origin/stats.h"

/* True when the fetches that failed are those that the origin injected, kind by kind, and
 * the good ones those that it answered. On a kept connection a client asks once more
 * where nothing came back, so there the origin may have injected more. */
bool faults_seen_agree(const struct plan *plan, const struct origin_stats *origin,
                       const uint64_t counts[FETCH_OUTCOME_COUNT]);

/* "500 3, stall 2": what the origin counted; "nothing" for none. */
const char *faults_seen_text(const struct origin_stats *origin,
                             char text[FAULT_TEXT_SIZE]);

#endif
