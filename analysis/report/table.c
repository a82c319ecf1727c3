/* table.c - see table.h. */
#include "analysis/report/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "base/text.h"

enum {
    CELL_TEXT_SIZE = 64,
    NAME_SIZE = 128,
    LEVEL_WIDTH = 7,
    IDEAL_WIDTH = 9,
    CELL_WIDTH = 19
};

/* Strategies side by side; more of them stand in tables below. */
enum { PANEL_NAMES = 6 };

/* One kind of table. */
struct view {
    const char *title;
    enum metric metric;
    double scale; /* from the metric's unit to the one that is shown */
    int decimals;
    bool times; /* shows the ideal and who is fastest */
};

static const struct view views[] = {
    {"Cost time in s (what the article's stopwatch shows): median of the rounds, +- half "
     "their range",
     METRIC_cost, 1, 3, true},
    {"Overhead in ms (cost time - ideal: what the model itself costs)", METRIC_overhead,
     1e3, 1, false},
    {"CPU time in us per request, of all threads and processes", METRIC_cpu, 1, 0, false},
    {"Memory in KiB per request in flight (pages that processes share are shared out; "
     "with --url they are not)",
     METRIC_memory, 1.0 / 1024, 0, false},
};

/* Marks behind a figure, explained below the tables. */
static const struct mark {
    enum row_note note;
    const char *sign, *meaning;
} marks[] = {
    {NOTE_LEVEL_NOT_HELD, "*",
     "level not held: the first response was due before the last request had arrived"},
    {NOTE_ORIGIN_BOUND, "^", "origin-bound: the origin was busy, so it is not ranked"},
    {NOTE_LIBCURL_QUEUE, "~",
     "libcurl queued requests over its limit for a host, so it is not ranked"},
    {NOTE_ORIGIN_LATE, "'",
     "origin late by over a tenth of the overhead: it lacked CPU time"},
    {NOTE_REFERENCE, "#",
     "reference: what the machine can do without a library, no model; it is not ranked"},
    {NOTE_MEASURED_ONCE, " once",
     "predicted to be long, so measured in the first round only"},
};

enum { MARK_COUNT = sizeof(marks) / sizeof(marks[0]) };

static void write_marks(const struct summary_cell *cell, char text[CELL_TEXT_SIZE])
{
    for (size_t i = 0; i < MARK_COUNT; i++)
        if (cell->notes[marks[i].note])
            (void)text_append(text, CELL_TEXT_SIZE, "%s", marks[i].sign);
    if (cell->valid_rounds && cell->worst != STATUS_VALID)
        (void)text_append(text, CELL_TEXT_SIZE, "!");
}

static void cell_text(const struct summary_cell *cell, const struct view *view,
                      char text[CELL_TEXT_SIZE])
{
    const struct spread *spread;

    text[0] = '\0';
    if (!cell)
        return;
    if (!cell->valid_rounds) {
        (void)snprintf(text, CELL_TEXT_SIZE, "%s", status_word(cell->worst));
        return;
    }
    spread = &cell->spreads[view->metric];
    if (!isfinite(spread->median))
        return;
    if (cell->valid_rounds > 1)
        (void)snprintf(text, CELL_TEXT_SIZE, "%.*f +-%.*f", view->decimals,
                       spread->median * view->scale, view->decimals,
                       (spread->max - spread->min) / 2 * view->scale);
    else
        (void)snprintf(text, CELL_TEXT_SIZE, "%.*f", view->decimals,
                       spread->median * view->scale);
    write_marks(cell, text);
}

/* A level of a variant, as all of its tables show it. */
struct grid_level {
    uint64_t level;
    double ideal_s; /* the lowest: that of the strategies which can hold it */
    const char *fastest;
};

/* What the tables of one variant have in common. */
struct grid {
    const struct summary *summary;
    size_t first, end; /* its cells */
    const char *variant;
    const struct summary_cell **names; /* a cell of each strategy, across */
    size_t name_count;
    struct grid_level *levels; /* down, ascending */
    size_t level_count;
};

