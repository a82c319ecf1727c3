/* table.c - see table.h. */
#include "analysis/report/table.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/chart.h"
#include "analysis/report/conclusion.h"
#include "analysis/report/found.h"
#include "analysis/report/grid.h"
#include "analysis/report/summary_query.h"
#include "analysis/report/table_extras.h"
#include "base/terminal.h"
#include "base/text.h"

enum { NAME_SIZE = 25, TITLE_SIZE = 128 };

/* One variant: its cells, strategies and points. */
struct table {
    const struct summary *summary;
    const struct view *view;
    const char *variant;
    size_t first, end;                 /* its cells */
    const struct summary_cell **names; /* a cell of each strategy */
    size_t name_count;
    uint64_t *points;
    size_t point_count, extra_count;
    bool *shown; /* columns of the grid */
    struct grid grid;
    size_t head;    /* rows before the strategies: points, and perhaps the minimum */
    unsigned marks; /* that were used */
};

/* -- contents --------------------------------------------------------------------- */

static int compare_names(const void *left, const void *right)
{
    const struct summary_cell *const *a = left;
    const struct summary_cell *const *b = right;

    if ((*a)->rank != (*b)->rank)
        return (*a)->rank < (*b)->rank ? -1 : 1;
    return strcmp((*a)->strategy, (*b)->strategy);
}

static void find_names(struct table *table)
{
    size_t count = table->end - table->first;

    for (size_t i = 0; i < count; i++)
        table->names[i] = &table->summary->cells[table->first + i];
    qsort(table->names, count, sizeof(const struct summary_cell *), compare_names);
    table->name_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!i || strcmp(table->names[i]->strategy,
                         table->names[table->name_count - 1]->strategy) != 0)
            table->names[table->name_count++] = table->names[i];
}

/* The cells of a summary are sorted by point. */
static void find_points(struct table *table)
{
    table->point_count = 0;
    for (size_t i = table->first; i < table->end; i++) {
        uint64_t point = table->summary->cells[i].point;

        if (!table->point_count || table->points[table->point_count - 1] != point)
            table->points[table->point_count++] = point;
    }
}

static const struct summary_cell *cell_at(const struct table *table, size_t name,
                                          uint64_t point)
{
    return summary_find(table->summary, table->variant, table->names[name]->strategy,
                        point);
}

static void cell_text(struct table *table, const struct summary_cell *cell,
                      enum shown shown, char text[CELL_TEXT_SIZE])
{
    char figure[SHOWN_TEXT_SIZE];

    text[0] = '\0';
    if (!cell)
        return;
    if (!cell->valid_rounds) {
        (void)text_append(text, CELL_TEXT_SIZE, "%s", status_word(cell->worst));
        return;
    }
    (void)text_append(text, CELL_TEXT_SIZE, "%s",
                      shown_text(shown, shown_median(cell, shown), figure));
    if (text[0])
        table_notes_mark(cell, shown, text, &table->marks);
    else
        table_notes_empty(cell, shown, &table->marks);
}

/* -- filling the grid --------------------------------------------------------------- */

static int set_names(struct table *table, struct err *err)
{
    char name[NAME_SIZE];

    for (size_t i = 0; i < table->name_count; i++) {
        const struct summary_cell *cell = table->names[i];

        if (grid_set(&table->grid, table->head + i, 0,
                     terminal_text(cell->strategy, name, sizeof(name)),
                     cell->notes[NOTE_REFERENCE] ? GRID_FAINT : GRID_PLAIN, err))
            return -1;
    }
    return 0;
}

static enum grid_colour colour_of(const struct ranked *ranked)
{
    if (!ranked->cell->valid_rounds)
        return ranked->cell->worst == STATUS_SKIPPED ? GRID_FAINT : GRID_BAD;
    switch (ranked->standing) {
    case STANDING_BEST:
    case STANDING_TIED:
        return GRID_GOOD;
    case STANDING_UNRANKED:
        return GRID_FAINT;
    default:
        return GRID_PLAIN;
    }
}

/* The colour of a strategy in a ranking; without a best one no strategy is good. */
static enum grid_colour colour_in(const struct ranking *ranking,
                                  const struct summary_cell *cell)
{
    for (size_t i = 0; i < ranking->count && cell; i++)
        if (ranking->cells[i].cell == cell)
            return ranking->best || !cell->valid_rounds ? colour_of(&ranking->cells[i])
                                                        : GRID_PLAIN;
    return GRID_PLAIN;
}

