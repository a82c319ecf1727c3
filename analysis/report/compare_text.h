/* compare_text.h - the texts of a comparison that all formats for people share, and the
 * order in which its items are read: what got slower comes first. */
#ifndef ANALYSIS_REPORT_COMPARE_TEXT_H
#define ANALYSIS_REPORT_COMPARE_TEXT_H

#include "analysis/compare/comparison.h"
#include "base/err.h"

enum { COMPARE_TEXT_SIZE = 96, COMPARE_HEADLINE_SIZE = 240 };

/* One item as it is read. */
struct compare_line {
    const struct compare_item *item;
    size_t place; /* in the comparison, which equal ones keep */
};

/* The items as they are read: first the overall lines, then the items that gate; of these
 * slower, cannot tell, faster, not slower, same; the largest ratio first. Owner: the
 * caller, free(). NULL without memory. */
struct compare_line *compare_reading_order(const struct comparison *comparison,
                                           struct err *err);

/* How many items gate; in reading order they come behind the overall lines. */
size_t compare_gating_count(const struct comparison *comparison);

/* The verdict of the whole, such as "slower in 2 of 24 comparisons; incomplete" or
 * "nothing slower: overall cpu -0.4 %, overhead +0.8 %; cannot tell in 5 of 16
 * comparisons". */
void compare_headline(const struct comparison *comparison,
                      char text[COMPARE_HEADLINE_SIZE]);

/* "2 slower, 1 cannot tell, 0 faster, 3 not slower, 18 same". */
void compare_tally_text(const struct comparison *comparison,
                        char text[COMPARE_TEXT_SIZE]);

/* The figure of head that stands beside the median of base: this median with the
 * estimated change. The estimate is of pairs of rounds, or of all differences, so that
 * the median of head alone may lie on the other side of base. */
double compare_head_figure(const struct compare_item *item);

/* A median with the decimals of its metric, no unit; "" where there is none. */
void compare_figure_text(const struct compare_item *item, double figure,
                         char text[COMPARE_TEXT_SIZE]);

/* "+12.3 % [+10.1, +14.6]", by how much head differs from base. Where there is no ratio
 * it is the difference in the metric's unit, "+0.0012 s [-0.0003, +0.0027]"; where there
 * is neither, "". */
void compare_change_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE]);

/* The adjusted p: "0.0123", "<1e-4", "" where it is none. */
void compare_p_text(const struct compare_item *item, char text[COMPARE_TEXT_SIZE]);

/* The columns of a table of items: the last, "mde%", is the smallest slowdown that would
 * have been found, in per cent. */
enum { COMPARE_COLUMN_COUNT = 9 };

extern const struct compare_column {
    const char *heading; /* NULL: the word of the points */
    bool to_the_left;
    void (*text)(const struct compare_item *item, char text[COMPARE_TEXT_SIZE]);
} compare_columns[COMPARE_COLUMN_COUNT];

/* The heading of such a column. */
const char *compare_heading(size_t column, enum point_kind kind);

/* What stands behind a strategy to name its cell, as options have it where that is a
 * rate: " 500" or "@2000". Returns `text`. */
const char *compare_cell_text(enum point_kind kind, uint64_t point,
                              char text[POINT_TEXT_SIZE]);

#endif
