/* html_pictures.h - the pictures of the HTML report, as parts of the page. A picture that
 * cannot be drawn is replaced by a note that says why. */
#ifndef ANALYSIS_REPORT_HTML_PICTURES_H
#define ANALYSIS_REPORT_HTML_PICTURES_H

#include <stdio.h>

#include "analysis/report/plot_data.h"

/* The colours of plots on a dark page, as a style sheet: gnuplot writes those of a light
 * one. */
void html_plot_style(FILE *out);

/* The figures that are wanted. `order` is NULL-terminated and has all known strategies.
 */
void html_plots_write(const struct summary *summary, const struct plot_set *show,
                      const char *const *order, FILE *out);

/* The timelines of runs that have a requests.csv, one per variant; nothing if none has.
 */
void html_timelines_write(const struct summary *summary, char *const *paths, size_t count,
                          const char *const *order, FILE *out);

#endif
