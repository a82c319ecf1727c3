/* plot.h - a figure of a summary as a picture: curves over the level, or the rate. */
#ifndef ANALYSIS_REPORT_PLOT_H
#define ANALYSIS_REPORT_PLOT_H

#include "analysis/report/plot_script.h"

/* File name extensions: "png", "svg". */
extern const char *const plot_extensions[PLOT_FORMAT_COUNT];

/* Draws a figure in a format. `order` is NULL-terminated and has all known strategies:
 * their colours are by their places, and a speed-up is one over the first of them. No
 * valid row with this figure: `*bytes` is NULL. -1: gnuplot is missing or failed, no
 * memory, or too many curves. Owner: the caller, free(). */
enum { PLOT_CURVES_MAX = 200 };
int plot_draw(char **bytes, size_t *size, const struct summary *summary,
              enum plot_figure figure, const char *const *order, enum plot_format format,
              struct err *err);

/* The script of a picture, as gnuplot reads it; the caller frees it. NULL: nothing to
 * draw if `*err` was not touched, which the result tells: 0, or -1. */
int plot_script(char **script, size_t *size, const struct summary *summary,
                enum plot_figure figure, const char *const *order,
                enum plot_format format, struct err *err);

#endif
