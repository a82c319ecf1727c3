/* table_notes.h - the notes below a table: marks, and rows that are not valid. */
#ifndef ANALYSIS_REPORT_TABLE_NOTES_H
#define ANALYSIS_REPORT_TABLE_NOTES_H

#include <stdio.h>

#include "analysis/report/view.h"

enum { CELL_TEXT_SIZE = 64 };

/* Appends the marks of a cell to its figure, and notes in `used`, a bit each, which ones.
 */
void table_notes_mark(const struct summary_cell *cell, enum shown shown,
                      char text[CELL_TEXT_SIZE], unsigned *used);

/* Notes in `used` why a cell with valid rounds has no figure, where that can be told. */
void table_notes_empty(const struct summary_cell *cell, enum shown shown, unsigned *used);

/* The meaning of the marks that were used, the theoretical minimum where delays are drawn
 * or the origin slows down, and the reasons of rows that are not valid. -1: no
 * memory. */
int table_notes_print(const struct summary *summary, const struct view *view,
                      unsigned used, FILE *out, struct err *err);

#endif