static int compare_names(const void *left, const void *right)
{
    const struct summary_cell *const *a = left;
    const struct summary_cell *const *b = right;

    if ((*a)->rank != (*b)->rank)
        return (*a)->rank < (*b)->rank ? -1 : 1;
    return strcmp((*a)->strategy, (*b)->strategy);
}

static void find_names(struct grid *grid)
{
    size_t count = grid->end - grid->first;

    for (size_t i = 0; i < count; i++)
        grid->names[i] = &grid->summary->cells[grid->first + i];
    qsort(grid->names, count, sizeof(const struct summary_cell *), compare_names);
    grid->name_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!i || strcmp(grid->names[i]->strategy,
                         grid->names[grid->name_count - 1]->strategy) != 0)
            grid->names[grid->name_count++] = grid->names[i];
}

static const char *fastest_text(const struct grid *grid, uint64_t level)
{
    bool tie;
    const struct summary_cell *fastest = summary_fastest(grid->summary, grid->variant,
                                                         level, &tie);

    return fastest ? fastest->strategy : tie ? "(tie)" : "";
}

/* The cells of a summary are sorted by level. */
static void find_levels(struct grid *grid)
{
    struct grid_level *at = NULL;

    grid->level_count = 0;
    for (size_t i = grid->first; i < grid->end; i++) {
        const struct summary_cell *cell = &grid->summary->cells[i];

        if (!at || at->level != cell->level) {
            at = &grid->levels[grid->level_count++];
            *at = (struct grid_level){cell->level, NAN, fastest_text(grid, cell->level)};
        }
        if (!(cell->ideal_s >= at->ideal_s))
            at->ideal_s = cell->ideal_s;
    }
}

/* The names of a grid that stand side by side. */
struct panel {
    size_t first, end;
};

static void print_level(const struct grid *grid, const struct panel *panel,
                        const struct grid_level *at, const struct view *view, FILE *out)
{
    char text[CELL_TEXT_SIZE] = "";

    (void)fprintf(out, "%*" PRIu64, LEVEL_WIDTH, at->level);
    if (view->times) {
        if (isfinite(at->ideal_s))
            (void)snprintf(text, sizeof(text), "%.3f", at->ideal_s);
        (void)fprintf(out, "%*s", IDEAL_WIDTH, text);
    }
    for (size_t i = panel->first; i < panel->end; i++) {
        cell_text(summary_find(grid->summary, grid->variant, grid->names[i]->strategy,
                               at->level),
                  view, text);
        (void)fprintf(out, " %*s", CELL_WIDTH, text);
    }
    if (view->times) { /* of all of them, also those in other panels */
        (void)fputs("  ", out);
        terminal_write(out, at->fastest);
    }
    (void)fputc('\n', out);
}

static void print_panel(const struct grid *grid, const struct panel *panel,
                        const struct view *view, FILE *out)
{
    char name[NAME_SIZE];

    (void)fprintf(out, "%*s", LEVEL_WIDTH, "level");
    if (view->times)
        (void)fprintf(out, "%*s", IDEAL_WIDTH, "ideal");
    for (size_t i = panel->first; i < panel->end; i++)
        (void)fprintf(out, " %*s", CELL_WIDTH,
                      terminal_text(grid->names[i]->strategy, name, sizeof(name)));
    (void)fprintf(out, "%s\n", view->times ? "  fastest" : "");
    for (size_t i = 0; i < grid->level_count; i++)
        print_level(grid, panel, &grid->levels[i], view, out);
}

/* Of a foreign server there is no ideal, and so no overhead. */
static bool has_figures(const struct grid *grid, const struct view *view)
{
    for (size_t i = grid->first; i < grid->end; i++)
        if (isfinite(grid->summary->cells[i].spreads[view->metric].median))
            return true;
    return false;
}

