/* plot_svg.h - title and description of a picture that gnuplot wrote. */
#ifndef ANALYSIS_REPORT_PLOT_SVG_H
#define ANALYSIS_REPORT_PLOT_SVG_H

#include "analysis/report/plot_data.h"

/* Replaces the title and description that gnuplot gave an SVG by those of the figure,
 * for screen readers, and removes the titles of its parts,
 * which a browser would show: they are pieces of the script. -1: no memory; the picture
 * is unchanged. */
int plot_svg_describe(char **svg, size_t *size, enum plot_figure figure,
                      struct plot_about about, struct err *err);

#endif
