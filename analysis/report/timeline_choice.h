/* timeline_choice.h - chooses which cells of a requests.csv a timeline shows. */
#ifndef ANALYSIS_REPORT_TIMELINE_CHOICE_H
#define ANALYSIS_REPORT_TIMELINE_CHOICE_H

#include "analysis/report/timeline.h"

struct timeline_choice {
    const char *const *order; /* the known strategies, NULL-terminated */
    const char *strategies;   /* names separated by commas, in the order of the panels;
                                 NULL: all, in the order of `order`, others behind */
    const char *variant;      /* NULL: the first of the file */
    enum point_kind kind;     /* of `point` */
    uint64_t point;           /* level or rate; 0: the highest that has requests */
    uint64_t round;           /* 0: the first valid one, else the first */
    bool with_texts;          /* also reads URLs and outcomes */
};

/* A cell of the file. Texts are the timeline's, so equal ones have equal addresses. */
struct timeline_cell {
    const char *run_id, *variant, *strategy;
    enum point_kind kind;
    uint64_t round, point, level;
    size_t taken; /* requests that a worker took */
    bool all_ok;
    bool has_row; /* in runs.csv */
    enum row_status status;
    const char *reason;
    size_t panel; /* that shows it; SIZE_MAX: no panel does */
};

/* The cells of a file, in its order. */
struct timeline_cells {
    struct timeline *timeline;
    const struct timeline_choice *choice;
    struct timeline_cell *items;
    size_t count;
};

/* Makes a panel, without requests, for each cell that is to be shown. */
int timeline_choose(struct timeline_cells *cells, struct err *err);

#endif