static int set_ideal(struct table *table, size_t column, uint64_t point, struct err *err)
{
    size_t count;
    const struct summary_cell *cells = summary_at_point(table->summary, table->variant,
                                                        point, &count);
    char text[SHOWN_TEXT_SIZE];

    return grid_set(&table->grid, 1, column,
                    shown_text(SHOWN_cost, summary_lowest_ideal(cells, count), text),
                    GRID_FAINT, err);
}

static int set_point(struct table *table, size_t column, uint64_t point, enum shown shown,
                     struct err *err)
{
    struct ranking ranking = {.cells = NULL}; /* for the colours */
    char text[CELL_TEXT_SIZE];
    int result;

    (void)point_text(table->summary->kind, point, text);
    if (grid_set(&table->grid, 0, column, text, GRID_PLAIN, err))
        return -1;
    if (table->view->colour &&
        ranking_make(&ranking, table->summary, table->variant, point, shown, err))
        return -1;
    result = table->head > 1 ? set_ideal(table, column, point, err) : 0;
    for (size_t i = 0; i < table->name_count && !result; i++) {
        const struct summary_cell *cell = cell_at(table, i, point);

        cell_text(table, cell, shown, text);
        result = grid_set(&table->grid, table->head + i, column, text,
                          colour_in(&ranking, cell), err);
    }
    ranking_free(&ranking);
    return result;
}

static int set_extra(struct table *table, const struct table_extra *extra, size_t column,
                     uint64_t point, struct err *err)
{
    bool any = false;
    char text[CELL_TEXT_SIZE];

    for (size_t i = 0; i < table->name_count; i++) {
        table_extra_text(extra, cell_at(table, i, point), text);
        any |= table_extra_counts(extra, text);
        if (grid_set(&table->grid, table->head + i, column, text, GRID_PLAIN, err))
            return -1;
    }
    table->shown[column] = any;
    return grid_set(&table->grid, 0, column, extra->head, GRID_PLAIN, err);
}

static bool has_ideal(const struct table *table)
{
    for (size_t i = table->first; i < table->end; i++)
        if (isfinite(table->summary->cells[i].ideal_s))
            return true;
    return false;
}

/* `extras` of NULL: none. */
static int fill(struct table *table, enum shown shown, const struct table_extra *extras,
                uint64_t highest, struct err *err)
{
    table->extra_count = 0;
    while (extras && extras[table->extra_count].head)
        table->extra_count++;
    table->head = shown == SHOWN_cost && has_ideal(table) ? 2 : 1;
    if (grid_open(&table->grid, table->head + table->name_count,
                  1 + table->point_count + table->extra_count, err) ||
        set_names(table, err) ||
        grid_set(&table->grid, 0, 0, point_word(table->summary->kind), GRID_PLAIN, err))
        return -1;
    if (table->head > 1 &&
        grid_set(&table->grid, 1, 0, "theoretical minimum", GRID_FAINT, err))
        return -1;
    for (size_t i = 0; i < table->point_count; i++)
        if (set_point(table, 1 + i, table->points[i], shown, err))
            return -1;
    for (size_t i = 0; extras && i < table->extra_count; i++)
        if (set_extra(table, &extras[i], 1 + table->point_count + i, highest, err))
            return -1;
    return 0;
}

/* -- printing ------------------------------------------------------------------------ */

/* Of names so long that one point has no room beside all extras: those behind the first,
 * as many as it takes. */
static void leave_out_extras(struct table *table)
{
    for (size_t i = 1; i < table->extra_count; i++)
        if (grid_width(&table->grid, table->shown) > table->view->columns)
            table->shown[1 + table->point_count + i] = false;
}

/* Shows the first, the last and evenly spaced points between them: as many as fit.
 * Returns how many are left out. */
static size_t thin_out(struct table *table)
{
    size_t count = table->point_count;

    for (size_t keep = count; keep; keep--) {
        for (size_t i = 0; i < count; i++)
            table->shown[1 + i] = false;
        for (size_t i = 0; i < keep; i++)
            table->shown[1 + (keep > 1 ? i * (count - 1) / (keep - 1) : count - 1)] =
                true;
        if (grid_width(&table->grid, table->shown) <= table->view->columns)
            return count - keep;
    }
    leave_out_extras(table);
    return count - 1;
}

static void print_title(const struct table *table, const char *title, FILE *out)
{
    (void)fputc('\n', out);
    terminal_wrap(out, title, table->view->columns, 0);
}