static void print_view(const struct grid *grid, const struct view *view, FILE *out)
{
    if (!view->times && !has_figures(grid, view))
        return;
    (void)fprintf(out, "\n%s\n", view->title);
    for (size_t first = 0; first < grid->name_count; first += PANEL_NAMES) {
        size_t end = first + PANEL_NAMES;
        struct panel panel = {first, end < grid->name_count ? end : grid->name_count};

        print_panel(grid, &panel, view, out);
    }
}

static void print_legend(const struct summary *summary, FILE *out)
{
    bool first = true;

    for (size_t i = 0; i < MARK_COUNT; i++) {
        bool used = false;

        for (size_t j = 0; j < summary->count; j++)
            used |= summary->cells[j].notes[marks[i].note];
        if (!used)
            continue;
        (void)fprintf(out, "%s%5s  %s\n", first ? "\n" : "", marks[i].sign,
                      marks[i].meaning);
        first = false;
    }
}

/* What the ideal is where it is not simply a number of equal delays. */
static void print_ideal(const struct summary *summary, FILE *out)
{
    const struct summary_cell *cell = summary->cells;

    if (summary->count && cell->delay_model[0]) {
        (void)fputs("\nideal  of the delays that were drawn from ", out);
        terminal_write(out, cell->delay_model);
        (void)fputs(", the same in every cell: nobody can beat it\n", out);
    }
    if (summary->count && !strcmp(cell->overload, "slow"))
        (void)fprintf(out,
                      "\nideal  a lower bound: over its capacity of %.0f the origin "
                      "slows down, and even a perfect client may need longer\n",
                      cell->capacity);
}

/* Every cell with a row that is not valid, with its reason. */
static void print_reasons(const struct summary *summary, FILE *out)
{
    bool first = true;

    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (cell->worst == STATUS_VALID)
            continue;
        (void)fputs(first ? "\n" : "", out);
        if (summary_has_variants(summary)) {
            terminal_write(out, cell->variant);
            (void)fputc('/', out);
        }
        terminal_write(out, cell->strategy);
        (void)fprintf(out, " %" PRIu64 ": %s", cell->level, status_word(cell->worst));
        if (cell->valid_rounds)
            (void)fprintf(out, " (!) in %zu of %zu rounds",
                          cell->rounds - cell->valid_rounds, cell->rounds);
        (void)fputs(": ", out);
        terminal_write(out, cell->reason);
        (void)fputc('\n', out);
        first = false;
    }
}

static void print_variants(struct grid *grid, FILE *out)
{
    const struct summary *summary = grid->summary;
    bool several = summary_has_variants(summary);

    for (grid->first = 0; grid->first < summary->count; grid->first = grid->end) {
        grid->variant = summary->cells[grid->first].variant;
        grid->end = grid->first;
        while (grid->end < summary->count &&
               !strcmp(summary->cells[grid->end].variant, grid->variant))
            grid->end++;
        find_names(grid);
        find_levels(grid);
        if (several) {
            (void)fputs("\nVariant ", out);
            terminal_write(out, grid->variant);
            (void)fputc('\n', out);
        }
        for (size_t j = 0; j < sizeof(views) / sizeof(views[0]); j++)
            print_view(grid, &views[j], out);
    }
}

int table_print(const struct summary *summary, FILE *out, struct err *err)
{
    struct grid grid = {
        .summary = summary,
        .names = calloc(summary->count + 1, sizeof(const struct summary_cell *)),
        .levels = calloc(summary->count + 1, sizeof(*grid.levels)),
    };

    int result = 0;

    if (!grid.names || !grid.levels) {
        result = err_errno(err, "no memory for a table");
    } else {
        print_variants(&grid, out);
        print_legend(summary, out);
        print_ideal(summary, out);
        print_reasons(summary, out);
        if (ferror(out))
            result = err_errno(err, "cannot print the table");
    }
    free(grid.names);
    free(grid.levels);
    return result;
}
