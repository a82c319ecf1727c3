/* summary_markdown.h - a summary as tables for a report or a README. */
#ifndef ANALYSIS_REPORT_SUMMARY_MARKDOWN_H
#define ANALYSIS_REPORT_SUMMARY_MARKDOWN_H

#include <stdio.h>

#include "analysis/report/summary.h"
#include "base/err.h"

/* Writes a table for each variant: a line for each cell with cost time, overhead, CPU and
 * memory, the fastest of a level in bold. Fails if `out` does. */
int summary_markdown_write(const struct summary *summary, FILE *out, struct err *err);

#endif
