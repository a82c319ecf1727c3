/* hyperfine.h - a summary as hyperfine's JSON. */
#ifndef ANALYSIS_REPORT_HYPERFINE_H
#define ANALYSIS_REPORT_HYPERFINE_H

#include <stdio.h>

#include "analysis/report/view.h"
#include "base/err.h"

/* Writes it like `hyperfine --export-json`, for programs that read that: a result for
 * each cell of the summary with a valid round. Times are cost_s of the valid rounds in
 * the order of the runs. `parameters` has those of strategy, level or rate, and variant
 * in which the results differ: the plot over a parameter wants exactly one. Fails if no
 * cell has a valid round, if `out` does, or without memory. */
int hyperfine_write(const struct summary *summary, const struct view *view, FILE *out,
                    struct err *err);

#endif
