/* summary_csv.h - a summary as CSV, for programs that draw. */
#ifndef ANALYSIS_REPORT_SUMMARY_CSV_H
#define ANALYSIS_REPORT_SUMMARY_CSV_H

#include <stdio.h>

#include "analysis/report/view.h"
#include "base/err.h"

/* One line per cell. `reference` is 1 for a lower bound, which is not a concurrency
 * model. Fails if `out` does, or without memory. */
int summary_csv_write(const struct summary *summary, const struct view *view, FILE *out,
                      struct err *err);

#endif
