/* table_extras.h - the columns behind the points of the short table, all at the highest
 * point. */
#ifndef ANALYSIS_REPORT_TABLE_EXTRAS_H
#define ANALYSIS_REPORT_TABLE_EXTRAS_H

#include "analysis/report/table_notes.h"

enum { TABLE_EXTRAS_MAX = 6 };

struct table_extra {
    const char *head;
    enum shown shown;
    bool spread;  /* half the range of its rounds, in percent */
    bool if_some; /* a column of zeros is left out */
};

/* Those that belong to a summary; NULL heads follow the last. */
const struct table_extra *table_extras_of(const struct summary *summary);

/* The text of a cell, which may be NULL; "": it has none. Without marks: those stand
 * behind the figure of the point. */
void table_extra_text(const struct table_extra *extra, const struct summary_cell *cell,
                      char text[CELL_TEXT_SIZE]);

/* Whether the text of a cell makes the column worth its room. */
bool table_extra_counts(const struct table_extra *extra, const char *text);

/* What stands behind the title of the short table about these columns, "spread (+-) and
 * latency". */
const char *table_extras_title(const struct summary *summary);

#endif
