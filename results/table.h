/* table.h - the summary as a person reads it: level down, strategy across. */
#ifndef RESULTS_TABLE_H
#define RESULTS_TABLE_H

#include "results/summary.h"

/* Prints cost time, overhead, CPU per request and memory per request in flight, each as a
 * table, and what is to be said about single cells below them. Fails if `out` does. */
int table_print(const struct summary *summary, FILE *out, struct err *err);

#endif
