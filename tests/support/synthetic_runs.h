/* synthetic_runs.h - comparisons and runs that nobody measured, with everything in them
 * that an export can trip over. */
#ifndef TESTS_SUPPORT_SYNTHETIC_RUNS_H
#define TESTS_SUPPORT_SYNTHETIC_RUNS_H

#include "analysis/compare/compare.h"

/* All verdicts, no ratio, no bound, nothing detectable, problems of both kinds, and texts
 * with all that means something in XML, JSON, Markdown or a terminal. */
extern const struct comparison synthetic_hard;

/* Two runs, not paired, in which all is the same. */
extern const struct comparison synthetic_same;

/* The longest names and figures that are to be expected. */
extern const struct comparison synthetic_wide;

/* Nothing gates, and nothing is said to be wrong. */
extern const struct comparison synthetic_nothing;

/* Runs of two variants: valid rows, one that failed, one cell with none, figures of 0 and
 * absent ones. Owner: the caller, runs_free(). */
void synthetic_runs(struct runs *runs);

#endif
