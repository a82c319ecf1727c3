/* summary_markdown.h - a summary for a report or a README. */
#ifndef ANALYSIS_REPORT_SUMMARY_MARKDOWN_H
#define ANALYSIS_REPORT_SUMMARY_MARKDOWN_H

#include <stdio.h>

#include "analysis/report/view.h"
#include "base/err.h"

/* Writes a table per variant with a line per cell: cost time, overhead, CPU and memory,
 * the fastest of a level in bold. Fails if `out` does, or without memory. */
int summary_markdown_write(const struct summary *summary, const struct view *view,
                           FILE *out, struct err *err);

#endif
