/* html_table.h - the tables of figures of the HTML report. */
#ifndef ANALYSIS_REPORT_HTML_TABLE_H
#define ANALYSIS_REPORT_HTML_TABLE_H

#include <stdio.h>

#include "analysis/report/palette.h"
#include "analysis/report/summary.h"

/* A table per variant, with a row per cell: medians, and the lowest and the highest
 * round. Below them the meanings of the notes. `order` is NULL-terminated and has all
 * known strategies. */
void html_tables_write(const struct summary *summary, const char *const *order,
                       FILE *out);

/* The cells with a row that is not valid, and why; nothing if there is none. */
void html_invalid_write(const struct summary *summary, FILE *out);

/* The colour of the strategy of a cell, as plots have it: references have none. */
struct palette_colour html_colour(const struct summary_cell *cell,
                                  const char *const *order);

#endif
