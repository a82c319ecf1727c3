/* plot_script.h - panels of curves as a script for gnuplot. */
#ifndef ANALYSIS_REPORT_PLOT_SCRIPT_H
#define ANALYSIS_REPORT_PLOT_SCRIPT_H

#include <stdio.h>

#include "analysis/report/plot_panel.h"

/* In pixels: the letters, a line, and how far above a panel the title of its section is.
 */
enum { PLOT_FONT = 14, PLOT_SMALL_FONT = 13, PLOT_LINE = 17, PLOT_TITLE_ABOVE = 38 };

struct plot_page {
    const char *const *order; /* of all strategies, for their colours */
    double width, height;
    const char *notes; /* one line at the bottom */
    struct plot_panel *panels;
    size_t count;
};

enum plot_format { PLOT_PNG, PLOT_SVG, PLOT_FORMAT_COUNT };

/* The label of a curve: its strategy, its variant if there are several, and whether it
 * is a reference. Cut to fit; returns `text`. */
enum { PLOT_LABEL_SIZE = 256 };
const char *plot_label(const struct plot_panel *panel, const struct plot_curve *curve,
                       char text[PLOT_LABEL_SIZE]);

/* The width that a text may take, in pixels: an upper bound for most texts. */
double plot_text_width(const char *text, double font);

/* -1: no memory. */
int plot_script_write(const struct plot_page *page, enum plot_format format, FILE *out,
                      struct err *err);

#endif
