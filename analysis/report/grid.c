/* grid.c - see grid.h. */
#include "analysis/report/grid.h"

#include <stdlib.h>
#include <string.h>

enum { GAP = 2 }; /* between two columns */

/* Select Graphic Rendition of ECMA-48. */
static const char *const colours[] = {
    [GRID_GOOD] = "\x1b[32m", [GRID_BAD] = "\x1b[31m", [GRID_FAINT] = "\x1b[2m"};
static const char colour_end[] = "\x1b[0m";

int grid_open(struct grid *grid, size_t rows, size_t columns, struct err *err)
{
    *grid = (struct grid){
        .texts = calloc(rows * columns + 1, sizeof(*grid->texts)),
        .widths = calloc(columns + 1, sizeof(*grid->widths)),
        .rows = rows,
        .columns = columns,
    };
    return grid->texts && grid->widths ? 0 : err_errno(err, "no memory for a table");
}

void grid_close(struct grid *grid)
{
    for (size_t i = 0; grid->texts && i < grid->rows * grid->columns; i++)
        free(grid->texts[i].text);
    free(grid->texts);
    free(grid->widths);
    *grid = (struct grid){.texts = NULL};
}

static const struct grid_text *at(const struct grid *grid, size_t row, size_t column)
{
    return &grid->texts[row * grid->columns + column];
}

int grid_set(struct grid *grid, size_t row, size_t column, const char *text,
             enum grid_colour colour, struct err *err)
{
    struct grid_text *place = &grid->texts[row * grid->columns + column];
    char *copy = strdup(text);

    if (!copy)
        return err_errno(err, "no memory for a table");
    if (strlen(text) > grid->widths[column])
        grid->widths[column] = strlen(text);
    free(place->text);
    *place = (struct grid_text){copy, colour};
    return 0;
}

size_t grid_fit(const struct grid *grid, size_t first, size_t width)
{
    size_t used = grid->widths[0];
    size_t end = first;

    while (end < grid->columns) {
        used += GAP + grid->widths[end];
        if (used > width && end > first)
            break;
        end++;
    }
    return end - first;
}

size_t grid_width(const struct grid *grid, const bool *shown)
{
    size_t used = grid->widths[0];

    for (size_t column = 1; column < grid->columns; column++)
        if (shown[column])
            used += GAP + grid->widths[column];
    return used;
}

static void print_text(const struct grid_text *place, size_t width, bool colour,
                       FILE *out)
{
    const char *text = place->text ? place->text : "";
    bool coloured = colour && place->colour != GRID_PLAIN && *text;

    (void)fprintf(out, "%*s%s%s%s", (int)(width - strlen(text)), "",
                  coloured ? colours[place->colour] : "", text,
                  coloured ? colour_end : "");
}

/* The last column of a row that has something to print: no spaces behind it. */
static size_t last_column(const struct grid *grid, size_t row, const bool *shown)
{
    size_t column = grid->columns - 1;

    while (column && (!shown[column] || !at(grid, row, column)->text ||
                      !*at(grid, row, column)->text))
        column--;
    return column;
}

void grid_print(const struct grid *grid, const bool *shown, bool colour, FILE *out)
{
    size_t left = grid->widths[0];

    for (size_t row = 0; row < grid->rows; row++) {
        const struct grid_text *name = at(grid, row, 0);
        size_t length = name->text ? strlen(name->text) : 0;
        size_t last = last_column(grid, row, shown);

        print_text(name, length, colour, out);
        if (last)
            (void)fprintf(out, "%*s", (int)(left - length), "");
        for (size_t column = 1; column <= last; column++)
            if (shown[column])
                print_text(at(grid, row, column), GAP + grid->widths[column], colour,
                           out);
        (void)fputc('\n', out);
    }
}
