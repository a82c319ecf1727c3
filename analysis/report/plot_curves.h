/* plot_curves.h - the curves of a panel in a script for gnuplot. */
#ifndef ANALYSIS_REPORT_PLOT_CURVES_H
#define ANALYSIS_REPORT_PLOT_CURVES_H

#include <stdio.h>

#include "analysis/report/plot_panel.h"

/* The colour of a curve and its label, by the order of all strategies. */
const char *plot_curve_colour(const struct plot_curve *curve, const char *const *order);

/* Lines, intervals and points, in one command. The data blocks are in the script already.
 */
void plot_curves_write(const struct plot_panel *panel, const char *const *order,
                       FILE *out);

#endif
