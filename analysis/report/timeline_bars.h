/* timeline_bars.h - the geometry of a timeline: the rectangles of one panel. */
#ifndef ANALYSIS_REPORT_TIMELINE_BARS_H
#define ANALYSIS_REPORT_TIMELINE_BARS_H

#include "analysis/report/timeline.h"

/* A rectangle shows a phase, or that a request failed. */
enum { TIMELINE_FAILED = TIMELINE_PHASE_COUNT, TIMELINE_SHOWN_COUNT };

struct timeline_bar {
    int shown;
    double x, y, width, height;
};

struct timeline_scale {
    double width, until_us; /* of the time axis; what is later is cut off */
    bool by_request;        /* a row per request; else per lane */
};

struct timeline_bars {
    struct timeline_bar *bars;
    size_t count, room;
    double row_height;  /* whole pixels, a gap included */
    double height;      /* of the panel */
    size_t rows, lines; /* rows that share a line of pixels are drawn as one */
    double end_y;       /* the middle of the row that ends last */
    bool merged;        /* some pixels stand for several requests */
};

/* Every request is at least one pixel wide and high. Where there are more than pixels,
 * each pixel shows the phase in which its requests spent most time, and a failed one
 * wins. Owner: the caller, timeline_bars_free(). */
int timeline_bars_make(struct timeline_bars *bars, const struct timeline_panel *panel,
                       const struct timeline_scale *scale, struct err *err);
void timeline_bars_free(struct timeline_bars *bars); /* fine for all zeros */

#endif
