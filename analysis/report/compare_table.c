/* compare_table.c - see compare_table.h. */
#include "analysis/report/compare_table.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/report/compare_text.h"
#include "base/terminal.h"
#include "base/text.h"

enum { KEY_WIDTH = 11 };

/* -- the table ----------------------------------------------------------------- */

/* The items in the order in which they are printed. */
struct listing {
    struct compare_line *lines;
    size_t count, overall; /* of these, the first ones */
    enum point_kind kind;
    int widths[COMPARE_COLUMN_COUNT];
};

static void find_widths(struct listing *listing)
{
    for (size_t i = 0; i < COMPARE_COLUMN_COUNT; i++) {
        size_t width = strlen(compare_heading(i, listing->kind));

        for (size_t j = 0; j < listing->count; j++) {
            char text[COMPARE_TEXT_SIZE];

            compare_columns[i].text(listing->lines[j].item, text);
            if (strlen(text) > width)
                width = strlen(text);
        }
        listing->widths[i] = (int)width;
    }
}

/* One line: the headings where `item` is NULL. Nothing ends in spaces. */
static void write_line(const struct listing *listing, const struct compare_item *item,
                       FILE *out)
{
    int gap = 0; /* spaces that are due before the next text */

    for (size_t i = 0; i < COMPARE_COLUMN_COUNT; i++) {
        char text[COMPARE_TEXT_SIZE];
        int rest;

        if (item)
            compare_columns[i].text(item, text);
        else
            (void)snprintf(text, sizeof(text), "%s", compare_heading(i, listing->kind));
        rest = listing->widths[i] - (int)strlen(text);
        if (text[0])
            (void)fprintf(out, "%*s", gap + (compare_columns[i].to_the_left ? 0 : rest),
                          "");
        terminal_write(out, text);
        if (!text[0])
            gap += listing->widths[i] + 1;
        else
            gap = 1 + (compare_columns[i].to_the_left ? rest : 0);
    }
    (void)fputc('\n', out);
}

static void write_table(const struct listing *listing, FILE *out)
{
    bool gated = true;

    (void)fputc('\n', out);
    write_line(listing, NULL, out);
    for (size_t i = 0; i < listing->count; i++) {
        if (i && i == listing->overall)
            (void)fputs("each cell:\n", out);
        if (gated && !listing->lines[i].item->gates)
            (void)fputs("shown only, cannot fail the gate:\n", out);
        gated = listing->lines[i].item->gates;
        write_line(listing, listing->lines[i].item, out);
    }
}

/* The units of the metrics in the table, and the meaning of its shortest headings. */
static void write_legend(const struct listing *listing, FILE *out)
{
    bool used[METRIC_COUNT] = {false};

    for (size_t i = 0; i < listing->count; i++)
        used[listing->lines[i].item->metric] = true;
    (void)fprintf(out,
                  "\n%-*s median of base; head is this median with the change applied\n",
                  KEY_WIDTH, "base, head");
    (void)fprintf(out, "%-*s adjusted for all comparisons that can fail\n", KEY_WIDTH,
                  "p");
    if (listing->overall)
        (void)fprintf(out, "%-*s geometric mean of the cells, taken per round\n",
                      KEY_WIDTH, "OVERALL");
    (void)fprintf(
        out,
        "%-*s minimum detectable effect: the slowdown in percent found 4 times in 5\n",
        KEY_WIDTH, "mde%");
    for (int i = 0; i < METRIC_COUNT; i++)
        if (used[i])
            (void)fprintf(out, "%-*s %s%s%s\n", KEY_WIDTH, metrics[i].name,
                          metrics[i].title, metrics[i].unit[0] ? " in " : "",
                          metrics[i].unit);
}

/* -- around it ----------------------------------------------------------------- */

/* Writes nothing for an absent text. */
static void write_known(const char *what, const char *text, FILE *out)
{
    if (!text || !text[0])
        return;
    (void)fputs(what, out);
    terminal_write(out, text);
}

