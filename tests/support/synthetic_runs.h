/* synthetic_runs.h - made-up comparisons and runs with every value that could break an
 * export. */
#ifndef TESTS_SUPPORT_SYNTHETIC_RUNS_H
#define TESTS_SUPPORT_SYNTHETIC_RUNS_H

#include "analysis/compare/compare.h"

/* All verdicts, absent ratios and bounds, nothing detectable, problems of both kinds, and
 * texts with all special characters of XML, JSON, Markdown and terminals. */
extern const struct comparison synthetic_hard;

/* Two unpaired runs without any difference. */
extern const struct comparison synthetic_same;

/* The longest names and figures to expect. */
extern const struct comparison synthetic_wide;

/* Nothing gates, and no problem is reported. */
extern const struct comparison synthetic_nothing;

/* Runs of two variants: valid rows, a failed one, a cell without rows, figures of 0 and
 * absent ones. Owner: the caller, runs_free(). */
void synthetic_runs(struct runs *runs);

#endif
