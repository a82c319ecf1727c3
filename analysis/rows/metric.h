/* metric.h - the metrics by which cells are compared, from metrics.def: one figure per
 * row each. */
#ifndef ANALYSIS_ROWS_METRIC_H
#define ANALYSIS_ROWS_METRIC_H

#include <stdbool.h>

#include "analysis/rows/row.h"

enum metric {
#define METRIC(name, title, unit, decimals, floor, meaning) METRIC_##name,
#include "analysis/rows/metrics.def"
#undef METRIC
    METRIC_COUNT
};

/* Less is better for every one of them. */
struct metric_info {
    const char *name;  /* as typed after --metric */
    const char *title; /* as a heading of a table */
    const char *unit;  /* of the figure and the floor, "us" */
    int decimals;      /* that make sense in a table */
    double floor;      /* differences up to this do not matter */
    const char *meaning;
};

extern const struct metric_info metrics[METRIC_COUNT];

/* How many requests of a row never ended: not failed ones. 0 also where that is absent.
 */
uint64_t row_unfinished(const struct row *row);

/* An amount per request that ended: those that never began cost nothing. NAN: none did.
 */
double row_per_request(const struct row *row, double amount);

/* The figure of a row in the metric's unit; NAN where the row has none. */
double metric_of(const struct row *row, enum metric metric);

/* The metric of that name, or METRIC_COUNT. */
enum metric metric_find(const char *name);

/* Reads names with commas between them: `wanted` becomes true for those and false for all
 * others. */
int metric_parse_list(bool wanted[METRIC_COUNT], const char *list, struct err *err);

#endif
