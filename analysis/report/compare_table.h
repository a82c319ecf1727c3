/* compare_table.h - a comparison for a terminal. */
#ifndef ANALYSIS_REPORT_COMPARE_TABLE_H
#define ANALYSIS_REPORT_COMPARE_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "base/err.h"

/* Writes it for a terminal of 100 columns: the two sides, the overall lines, a line
 * for each item that gates (with `all` the others below them), slower ones first, then
 * why some cannot be told, the problems by name, and the verdict as the last line. Fails
 * if `out` does, or without memory. */
int compare_table_write(const struct comparison *comparison, bool all, FILE *out,
                        struct err *err);

#endif
