/* plot_axis.h - the logarithmic axes of a plot: range, ticks, and which of them have room
 * for a text. */
#ifndef ANALYSIS_REPORT_PLOT_AXIS_H
#define ANALYSIS_REPORT_PLOT_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/report/plot_data.h"

struct axis {
    double low, high; /* above 0, low < high */
};

/* Where a value lies on an axis: 0 at the low end, 1 at the high one. */
double axis_place(struct axis axis, double value);

/* The axis of all levels or rates, and that of the figures of all curves with their
 * intervals, the theoretical minimum included: with a margin at both ends. The data has a
 * curve. */
struct axis axis_of_points(const struct plot_data *data);
struct axis axis_of_figures(const struct plot_data *data);

/* Round figures on an axis. */
enum { AXIS_TICKS_MAX = 64 };
struct axis_ticks {
    double values[AXIS_TICKS_MAX];
    size_t count;
};

/* As many as fit with `apart` between two, a part of the axis: 1, 2 and 5 of each power,
 * more of them on a short axis, fewer on a long one. */
void axis_find_ticks(struct axis_ticks *ticks, struct axis axis, enum shown_kind kind,
                     double apart);

/* Which of some texts have room beside each other: `places` ascending are their centres,
 * `widths` their widths, `gap` stays between two. The last and the first come before the
 * others. */
void axis_thin_out(const double *places, const double *widths, size_t count, double gap,
                   bool *kept);

#endif
