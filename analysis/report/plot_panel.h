/* plot_panel.h - the axes of a picture with their curves, and where they are. */
#ifndef ANALYSIS_REPORT_PLOT_PANEL_H
#define ANALYSIS_REPORT_PLOT_PANEL_H

#include "analysis/report/plot_axis.h"

/* Axes with curves. Places are those of the axes, in pixels from the top left corner. */
struct plot_panel {
    const struct plot_data *data;
    const char *title; /* of the section that the panel is the first of; else NULL */
    struct axis x, y;
    double left, top, width, height;
    size_t first, end; /* these curves have a colour */
    bool shows_others; /* and all others are grey, behind them */
    bool is_small;     /* one of many: its title is its strategy */
    bool has_labels;   /* at the ends of the curves */
    bool labels_are_variants;
    bool has_point_texts, has_figure_texts; /* at the ticks */
};

#endif
