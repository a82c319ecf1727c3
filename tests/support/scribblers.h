/* scribblers.h - strategies that fetch every page and then overwrite the memory that the
 * harness shares with their process, each in another way. */
#ifndef TESTS_SUPPORT_SCRIBBLERS_H
#define TESTS_SUPPORT_SCRIBBLERS_H

#include "strategies/strategy.h"

/* id and name. What each does is the function of that id; what must become of its row is
 * in tests/e2e/faults.sh. */
#define SCRIBBLERS(X)                                       \
    X(zeroes_work, "scribbles-zero-work")                   \
    X(fills_work, "scribbles-full-work")                    \
    X(no_targets, "scribbles-no-targets")                   \
    X(many_targets, "scribbles-many-targets")               \
    X(many_results, "scribbles-many-results")               \
    X(no_results, "scribbles-no-results")                   \
    X(far_parts, "scribbles-far-parts")                     \
    X(endless_urls, "scribbles-endless-urls")               \
    X(far_urls, "scribbles-far-urls")                       \
    X(counter_at_end, "scribbles-counter")                  \
    X(truncates, "scribbles-truncates")                     \
    X(grows, "scribbles-grows")                             \
    X(punches_holes, "scribbles-holes")                     \
    X(odd_outcomes, "scribbles-odd-outcomes")               \
    X(backward_stamps, "scribbles-backward-stamps")         \
    X(future_stamps, "scribbles-future-stamps")             \
    X(ancient_stamps, "scribbles-ancient-stamps")           \
    X(no_begins, "scribbles-no-begins")                     \
    X(wrapping_lengths, "scribbles-wrapping-lengths")       \
    X(odd_codes, "scribbles-odd-codes")                     \
    X(endless_versions, "scribbles-endless-versions")       \
    X(control_characters, "scribbles-control-characters")   \
    X(endless_run, "scribbles-endless-run")                 \
    X(wrapping_times, "scribbles-wrapping-times")           \
    X(wrapping_cpu, "scribbles-wrapping-cpu")               \
    X(many_switches, "scribbles-many-switches")             \
    X(many_faults, "scribbles-many-faults")                 \
    X(much_memory, "scribbles-much-memory")                 \
    X(wrapping_shares, "scribbles-wrapping-shares")         \
    X(endless_failure, "scribbles-endless-failure")         \
    X(odd_stage, "scribbles-odd-stage")                     \
    X(zeroes_all_and_exits, "scribbles-zero-all-and-exits") \
    X(fills_all_and_exits, "scribbles-full-all-and-exits")  \
    X(fills_all_and_dies, "scribbles-full-all-and-dies")    \
    X(noise_and_exits, "scribbles-noise-and-exits")         \
    X(feigns_progress, "scribbles-feigned-progress")

#define X(id, name) extern const struct strategy scribbler_##id;
SCRIBBLERS(X)
#undef X

#endif
