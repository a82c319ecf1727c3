/* table.h - a summary as a person reads it. */
#ifndef ANALYSIS_REPORT_TABLE_H
#define ANALYSIS_REPORT_TABLE_H

#include <stdio.h>

#include "analysis/report/view.h"

/* Strategies down, levels or rates across, no wider than the view's columns. Of a view
 * that asks for no figure: one table of shown_default(), with further figures at the
 * highest point, without the points that have no room; else a table per figure with all
 * points. Below them the marks and the reasons of rows that are not valid; then the
 * conclusion. -1: no memory, or `out` failed. */
int table_print(const struct summary *summary, const struct view *view, FILE *out,
                struct err *err);

#endif
