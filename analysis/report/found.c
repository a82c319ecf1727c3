/* found.c - see found.h. */
#include "analysis/report/found.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/grid.h"
#include "analysis/report/summary_query.h"
#include "base/terminal.h"

enum { NAME_SIZE = 128 };

static const struct {
    const char *head;
    enum shown shown;
} figures[] = {{"p50", SHOWN_p50},
               {"p99", SHOWN_p99},
               {"p99.9", SHOWN_p999},
               {"late p99", SHOWN_late_p99},
               {"CPU", SHOWN_cpu}};

enum { FIGURE_COUNT = sizeof(figures) / sizeof(figures[0]), REASON = 3, FIRST_FIGURE };

bool found_is_search(const struct summary *summary)
{
    return summary->bound.text[0];
}

static bool keeps(const struct summary_cell *cell)
{
    return 2 * cell->kept_rounds > cell->rounds;
}

struct found found_of(const struct summary *summary, const char *variant,
                      const char *strategy)
{
    size_t count;
    const struct summary_cell *const *cells = summary_points(summary, variant, strategy,
                                                             &count);
    struct found found = {.kept = NULL};

    for (size_t i = 0; i < count; i++) /* by rate */
        if (keeps(cells[i])) {
            found.kept = cells[i];
            found.missed = NULL;
        } else if (!found.missed) {
            found.missed = cells[i];
        }
    return found;
}

static enum summary_figure figure_of(const struct rate_bound *bound)
{
    switch (bound->quantile) {
    case COLUMN_latency_p50_us:
        return SUMMARY_latency_p50_us;
    case COLUMN_latency_p90_us:
        return SUMMARY_latency_p90_us;
    case COLUMN_latency_p99_us:
        return SUMMARY_latency_p99_us;
    default:
        return SUMMARY_latency_p999_us;
    }
}

const char *found_reason(const struct summary *summary, const struct summary_cell *missed)
{
    enum summary_figure figure = figure_of(&summary->bound);
    size_t rounds = missed->rounds - missed->kept_rounds;
    size_t invalid = missed->rounds - missed->valid_rounds;
    size_t not_held = 0;
    size_t above = 0;

    for (size_t i = 0; i < missed->valid_rounds; i++)
        if (missed->figures[i][SUMMARY_not_held] > 0)
            not_held++;
        else if (missed->figures[i][figure] >= summary->bound.us)
            above++;
    if (invalid == rounds)
        return status_word(missed->worst);
    if (not_held == rounds)
        return "rate not held";
    if (above == rounds)
        return "latency";
    return invalid + not_held + above ? "several" : "few requests";
}

/* -- all of them --------------------------------------------------------------- */

/* One cell of each strategy of a variant, its lowest rate, in the order of the summary.
 * Owner: the caller. NULL: no memory. */
static const struct summary_cell **list_subjects(const struct summary *summary,
                                                 const char *variant, size_t *count,
                                                 struct err *err)
{
    const struct summary_cell **subjects = calloc(summary->count + 1,
                                                  sizeof(const struct summary_cell *));

    *count = 0;
    if (!subjects) {
        (void)err_errno(err, "no memory for the rates that were found");
        return NULL;
    }
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (!strcmp(cell->variant, variant) && summary_is_first(summary, cell))
            subjects[(*count)++] = cell;
    }
    return subjects;
}

static uint64_t kept_rate(const struct summary *summary, const struct summary_cell *cell)
{
    struct found found = found_of(summary, cell->variant, cell->strategy);

    return found.kept ? found.kept->point : 0;
}

/* By the rate that was kept, the highest first; few enough for an insertion. */
static void sort_by_rate(const struct summary *summary,
                         const struct summary_cell **subjects, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const struct summary_cell *subject = subjects[i];
        uint64_t rate = kept_rate(summary, subject);
        size_t place = i;

        for (; place && kept_rate(summary, subjects[place - 1]) < rate; place--)
            subjects[place] = subjects[place - 1];
        subjects[place] = subject;
    }
}

/* -- the table ----------------------------------------------------------------- */

