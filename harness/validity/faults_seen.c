/* faults_seen.c - see faults_seen.h. */
#include "harness/validity/faults_seen.h"

#include <inttypes.h>

#include "base/text.h"
#include "harness/plan/fault_outcome.h"

bool faults_seen_agree(const struct plan *plan, const struct origin_stats *origin,
                       const uint64_t counts[FETCH_OUTCOME_COUNT])
{
    uint64_t injected[FETCH_OUTCOME_COUNT] = {0};
    uint64_t again = plan->reuse_connections ? counts[FETCH_IO_FAILED] : 0;

    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        injected[fault_outcome((enum fault_kind)kind)] += origin->faults[kind];
    injected[FETCH_BAD_STATUS] += origin->refused;
    for (int outcome = 0; outcome < FETCH_OUTCOME_COUNT; outcome++) {
        uint64_t least = counts[outcome];
        uint64_t most = least + (outcome == FETCH_IO_FAILED ? again : 0);

        if (outcome != FETCH_OK &&
            (injected[outcome] < least || injected[outcome] > most))
            return false;
    }
    return origin->responses == counts[FETCH_OK];
}

const char *faults_seen_text(const struct origin_stats *origin,
                             char text[FAULT_TEXT_SIZE])
{
    text[0] = '\0';
    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (origin->faults[kind])
            (void)text_append_item(text, FAULT_TEXT_SIZE, "%s %" PRIu64,
                                   fault_word((enum fault_kind)kind),
                                   origin->faults[kind]);
    if (!text[0])
        (void)text_append(text, FAULT_TEXT_SIZE, "nothing");
    return text;
}
