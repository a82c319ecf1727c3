/* html_verdicts.c - see html_verdicts.h. */
#include "analysis/report/html_verdicts.h"

#include <stdlib.h>

#include "analysis/report/compare_text.h"
#include "analysis/report/html.h"

static void write_head(enum point_kind kind, FILE *out)
{
    (void)fputs("<thead><tr>", out);
    for (size_t i = 0; i < COMPARE_COLUMN_COUNT; i++)
        html_element(out, "th scope=\"col\"", NULL, compare_heading(i, kind));
    (void)fputs("<th scope=\"col\">why</th></tr></thead>\n<tbody>\n", out);
}

static void write_item(FILE *out, const struct compare_item *item)
{
    char text[COMPARE_TEXT_SIZE];

    (void)fprintf(out, "<tr%s>",
                  item->gates && item->verdict == COMPARE_SLOWER ? " class=\"bad\"" : "");
    for (size_t i = 0; i < COMPARE_COLUMN_COUNT; i++) {
        compare_columns[i].text(item, text);
        html_element(out, "td", compare_columns[i].to_the_left ? NULL : "n", text);
    }
    html_element(out, "td", NULL, item->reason);
    (void)fputs("</tr>\n", out);
}

static void write_problem(FILE *out, const struct compare_problem *problem)
{
    char point[POINT_TEXT_SIZE];

    (void)fprintf(out, "<li><strong>%s</strong>: ", compare_problem_word(problem->kind));
    if (problem->strategy) {
        html_text(out, problem->strategy);
        (void)fprintf(
            out, "%s: ", compare_cell_text(problem->point_kind, problem->level, point));
    }
    html_text(out, problem->text);
    (void)fputs("</li>\n", out);
}

int html_verdicts_write(const struct comparison *comparison, const char *basis, FILE *out,
                        struct err *err)
{
    struct compare_line *lines = compare_reading_order(comparison, err);
    char headline[COMPARE_HEADLINE_SIZE];

    if (!lines)
        return -1;
    html_section_begin(out, "Verdicts: head against base");
    compare_headline(comparison, headline);
    html_element(out, "p", "conclusion", headline);
    if (basis[0])
        html_element(out, "p", "note", basis);
    if (comparison->problem_count)
        (void)fputs("<ul>\n", out);
    for (size_t i = 0; i < comparison->problem_count; i++)
        write_problem(out, &comparison->problems[i]);
    if (comparison->problem_count)
        (void)fputs("</ul>\n", out);
    html_table_begin(out, "sortable",
                     "All cells together, then what got slower, what could not be told, "
                     "and the rest; less is better");
    write_head(comparison->point_kind, out);
    for (size_t i = 0; i < comparison->overall_count + comparison->item_count; i++)
        write_item(out, lines[i].item);
    (void)fputs("</tbody>\n", out);
    html_table_end(out);
    html_section_end(out);
    free(lines);
    return 0;
}
