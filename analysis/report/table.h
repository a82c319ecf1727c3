/* table.h - the summary as a person reads it: level down, strategy across. */
#ifndef ANALYSIS_REPORT_TABLE_H
#define ANALYSIS_REPORT_TABLE_H

#include "analysis/report/summary.h"

/* Prints cost time, overhead, CPU per request and memory per request in flight, each as a
 * table, and what is to be said about single cells below them. Fails if `out` does. */
int table_print(const struct summary *summary, FILE *out, struct err *err);

#endif
