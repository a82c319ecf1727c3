/* plot_overlap.h - what would cover something else in a plot: curves that cross or
 * coincide, and labels at their ends. */
#ifndef ANALYSIS_REPORT_PLOT_OVERLAP_H
#define ANALYSIS_REPORT_PLOT_OVERLAP_H

#include "analysis/report/plot_axis.h"

/* How many curves cross or touch another one on an axis. */
size_t overlap_crossing(const struct plot_data *data, struct axis axis);

/* How a curve lies among others with which it coincides: below how many, and whether it
 * lies on one. It is drawn the wider the deeper it lies, with a margin around those on
 * it, so that all are seen. */
struct overlap {
    unsigned depth;
    bool covers;
};

/* Among the curves from `first` to before `end`, the later of which lie on the earlier.
 * All zeros for a reference, which is dotted, and where more than OVERLAP_MAX curves
 * crowd together: they would only be a broad band. */
enum { OVERLAP_MAX = 3 };
struct overlap overlap_of(const struct plot_data *data, struct axis axis, size_t curve,
                          size_t first, size_t end);

/* Moves labels apart: `places`, ascending, are where they would be, and become where they
 * are: at least `gap` apart, from `low` to `high`, otherwise as near as can be (least
 * squares). If there is no room for all, they are as far apart as there is room. */
void overlap_spread(double *places, size_t count, double gap, double low, double high);

#endif
