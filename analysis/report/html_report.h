/* html_report.h - recorded runs as one HTML page that needs nothing else. */
#ifndef ANALYSIS_REPORT_HTML_REPORT_H
#define ANALYSIS_REPORT_HTML_REPORT_H

#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "analysis/report/plot_data.h"

/* The first bytes of every report. */
#define HTML_REPORT_HEAD "<!DOCTYPE html>\n<!-- Written by bench -->\n"

struct html_report {
    const struct summary *summary;
    const char *const *order; /* NULL-terminated: all known strategies */
    char *const *paths;       /* the runs, as they were typed */
    char *const *commands;    /* that measure each again */
    size_t path_count;
    const struct plot_set *show;
    const struct comparison *comparison; /* of base and head; NULL: none */
    const char *basis;                   /* of its thresholds, in a sentence; or "" */
};

/* -1: no memory, a file beside the rows is damaged, or `out` failed. */
int html_report_write(const struct html_report *report, FILE *out, struct err *err);

#endif
