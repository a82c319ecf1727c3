/* timeline_text.h - a timeline in words: the text alternative of its picture, and the
 * notes below it. Foreign text is written as it is. */
#ifndef ANALYSIS_REPORT_TIMELINE_TEXT_H
#define ANALYSIS_REPORT_TIMELINE_TEXT_H

#include "analysis/report/timeline.h"

void timeline_write_title(const struct timeline *timeline, FILE *out);

/* One line per panel. */
void timeline_describe(const struct timeline *timeline, FILE *out);

/* How the picture was drawn. */
struct timeline_about {
    bool merged;     /* some pixels stand for several requests */
    double until_us; /* the end of the time axis */
    unsigned play_s; /* how long its animation lasts; 0: none */
};

/* One line per note. */
void timeline_write_notes(const struct timeline *timeline,
                          const struct timeline_about *about, FILE *out);

#endif
