/* table.c - see table.h. */
#include "analysis/report/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/chart.h"
#include "analysis/report/conclusion.h"
#include "analysis/report/grid.h"
#include "analysis/report/summary_query.h"
#include "analysis/report/table_notes.h"
#include "base/terminal.h"
#include "base/text.h"

enum { NAME_SIZE = 25, TITLE_SIZE = 128 };

/* Behind the levels of the short table, all at the highest level. */
enum extra { EXTRA_SPREAD, EXTRA_P50, EXTRA_P99, EXTRA_COUNT };

/* One variant: its cells, strategies and levels. */
struct table {
    const struct summary *summary;
    const struct view *view;
    const char *variant;
    size_t first, end;                 /* its cells */
    const struct summary_cell **names; /* a cell of each strategy */
    size_t name_count;
    uint64_t *levels;
    size_t level_count;
    bool *shown; /* columns of the grid */
    struct grid grid;
    size_t head;    /* rows before the strategies: levels, and perhaps the minimum */
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

/* The cells of a summary are sorted by level. */
static void find_levels(struct table *table)
{
    table->level_count = 0;
    for (size_t i = table->first; i < table->end; i++) {
        uint64_t level = table->summary->cells[i].level;

        if (!table->level_count || table->levels[table->level_count - 1] != level)
            table->levels[table->level_count++] = level;
    }
}

static const struct summary_cell *cell_at(const struct table *table, size_t name,
                                          uint64_t level)
{
    return summary_find(table->summary, table->variant, table->names[name]->strategy,
                        level);
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
}

/* "6%": half the range of the rounds; nothing of one round. */
static void spread_text(const struct summary_cell *cell, char text[CELL_TEXT_SIZE])
{
    const struct spread *spread;

    text[0] = '\0';
    if (!cell || cell->valid_rounds < 2)
        return;
    spread = &cell->spreads[METRIC_cost];
    if (spread->median > 0)
        (void)text_append(text, CELL_TEXT_SIZE, "%.0f%%",
                          50 * (spread->max - spread->min) / spread->median);
}

/* Without marks: those stand behind the cost time. */
static void extra_text(const struct summary_cell *cell, enum extra extra,
                       char text[CELL_TEXT_SIZE])
{
    text[0] = '\0';
    if (extra == EXTRA_SPREAD)
        spread_text(cell, text);
    else if (cell && cell->valid_rounds)
        (void)shown_text(extra == EXTRA_P50 ? SHOWN_p50 : SHOWN_p99,
                         shown_median(cell, extra == EXTRA_P50 ? SHOWN_p50 : SHOWN_p99),
                         text);
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

static int set_ideal(struct table *table, size_t column, uint64_t level, struct err *err)
{
    size_t count;
    const struct summary_cell *cells = summary_level(table->summary, table->variant,
                                                     level, &count);
    char text[SHOWN_TEXT_SIZE];

    return grid_set(&table->grid, 1, column,
                    shown_text(SHOWN_cost, summary_lowest_ideal(cells, count), text),
                    GRID_FAINT, err);
}

static int set_level(struct table *table, size_t column, uint64_t level, enum shown shown,
                     struct err *err)
{
    struct ranking ranking = {.cells = NULL}; /* for the colours */
    char text[CELL_TEXT_SIZE];
    int result;

    (void)snprintf(text, sizeof(text), "%" PRIu64, level);
    if (grid_set(&table->grid, 0, column, text, GRID_PLAIN, err))
        return -1;
    if (table->view->colour &&
        ranking_make(&ranking, table->summary, table->variant, level, shown, err))
        return -1;
    result = table->head > 1 ? set_ideal(table, column, level, err) : 0;
    for (size_t i = 0; i < table->name_count && !result; i++) {
        const struct summary_cell *cell = cell_at(table, i, level);

        cell_text(table, cell, shown, text);
        result = grid_set(&table->grid, table->head + i, column, text,
                          colour_in(&ranking, cell), err);
    }
    ranking_free(&ranking);
    return result;
}

static int set_extra(struct table *table, enum extra extra, uint64_t level,
                     struct err *err)
{
    static const char *const heads[EXTRA_COUNT] = {"+-", "p50", "p99"};
    size_t column = 1 + table->level_count + extra;
    bool any = false;
    char text[CELL_TEXT_SIZE];

    for (size_t i = 0; i < table->name_count; i++) {
        extra_text(cell_at(table, i, level), extra, text);
        any |= text[0] != '\0';
        if (grid_set(&table->grid, table->head + i, column, text, GRID_PLAIN, err))
            return -1;
    }
    table->shown[column] = any;
    return grid_set(&table->grid, 0, column, heads[extra], GRID_PLAIN, err);
}

static bool has_ideal(const struct table *table)
{
    for (size_t i = table->first; i < table->end; i++)
        if (isfinite(table->summary->cells[i].ideal_s))
            return true;
    return false;
}

static int fill(struct table *table, enum shown shown, size_t extras,
                uint64_t extra_level, struct err *err)
{
    table->head = shown == SHOWN_cost && has_ideal(table) ? 2 : 1;
    if (grid_open(&table->grid, table->head + table->name_count,
                  1 + table->level_count + extras, err) ||
        set_names(table, err) || grid_set(&table->grid, 0, 0, "level", GRID_PLAIN, err))
        return -1;
    if (table->head > 1 &&
        grid_set(&table->grid, 1, 0, "theoretical minimum", GRID_FAINT, err))
        return -1;
    for (size_t i = 0; i < table->level_count; i++)
        if (set_level(table, 1 + i, table->levels[i], shown, err))
            return -1;
    for (size_t i = 0; i < extras; i++)
        if (set_extra(table, (enum extra)i, extra_level, err))
            return -1;
    return 0;
}

/* -- printing ------------------------------------------------------------------------ */

/* Shows the first, the last and evenly spaced levels between them: as many as fit.
 * Returns how many are left out. */
static size_t thin_out(struct table *table)
{
    size_t count = table->level_count;

    for (size_t keep = count; keep; keep--) {
        for (size_t i = 0; i < count; i++)
            table->shown[1 + i] = false;
        for (size_t i = 0; i < keep; i++)
            table->shown[1 + (keep > 1 ? i * (count - 1) / (keep - 1) : count - 1)] =
                true;
        if (grid_width(&table->grid, table->shown) <= table->view->columns)
            return count - keep;
    }
    return count - 1;
}

static void print_title(const struct table *table, const char *title, FILE *out)
{
    (void)fputc('\n', out);
    terminal_wrap(out, title, table->view->columns, 0);
}

/* Of a table whose columns are `time` up to a level, and what stands behind them. */
static void write_short_title(const struct table *table, uint64_t highest,
                              size_t left_out, char title[TITLE_SIZE])
{
    const char *time = shown_time(table->summary);
    bool has_extras = false;

    for (size_t i = 0; i < EXTRA_COUNT; i++)
        has_extras |= table->shown[1 + table->level_count + i];
    (void)snprintf(title, TITLE_SIZE, "%c%s", time[0] - 'a' + 'A', time + 1);
    if (has_extras)
        (void)text_append(title, TITLE_SIZE,
                          "; spread (+-) and latency at level %" PRIu64, highest);
    if (left_out)
        (void)text_append(title, TITLE_SIZE, "; %zu more %s: --show cost", left_out,
                          plural(left_out, "level", "levels"));
}

static int print_short(struct table *table, FILE *out, struct err *err)
{
    uint64_t highest = summary_highest_level(table->summary, table->variant);
    char title[TITLE_SIZE];
    size_t left_out;

    if (fill(table, SHOWN_cost, EXTRA_COUNT, highest, err))
        return -1;
    left_out = thin_out(table);
    write_short_title(table, highest, left_out, title);
    print_title(table, title, out);
    grid_print(&table->grid, table->shown, table->view->colour, out);
    return 0;
}

/* All levels, in as many parts as the width needs. */
static int print_whole(struct table *table, enum shown shown, FILE *out, struct err *err)
{
    size_t end = 1 + table->level_count;

    if (fill(table, shown, 0, 0, err))
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
    return printed || !table->level_count ? 0 : print_short(table, out, err);
}

static int print_variant(struct table *table, FILE *out, struct err *err)
{
    const struct summary *summary = table->summary;

    table->variant = summary->cells[table->first].variant;
    table->end = summary_variant_end(summary, table->first);
    find_names(table);
    find_levels(table);
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
        .levels = calloc(summary->count + 1, sizeof(*table.levels)),
        .shown = calloc(summary->count + 1 + EXTRA_COUNT, sizeof(*table.shown)),
    };
    int result;

    if (!table.names || !table.levels || !table.shown)
        result = err_errno(err, "no memory for a table");
    else
        result = print_variants(&table, out, err);
    free(table.names);
    free(table.levels);
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
