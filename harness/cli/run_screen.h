/* run_screen.h - the terminal output of a sweep: its plan, a line per cell in the
 * article's wording, and the tables at the end. */
#ifndef HARNESS_CLI_RUN_SCREEN_H
#define HARNESS_CLI_RUN_SCREEN_H

#include <stdio.h>

#include "analysis/report/view.h"
#include "harness/sweep/session.h"

/* The sweep, and where and how it is shown. All is borrowed. */
struct run_screen {
    FILE *out;
    const struct session *session;
    const char *gate_text; /* shown with a budget */
    bool shows_rows;       /* a line for each cell */
    struct view view;
};

void run_screen_plan(const struct run_screen *screen);

/* Each cell with its place and its predicted time, for --dry-run. */
void run_screen_cells(const struct run_screen *screen);

/* A valid row in the article's wording; another one with its status and reason. */
void run_screen_row(const struct run_screen *screen, const struct row *row);

/* Prints a line that a cell wrote to its standard error on that of bench. */
void run_screen_cell_line(void *unused, const char *line);

/* The tables, the tally and the files. -1: no memory, or the rows cannot be put together.
 */
int run_screen_result(const struct run_screen *screen, struct err *err);

/* Suggests what to type after a first look. */
void run_screen_next(const struct run_screen *screen);

#endif
