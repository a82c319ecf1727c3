/* compare_markdown.c - see compare_markdown.h. */
#include "analysis/report/compare_markdown.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/report/compare_text.h"
#include "analysis/report/markdown.h"

/* -- tables -------------------------------------------------------------------- */

static void write_cell(FILE *out, const char *text)
{
    (void)fputc(' ', out);
    markdown_write_text(out, text);
    (void)fputs(" |", out);
}

static void write_row(FILE *out, const struct compare_item *item)
{
    char text[COMPARE_TEXT_SIZE];

    (void)fputs("|", out);
    for (size_t i = 0; i < COMPARE_COLUMN_COUNT; i++) {
        compare_columns[i].text(item, text);
        write_cell(out, text);
    }
    write_cell(out, item->reason);
    (void)fputc('\n', out);
}

static void write_table(FILE *out, const struct compare_line *lines, size_t count)
{
    (void)fprintf(
        out,
        "| verdict | strategy | %s | metric | base | head | change | p | mde %% | "
        "why |\n"
        "| --- | --- | ---: | --- | ---: | ---: | --- | ---: | ---: | --- |\n",
        point_word(count ? lines[0].item->point_kind : POINT_LEVEL));
    for (size_t i = 0; i < count; i++)
        write_row(out, lines[i].item);
    (void)fputc('\n', out);
}

static void open_fold(FILE *out, const char *title)
{
    (void)fprintf(out, "<details><summary>%s</summary>\n\n", title);
}

static void close_fold(FILE *out)
{
    (void)fputs("</details>\n\n", out);
}

/* Writes nothing for an empty list. */
static void write_fold(FILE *out, const char *what, const struct compare_line *lines,
                       size_t count)
{
    char title[COMPARE_TEXT_SIZE];

    if (!count)
        return;
    (void)snprintf(title, sizeof(title), "%zu %s", count, what);
    open_fold(out, title);
    write_table(out, lines, count);
    close_fold(out);
}

/* In reading order: all cells together, then the cells that differ or cannot be told, the
 * same ones, and those that do not gate. */
static void write_items(FILE *out, const struct comparison *comparison,
                        const struct compare_line *lines)
{
    size_t overall = comparison->overall_count;
    size_t same = compare_count(comparison, COMPARE_SAME);
    size_t gating = compare_gating_count(comparison);
    size_t open = gating - same;

    if (overall)
        write_table(out, lines, overall);
    lines += overall;
    if (open)
        write_table(out, lines, open);
    write_fold(out, "the same", lines + open, same);
    write_fold(out, "shown only, cannot fail the gate", lines + gating,
               comparison->item_count - gating);
}

/* -- around them --------------------------------------------------------------- */

static void write_heading(FILE *out, const struct comparison *comparison)
{
    static const char *const signs[COMPARE_OUTCOME_COUNT] = {
        [COMPARE_CLEAR] = ":white_check_mark:", [COMPARE_REGRESSION] = ":x:",
        [COMPARE_UNDECIDED] = ":warning:",      [COMPARE_ROWS_MISSING] = ":warning:",
        [COMPARE_INCOMPARABLE] = ":warning:",
    };
    char text[COMPARE_HEADLINE_SIZE];
    char tally[COMPARE_TEXT_SIZE];

    compare_headline(comparison, text);
    (void)fprintf(out, "### %s bench: %s\n\n", signs[compare_outcome(comparison)], text);
    compare_tally_text(comparison, tally);
    (void)fprintf(out, "%s%s.\n\n", comparison->overall_count ? "Each cell: " : "",
                  tally);
}

static void write_problems(FILE *out, const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->problem_count; i++) {
        const struct compare_problem *problem = &comparison->problems[i];
        char point[POINT_TEXT_SIZE];

        if (!compare_problem_is_shown(comparison, problem))
            continue;
        (void)fprintf(out, "* **%s**: ", compare_problem_word(problem->kind));
        if (problem->strategy) {
            markdown_write_text(out, problem->strategy);
            (void)fprintf(out, "%s: ",
                          compare_cell_text(problem->point_kind, problem->level, point));
        }
        markdown_write_text(out, problem->text);
        (void)fputc('\n', out);
    }
    if (comparison->problem_count)
        (void)fputc('\n', out);
}

static void write_side(FILE *out, const char *role, const struct compare_side *side)
{
    const char *const texts[] = {side->name, side->run_id, side->libcurl_version,
                                 side->tls_version, side->libevent_version};

    (void)fprintf(out, "| %s |", role);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        write_cell(out, texts[i] ? texts[i] : "");
    (void)fprintf(out, " %zu of %zu |\n", side->valid_rows, side->rows);
}

static void write_method(FILE *out, const struct comparison *comparison)
{
    bool used[METRIC_COUNT] = {false};

    open_fold(out, "The two sides, and how to read the tables");
    (void)fputs("| side | name | run | libcurl | TLS | libevent | valid rows |\n"
                "| --- | --- | --- | --- | --- | --- | --- |\n",
                out);
    write_side(out, "base", &comparison->base);
    write_side(out, "head", &comparison->head);
    (void)fprintf(
        out,
        "\nThe sides are %s. Intervals have a confidence of %g %%. Alpha is %g for all "
        "comparisons of cells that can fail (%zu) together",
        comparison->paired ? "paired by round" : "not paired",
        comparison->confidence * 100, comparison->alpha, comparison->family);
    if (!comparison->by_cells)
        (void)fprintf(
            out,
            ", and %g for the overall lines (%zu), which are geometric means of "
            "the cells, taken per round",
            comparison->alpha, comparison->overall_count);
    if (comparison->analyses > 1)
        (void)fprintf(out, ", in each of %u analyses", comparison->analyses);
    (void)fputs(
        ". `p` is adjusted for the comparisons. `head` is the median of base with "
        "the change applied. `mde` is the smallest slowdown, in percent, that "
        "would be found four times in five. Less is better for every metric:\n\n",
        out);
    for (size_t i = 0; i < comparison->item_count; i++)
        used[comparison->items[i].metric] = true;
    for (int i = 0; i < METRIC_COUNT; i++)
        if (used[i])
            (void)fprintf(out, "* %s: %s%s%s (%s)\n", metrics[i].name, metrics[i].title,
                          metrics[i].unit[0] ? " in " : "", metrics[i].unit,
                          metrics[i].meaning);
    (void)fputc('\n', out);
    close_fold(out);
}

int compare_markdown_write(const struct comparison *comparison, const char *reproduce,
                           FILE *out, struct err *err)
{
    struct compare_line *lines = compare_reading_order(comparison, err);

    if (!lines)
        return -1;
    write_heading(out, comparison);
    write_problems(out, comparison);
    write_items(out, comparison, lines);
    write_method(out, comparison);
    if (reproduce) {
        open_fold(out, "How to reproduce it");
        markdown_write_code(out, reproduce);
        (void)fputc('\n', out);
        close_fold(out);
    }
    free(lines);
    return ferror(out) ? err_errno(err, "cannot write the comparison") : 0;
}
