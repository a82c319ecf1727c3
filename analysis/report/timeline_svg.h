/* timeline_svg.h - a timeline as a picture: a panel per strategy on one time axis. */
#ifndef ANALYSIS_REPORT_TIMELINE_SVG_H
#define ANALYSIS_REPORT_TIMELINE_SVG_H

#include "analysis/report/timeline.h"

enum timeline_rows { TIMELINE_ROWS_AUTO, TIMELINE_ROWS_REQUEST, TIMELINE_ROWS_WORKER };

struct timeline_look {
    const char *const *order; /* the known strategies, NULL-terminated: their colours */
    enum timeline_rows rows;  /* auto: per request if no level is asked for twice */
    double until_us;          /* end of the time axis; 0: that of the last request */
    bool animate;             /* plays the run, by CSS */
};

/* Writes SVG. -1: no memory; a failure to write shows in ferror(). */
int timeline_svg_write(const struct timeline *timeline, const struct timeline_look *look,
                       FILE *out, struct err *err);

#endif
