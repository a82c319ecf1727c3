/* search.h - searches, for each strategy of a plan, the highest rate that keeps a bound.
 *
 * The searches take turns, one cell each, in an order that is drawn anew every time, so
 * that all meet the same states of the machine. */
#ifndef HARNESS_SWEEP_SEARCH_H
#define HARNESS_SWEEP_SEARCH_H

#include "analysis/rows/runs.h"
#include "harness/sweep/sweep.h"

/* Measures cells until the rows of `runs` decide all; `hooks` add each new row to them.
 * Returns as sweep_run(). */
int search_run(const struct record_source *source, const struct machine_limits *limits,
               const struct sweep_hooks *hooks, const struct runs *runs,
               struct sweep_tally *tally, struct err *err);

#endif