/* A strategy, of which this is one cell. */
static int set_row(struct grid *grid, size_t row, const struct summary *summary,
                   const struct summary_cell *cell, struct err *err)
{
    struct found found = found_of(summary, cell->variant, cell->strategy);
    char name[NAME_SIZE];
    char kept[POINT_TEXT_SIZE] = "none";
    char missed[POINT_TEXT_SIZE] = "none";

    if (found.kept)
        (void)summary_point_text(found.kept, kept);
    if (found.missed)
        (void)summary_point_text(found.missed, missed);
    if (grid_set(grid, row, 0, terminal_text(cell->strategy, name, sizeof(name)),
                 GRID_PLAIN, err) ||
        grid_set(grid, row, 1, kept, found.kept ? GRID_GOOD : GRID_BAD, err) ||
        grid_set(grid, row, 2, missed, GRID_PLAIN, err) ||
        grid_set(grid, row, REASON,
                 found.missed ? found_reason(summary, found.missed) : "", GRID_PLAIN,
                 err))
        return -1;
    for (size_t i = 0; found.kept && i < FIGURE_COUNT; i++) {
        char text[SHOWN_TEXT_SIZE];

        if (grid_set(grid, row, FIRST_FIGURE + i,
                     shown_text(figures[i].shown,
                                shown_median(found.kept, figures[i].shown), text),
                     GRID_PLAIN, err))
            return -1;
    }
    return 0;
}

static int set_heads(struct grid *grid, struct err *err)
{
    if (grid_set(grid, 0, 0, "strategy", GRID_FAINT, err) ||
        grid_set(grid, 0, 1, "keeps it", GRID_FAINT, err) ||
        grid_set(grid, 0, 2, "misses it", GRID_FAINT, err) ||
        grid_set(grid, 0, REASON, "reason", GRID_FAINT, err))
        return -1;
    for (size_t i = 0; i < FIGURE_COUNT; i++)
        if (grid_set(grid, 0, FIRST_FIGURE + i, figures[i].head, GRID_FAINT, err))
            return -1;
    return 0;
}

/* Columns that some row has, as far as they fit. */
static void choose_columns(const struct grid *grid, const struct view *view,
                           bool shown[FIRST_FIGURE + FIGURE_COUNT])
{
    for (size_t column = 0; column < grid->columns; column++) {
        shown[column] = column < REASON;
        for (size_t row = 1; row < grid->rows && !shown[column]; row++) {
            const char *text = grid->texts[row * grid->columns + column].text;

            shown[column] = text && text[0];
        }
        if (shown[column] && column >= REASON)
            shown[column] = grid_width(grid, shown) <= view->columns;
    }
}

int found_print(const struct summary *summary, const char *variant,
                const struct view *view, FILE *out, struct err *err)
{
    bool shown[FIRST_FIGURE + FIGURE_COUNT] = {false};
    struct grid grid = {.texts = NULL};
    size_t count = 0;
    const struct summary_cell **subjects = list_subjects(summary, variant, &count, err);
    int result;

    if (!subjects)
        return -1;
    result = grid_open(&grid, count + 1, FIRST_FIGURE + FIGURE_COUNT, err) ||
                     set_heads(&grid, err)
                 ? -1
                 : 0;
    for (size_t i = 0; i < count && !result; i++)
        result = set_row(&grid, i + 1, summary, subjects[i], err);
    if (!result) {
        (void)fputs("\nHighest rate that keeps ", out);
        terminal_write(out, summary->bound.text);
        (void)fputs(", and figures at that rate\n", out);
        choose_columns(&grid, view, shown);
        grid_print(&grid, shown, view->colour, out);
    }
    grid_close(&grid);
    free(subjects);
    return result;
}

/* -- the sentence -------------------------------------------------------------- */

static void write_one(const struct summary *summary, const struct summary_cell *cell,
                      FILE *out)
{
    struct found found = found_of(summary, cell->variant, cell->strategy);
    char name[NAME_SIZE];

    (void)fprintf(out, "%s ", terminal_text(cell->strategy, name, sizeof(name)));
    if (found.kept && found.missed)
        (void)fprintf(out, "%" PRIu64 " to %" PRIu64, found.kept->point,
                      found.missed->point);
    else if (found.kept)
        (void)fprintf(out, "at least %" PRIu64 ", the highest tried", found.kept->point);
    else
        (void)fprintf(out, "below %" PRIu64 ", the lowest tried",
                      found.missed ? found.missed->point : cell->point);
    if (found.missed && strcmp(found_reason(summary, found.missed), "latency") != 0)
        (void)fprintf(out, " (%s)", found_reason(summary, found.missed));
}

int found_write_sentence(const struct summary *summary, const char *variant, FILE *out,
                         struct err *err)
{
    size_t count;
    const struct summary_cell **subjects = list_subjects(summary, variant, &count, err);

    if (!subjects)
        return -1;
    sort_by_rate(summary, subjects, count);
    (void)fputs("Highest rate per second that keeps ", out);
    terminal_write(out, summary->bound.text);
    for (size_t i = 0; i < count; i++) {
        (void)fputs(i ? "; " : ": ", out);
        write_one(summary, subjects[i], out);
    }
    (void)fputs(".\n", out);
    free(subjects);
    return 0;
}