static void write_side(const char *role, const struct compare_side *side, FILE *out)
{
    (void)fprintf(out, "%-4s", role);
    write_known("  ", side->name, out);
    write_known("  run ", side->run_id, out);
    write_known("  libcurl ", side->libcurl_version, out);
    (void)fprintf(out, "  %zu of %zu rows valid\n", side->valid_rows, side->rows);
}

static void write_head(const struct comparison *comparison, FILE *out)
{
    write_side("base", &comparison->base, out);
    write_side("head", &comparison->head, out);
    (void)fprintf(out, "%s; %g %% intervals; alpha %g for %zu %s",
                  comparison->paired ? "paired by round" : "not paired",
                  comparison->confidence * 100, comparison->alpha, comparison->family,
                  plural(comparison->family, "comparison", "comparisons"));
    if (!comparison->by_cells)
        (void)fprintf(out, " of cells, %g overall", comparison->alpha);
    if (comparison->analyses > 1)
        (void)fprintf(out, ", in each of %u analyses", comparison->analyses);
    (void)fputc('\n', out);
}

/* Each reason once, with the first item that has it and how many others do. */
static void write_reasons(const struct listing *listing, FILE *out)
{
    const char *heading = "\nWhy:\n";

    for (size_t i = 0; i < listing->count; i++) {
        const struct compare_item *item = listing->lines[i].item;
        size_t same = 0;
        bool told = false;
        char point[POINT_TEXT_SIZE];

        for (size_t j = 0; j < listing->count; j++)
            if (!strcmp(listing->lines[j].item->reason, item->reason)) {
                told |= j < i;
                same++;
            }
        if (told || !item->reason[0])
            continue;
        (void)fprintf(out, "%s  ", heading);
        if (item->strategy[0]) {
            terminal_write(out, item->strategy);
            (void)fputs(compare_cell_text(item->point_kind, item->level, point), out);
        } else {
            (void)fputs("overall", out);
        }
        (void)fprintf(out, " %s", metrics[item->metric].name);
        if (same > 1)
            (void)fprintf(out, " and %zu more", same - 1);
        (void)fputs(": ", out);
        terminal_write(out, item->reason);
        (void)fputc('\n', out);
        heading = "";
    }
}

static void write_problems(const struct comparison *comparison, FILE *out)
{
    if (comparison->problem_count)
        (void)fputs("\nProblems and notes:\n", out);
    for (size_t i = 0; i < comparison->problem_count; i++) {
        const struct compare_problem *problem = &comparison->problems[i];
        char point[POINT_TEXT_SIZE];

        if (!compare_problem_is_shown(comparison, problem))
            continue;
        (void)fprintf(out, "  %s: ", compare_problem_word(problem->kind));
        if (problem->strategy) {
            terminal_write(out, problem->strategy);
            (void)fprintf(out, "%s: ",
                          compare_cell_text(problem->point_kind, problem->level, point));
        }
        terminal_write(out, problem->text);
        (void)fputc('\n', out);
    }
}

int compare_table_write(const struct comparison *comparison, bool all, FILE *out,
                        struct err *err)
{
    char headline[COMPARE_HEADLINE_SIZE];
    char tally[COMPARE_TEXT_SIZE];
    struct listing listing = {.lines = compare_reading_order(comparison, err),
                              .overall = comparison->overall_count,
                              .kind = comparison->point_kind};

    if (!listing.lines)
        return -1;
    listing.count = listing.overall +
                    (all ? comparison->item_count : compare_gating_count(comparison));
    find_widths(&listing);
    write_head(comparison, out);
    if (listing.count) {
        write_table(&listing, out);
        write_reasons(&listing, out);
        write_legend(&listing, out);
    }
    write_problems(comparison, out);
    compare_headline(comparison, headline);
    compare_tally_text(comparison, tally);
    if (comparison->by_cells)
        (void)fprintf(out, "\n%s (%s)\n", headline, tally);
    else
        (void)fprintf(out, "\ncomparisons of cells: %s\n%s\n", tally, headline);
    free(listing.lines);
    return ferror(out) ? err_errno(err, "cannot write the comparison") : 0;
}
