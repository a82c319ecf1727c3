/* table.h - a summary as a person reads it. */
#ifndef ANALYSIS_REPORT_TABLE_H
#define ANALYSIS_REPORT_TABLE_H

#include <stdio.h>

#include "analysis/report/summary.h"
#include "base/err.h"

/* As a person reads it, level down and strategy across: cost time, overhead, CPU per
 * request and memory per request in flight, each as a table, and what is to be said about
 * single cells below them. Fails if
 * `out` does, or without memory. */
int table_print(const struct summary *summary, FILE *out, struct err *err);

#endif
