/* shown.h - the figures that tables and conclusions show, and how: units that fit, three
 * significant digits. */
#ifndef ANALYSIS_REPORT_SHOWN_H
#define ANALYSIS_REPORT_SHOWN_H

#include "analysis/report/summary.h"
#include "base/err.h"

enum shown {
#define SHOWN(word, figure, kind, title, label) SHOWN_##word,
#include "analysis/report/shown.def"
#undef SHOWN
    SHOWN_COUNT
};

struct shown_info {
    const char *word;
    enum summary_figure figure;
    const char *title; /* of a table */
    const char *label; /* behind a figure in a sentence */
};

extern const struct shown_info shown_figures[SHOWN_COUNT];

/* The quantity of a figure. */
enum shown_kind { SHOWN_SECONDS, SHOWN_MICROSECONDS, SHOWN_BYTES, SHOWN_AMOUNT };
enum shown_kind shown_kind_of(enum shown shown);

/* The name of the cost time of a summary: "cost time", or "run time without setup" beside
 * programs from outside, whose setup is not known. */
const char *shown_time(const struct summary *summary);

/* The title of a table of a figure, by the same rule. */
const char *shown_title(const struct summary *summary, enum shown shown);

/* The figure that a summary is about: cost time; of rates p99 latency, of levels with a
 * duration throughput. */
enum shown shown_default(const struct summary *summary);

/* Whether more of a figure is better. */
bool shown_more_is_better(enum shown shown);

/* A figure in its unit: "85.3ms", "1.05s", "16.8KiB", "3.27"; "" of NAN, SHOWN_ENDLESS of
 * the latency of requests that never ended. Returns `text`. */
#define SHOWN_ENDLESS "endless"
enum { SHOWN_TEXT_SIZE = 24 };
const char *shown_text(enum shown shown, double value, char text[SHOWN_TEXT_SIZE]);

/* A round figure, as an axis has it: "50 ms", "100 s", "2 KiB", "20k". Returns `text`. */
const char *shown_tick(enum shown_kind kind, double value, char text[SHOWN_TEXT_SIZE]);

/* The median of a cell; NAN where no valid round has it. */
double shown_median(const struct summary_cell *cell, enum shown shown);

/* Which figures a person wants to see. */
struct shown_set {
    bool wanted[SHOWN_COUNT];
};

/* Reads words with commas between them, or "all". */
int shown_parse_list(struct shown_set *set, const char *list, struct err *err);

#endif
