/* corrupting_strategies.h - strategies that fetch every page and then overwrite the
 * memory that the harness shares with their process, each in another way. */
#ifndef TESTS_SUPPORT_CORRUPTING_STRATEGIES_H
#define TESTS_SUPPORT_CORRUPTING_STRATEGIES_H

#include "strategies/strategy.h"

/* Id and name. The function with that id does the damage; tests/e2e/faults.sh states the
 * row that each must get. */
#define CORRUPTING_STRATEGIES(X)                           \
    X(zeroes_work, "corrupts-zero-work")                   \
    X(fills_work, "corrupts-full-work")                    \
    X(no_targets, "corrupts-no-targets")                   \
    X(many_targets, "corrupts-many-targets")               \
    X(many_results, "corrupts-many-results")               \
    X(no_results, "corrupts-no-results")                   \
    X(far_parts, "corrupts-far-parts")                     \
    X(endless_urls, "corrupts-endless-urls")               \
    X(far_urls, "corrupts-far-urls")                       \
    X(counter_at_end, "corrupts-counter")                  \
    X(truncates, "corrupts-truncates")                     \
    X(grows, "corrupts-grows")                             \
    X(punches_holes, "corrupts-holes")                     \
    X(odd_outcomes, "corrupts-odd-outcomes")               \
    X(backward_stamps, "corrupts-backward-stamps")         \
    X(future_stamps, "corrupts-future-stamps")             \
    X(ancient_stamps, "corrupts-ancient-stamps")           \
    X(no_begins, "corrupts-no-begins")                     \
    X(wrapping_lengths, "corrupts-wrapping-lengths")       \
    X(odd_codes, "corrupts-odd-codes")                     \
    X(endless_versions, "corrupts-endless-versions")       \
    X(control_characters, "corrupts-control-characters")   \
    X(endless_run, "corrupts-endless-run")                 \
    X(wrapping_times, "corrupts-wrapping-times")           \
    X(wrapping_cpu, "corrupts-wrapping-cpu")               \
    X(many_switches, "corrupts-many-switches")             \
    X(many_faults, "corrupts-many-faults")                 \
    X(much_memory, "corrupts-much-memory")                 \
    X(wrapping_shares, "corrupts-wrapping-shares")         \
    X(endless_failure, "corrupts-endless-failure")         \
    X(odd_stage, "corrupts-odd-stage")                     \
    X(zeroes_all_and_exits, "corrupts-zero-all-and-exits") \
    X(fills_all_and_exits, "corrupts-full-all-and-exits")  \
    X(fills_all_and_dies, "corrupts-full-all-and-dies")    \
    X(noise_and_exits, "corrupts-noise-and-exits")         \
    X(feigns_progress, "corrupts-feigned-progress")

#define X(id, name) extern const struct strategy corrupting_##id;
CORRUPTING_STRATEGIES(X)
#undef X

#endif
