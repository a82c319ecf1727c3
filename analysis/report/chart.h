/* chart.h - a summary as a chart in characters. */
#ifndef ANALYSIS_REPORT_CHART_H
#define ANALYSIS_REPORT_CHART_H

#include <stdio.h>

#include "analysis/report/view.h"

/* The figures that the view shows, or shown_default() if it shows none, at the highest
 * point of each variant: a line per strategy with its median on a logarithmic scale, its
 * lowest and highest round, and the theoretical minimum, no wider than the view's
 * columns. Characters beyond ASCII only if the view takes them. -1: no memory. */
int chart_print(const struct summary *summary, const struct view *view, FILE *out,
                struct err *err);

#endif
