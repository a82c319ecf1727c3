/* grid.h - a table of texts with columns as wide as they need, within a width. */
#ifndef ANALYSIS_REPORT_GRID_H
#define ANALYSIS_REPORT_GRID_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"

enum grid_colour { GRID_PLAIN, GRID_GOOD, GRID_BAD, GRID_FAINT };

/* Texts in columns, the first of which is on the left. All zeros: empty. */
struct grid {
    struct grid_text {
        char *text; /* NULL: empty */
        enum grid_colour colour;
    } * texts;
    size_t *widths; /* of the columns */
    size_t rows, columns;
};

/* -1: no memory. Owner: the caller, grid_close(). */
int grid_open(struct grid *grid, size_t rows, size_t columns, struct err *err);
void grid_close(struct grid *grid);

/* Puts a copy of a text, which is safe for a terminal, into its place. */
int grid_set(struct grid *grid, size_t row, size_t column, const char *text,
             enum grid_colour colour, struct err *err);

/* How many of the columns from `first` on stand beside the left one in `width`
 * characters; at least one. */
size_t grid_fit(const struct grid *grid, size_t first, size_t width);

/* The width of a line with the left column and those for which `shown` is true. */
size_t grid_width(const struct grid *grid, const bool *shown);

/* Prints the left column and those for which `shown` is true. */
void grid_print(const struct grid *grid, const bool *shown, bool colour, FILE *out);

#endif
