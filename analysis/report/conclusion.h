/* conclusion.h - the conclusion of a sweep, in sentences that its rows support. */
#ifndef ANALYSIS_REPORT_CONCLUSION_H
#define ANALYSIS_REPORT_CONCLUSION_H

#include <stdio.h>

#include "analysis/report/ranking.h"
#include "analysis/report/view.h"

extern const char *const goal_names[GOAL_COUNT + 1]; /* NULL-terminated */

/* The conclusion about one variant at its highest level with a valid row: the best by the
 * goal, those that cannot be told apart from it, how far behind the others are, and the
 * counters that explain it. Of rates at the highest one that a candidate held; then also
 * the strategies that did not hold it, or the highest rate, and the rates they reached.
 */
struct conclusion {
    const char *variant;
    enum goal goal; /* that was asked for, or fits */
    struct ranking rankings[GOAL_COUNT];
    char *sentences; /* each ends with '\n'; safe for a terminal */
};

/* Whether a goal ranks the cells of a summary: of rows with a duration cost time does
 * not, since it is the duration; throughput does only there, and not that of rates, which
 * is asked for. */
bool goal_fits(const struct summary *summary, enum goal goal);

/* The goal itself, or the one of shown_default() where it does not fit. */
enum goal goal_that_fits(const struct summary *summary, enum goal goal);

/* -1: no memory. Owner: the caller, conclusion_free(). What is in it is borrowed from the
 * summary. */
int conclusion_make(struct conclusion *conclusion, const struct summary *summary,
                    const char *variant, enum goal goal, struct err *err);
void conclusion_free(struct conclusion *conclusion); /* fine for all zeros */

/* The conclusion of each variant, under a heading, its lines at most as long as the view
 * has columns. */
int conclusion_print(const struct summary *summary, const struct view *view, FILE *out,
                     struct err *err);

#endif
