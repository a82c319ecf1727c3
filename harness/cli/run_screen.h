/* run_screen.h - what a sweep shows on the terminal: its plan, a line for each cell in
 * the article's words, and the tables at the end. */
#ifndef HARNESS_CLI_RUN_SCREEN_H
#define HARNESS_CLI_RUN_SCREEN_H

#include <stdio.h>

#include "analysis/rows/runs.h"
#include "analysis/rows/words.h"
#include "harness/plan/plan.h"
#include "harness/sweep/preflight.h"

/* What is shown, and where. All is borrowed. */
struct run_screen {
    FILE *out;
    const struct plan *plan;
    const struct cell_list *cells;
    const struct machine_limits *limits;
    const struct preflight_warnings *warnings;
    const struct runs *runs; /* what has been measured */
    const char *gate_words;  /* shown with a budget */
    size_t rows_before;      /* of earlier parts of the sweep */
};

void run_screen_plan(const struct run_screen *screen);

/* Each cell with its place and its predicted time, for --dry-run. */
void run_screen_cells(const struct run_screen *screen);

/* The article's words when there is a time; else why not. */
void run_screen_row(const struct run_screen *screen, const struct row *row);

/* Rows of one status, those of earlier parts of the sweep included. */
size_t run_screen_count(const struct run_screen *screen, enum row_status status);

/* The tables, the tally and the files, which are in `dir` (NULL: none). -1: no memory, or
 * the rows cannot be put together. */
int run_screen_result(const struct run_screen *screen, const char *dir, bool raw,
                      struct err *err);

#endif