/* Of a table whose columns are a figure up to a point, and what stands behind them. */
static void write_short_title(const struct table *table, uint64_t highest,
                              size_t left_out, char title[TITLE_SIZE])
{
    const struct summary *summary = table->summary;
    enum shown shown = shown_default(summary);
    const char *name = shown == SHOWN_cost ? shown_time(summary)
                                           : shown_title(summary, shown);
    bool has_extras = false;
    char point[POINT_TEXT_SIZE];

    for (size_t i = 0; i < table->extra_count; i++)
        has_extras |= table->shown[1 + table->point_count + i];
    (void)snprintf(title, TITLE_SIZE, "%c%s", toupper((unsigned char)name[0]), name + 1);
    if (has_extras)
        (void)text_append(title, TITLE_SIZE, "; %s at %s %s", table_extras_title(summary),
                          point_word(summary->kind),
                          point_text(summary->kind, highest, point));
    if (left_out)
        (void)text_append(title, TITLE_SIZE, "; %zu more %s: --show %s", left_out,
                          left_out == 1 ? point_word(summary->kind)
                                        : point_words(summary->kind),
                          shown_figures[shown].word);
}

static int print_short(struct table *table, FILE *out, struct err *err)
{
    uint64_t highest = summary_highest_point(table->summary, table->variant);
    char title[TITLE_SIZE];
    size_t left_out;

    if (fill(table, shown_default(table->summary), table_extras_of(table->summary),
             highest, err))
        return -1;
    left_out = thin_out(table);
    write_short_title(table, highest, left_out, title);
    print_title(table, title, out);
    grid_print(&table->grid, table->shown, table->view->colour, out);
    return 0;
}

/* All points, in as many parts as the width needs. */
static int print_whole(struct table *table, enum shown shown, FILE *out, struct err *err)
{
    size_t end = 1 + table->point_count;

    if (fill(table, shown, NULL, 0, err))
        return -1;
    print_title(table, shown_title(table->summary, shown), out);
    for (size_t first = 1, count; first < end; first += count) {
        count = grid_fit(&table->grid, first, table->view->columns);
        for (size_t i = 1; i < end; i++)
            table->shown[i] = i >= first && i < first + count;
        grid_print(&table->grid, table->shown, table->view->colour, out);
    }
    return 0;
}

/* Of a foreign server there is no ideal, and so no overhead. */
static bool has_figures(const struct table *table, enum shown shown)
{
    for (size_t i = table->first; i < table->end; i++)
        if (isfinite(shown_median(&table->summary->cells[i], shown)))
            return true;
    return false;
}

static int print_wanted(struct table *table, FILE *out, struct err *err)
{
    int printed = 0;

    for (int shown = 0; shown < SHOWN_COUNT; shown++) {
        if (!table->view->show.wanted[shown])
            continue;
        printed++;
        if (!has_figures(table, (enum shown)shown)) {
            (void)fprintf(out, "\n%s: no row has it\n",
                          shown_title(table->summary, (enum shown)shown));
            continue;
        }
        if (print_whole(table, (enum shown)shown, out, err))
            return -1;
        grid_close(&table->grid);
    }
    if (printed || !table->point_count)
        return 0;
    return found_is_search(table->summary)
               ? found_print(table->summary, table->variant, table->view, out, err)
               : print_short(table, out, err);
}

static int print_variant(struct table *table, FILE *out, struct err *err)
{
    const struct summary *summary = table->summary;

    table->variant = summary->cells[table->first].variant;
    table->end = summary_variant_end(summary, table->first);
    find_names(table);
    find_points(table);
    if (summary_has_variants(summary)) {
        (void)fputs("\nVariant ", out);
        terminal_write(out, table->variant);
        (void)fputc('\n', out);
    }
    return print_wanted(table, out, err);
}

static int print_variants(struct table *table, FILE *out, struct err *err)
{
    int result = 0;

    while (!result && table->first < table->summary->count) {
        result = print_variant(table, out, err);
        grid_close(&table->grid);
        table->first = table->end;
    }
    return result;
}

int table_print(const struct summary *summary, const struct view *view, FILE *out,
                struct err *err)
{
    struct table table = {
        .summary = summary,
        .view = view,
        .names = calloc(summary->count + 1, sizeof(const struct summary_cell *)),
        .points = calloc(summary->count + 1, sizeof(*table.points)),
        .shown = calloc(summary->count + 1 + TABLE_EXTRAS_MAX, sizeof(*table.shown)),
    };
    int result;

    if (!table.names || !table.points || !table.shown)
        result = err_errno(err, "no memory for a table");
    else
        result = print_variants(&table, out, err);
    free(table.names);
    free(table.points);
    free(table.shown);
    if (result)
        return -1;
    if (view->chart && chart_print(summary, view, out, err))
        return -1;
    if (table_notes_print(summary, view, table.marks, out, err))
        return -1;
    if (conclusion_print(summary, view, out, err))
        return -1;
    return ferror(out) ? err_errno(err, "cannot print the table") : 0;
}
