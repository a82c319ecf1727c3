/* html_table.c - see html_table.h. */
#include "analysis/report/html_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/report/html.h"
#include "analysis/report/shown.h"
#include "analysis/report/summary_query.h"

static const struct shown_column {
    enum shown shown;
    const char *title;
} columns_shown[] = {
    {SHOWN_cost, NULL}, /* shown_time() */
    {SHOWN_overhead, "overhead"},
    {SHOWN_cpu, "CPU per request"},
    {SHOWN_memory, "memory per request in flight"},
    {SHOWN_p50, "latency p50"},
    {SHOWN_p99, "latency p99"},
    {SHOWN_p999, "latency p99.9"},
    {SHOWN_late_p99, "lateness p99"},
    {SHOWN_reached, "reached per second"},
    {SHOWN_unfinished, "unfinished"},
    {SHOWN_throughput, "requests per second"},
};

enum { SHOWN_COLUMNS = sizeof(columns_shown) / sizeof(columns_shown[0]) };

/* The value by which endless latencies are sorted. */
#define SORTED_LAST 1e99

struct palette_colour html_colour(const struct summary_cell *cell,
                                  const char *const *order)
{
    return cell->notes[NOTE_REFERENCE] ? palette_ink : palette_of(cell->strategy, order);
}

/* The name of a strategy behind a dot in its colour. */
static void write_strategy(FILE *out, const struct summary_cell *cell,
                           const char *const *order)
{
    struct palette_colour colour = html_colour(cell, order);

    (void)fprintf(out,
                  "<span class=\"dot\" style=\"--light:%s;--dark:%s\" "
                  "aria-hidden=\"true\"></span>",
                  colour.light, colour.dark);
    html_text(out, cell->strategy);
}

/* -- the table of a variant ---------------------------------------------------- */

struct table {
    const struct summary *summary;
    const char *const *order;
    size_t first, end;       /* the cells of a variant */
    bool has[SHOWN_COLUMNS]; /* some cell has the figure, and it means something */
};

static const struct spread *spread_of(const struct summary_cell *cell, size_t column)
{
    return &cell->spreads[shown_figures[columns_shown[column].shown].figure];
}

/* A cost time that is the duration, and requests that all ended, are not. */
static bool is_worth_it(const struct summary *summary, const struct summary_cell *cell,
                        size_t column)
{
    const struct spread *spread = spread_of(cell, column);

    switch (columns_shown[column].shown) {
    case SHOWN_cost:
        return spread->known && !summary->timed;
    case SHOWN_unfinished:
        return spread->max > 0;
    default:
        return spread->known;
    }
}

static void find_columns(struct table *table)
{
    for (size_t i = table->first; i < table->end; i++)
        for (size_t j = 0; j < SHOWN_COLUMNS; j++)
            if (is_worth_it(table->summary, &table->summary->cells[i], j))
                table->has[j] = true;
}

static void write_head(const struct table *table, FILE *out)
{
    (void)fputs("<thead><tr><th scope=\"col\">strategy</th>\n"
                "<th scope=\"col\" class=\"n\">",
                out);
    (void)fprintf(out, "%s</th>\n", point_word(table->summary->kind));
    for (size_t j = 0; j < SHOWN_COLUMNS; j++)
        if (table->has[j])
            (void)fprintf(out, "<th scope=\"col\" class=\"n\">%s</th>\n",
                          columns_shown[j].shown == SHOWN_cost
                              ? shown_time(table->summary)
                              : columns_shown[j].title);
    (void)fputs("<th scope=\"col\" class=\"n\">valid rounds</th>\n"
                "<th scope=\"col\">notes</th></tr></thead>\n<tbody>\n",
                out);
}

static void write_figure(const struct summary_cell *cell, size_t column, FILE *out)
{
    const struct spread *spread = spread_of(cell, column);
    enum shown shown = columns_shown[column].shown;
    char median[SHOWN_TEXT_SIZE], low[SHOWN_TEXT_SIZE], high[SHOWN_TEXT_SIZE];

    if (!spread->known) {
        (void)fputs("<td class=\"n\"></td>", out);
        return;
    }
    (void)shown_text(shown, spread->min, low);
    (void)shown_text(shown, spread->max, high);
    (void)fprintf(out, "<td class=\"n\" data-v=\"%.9g\">%s",
                  fmin(spread->median, SORTED_LAST),
                  shown_text(shown, spread->median, median));
    if (strcmp(low, high) != 0)
        (void)fprintf(out, " <span class=\"range\">%s to %s</span>", low, high);
    (void)fputs("</td>\n", out);
}

static void write_notes(const struct summary_cell *cell, FILE *out)
{
    double failed = summary_failed_percent(cell);
    const char *separator = "";

    (void)fputs("<td>", out);
    for (int i = 0; i < NOTE_COUNT; i++) {
        if (!cell->notes[i])
            continue;
        (void)fprintf(out, "%s%s", separator, note_word((enum row_note)i));
        separator = ", ";
    }
    if (failed > 0)
        (void)fprintf(out, "%s%.2g %% of the requests failed", separator, failed);
    (void)fputs("</td></tr>\n", out);
}

static void write_cell(const struct table *table, const struct summary_cell *cell,
                       FILE *out)
{
    char point[POINT_TEXT_SIZE];

    (void)fputs("<tr><th scope=\"row\">", out);
    write_strategy(out, cell, table->order);
    (void)fprintf(out, "</th>\n<td class=\"n\" data-v=\"%" PRIu64 "\">%s</td>\n",
                  cell->point, summary_point_text(cell, point));
    for (size_t j = 0; j < SHOWN_COLUMNS; j++)
        if (table->has[j])
            write_figure(cell, j, out);
    (void)fprintf(out, "<td class=\"n%s\" data-v=\"%zu\">%zu of %zu</td>\n",
                  cell->valid_rounds < cell->rounds ? " bad" : "", cell->valid_rounds,
                  cell->valid_rounds, cell->rounds);
    write_notes(cell, out);
}

static void write_variant(struct table *table, FILE *out)
{
    find_columns(table);
    if (summary_has_variants(table->summary)) {
        (void)fputs("<h3>Variant ", out);
        html_text(out, table->summary->cells[table->first].variant);
        (void)fputs("</h3>\n", out);
    }
    html_table_begin(out, "figures sortable",
                     "Median of the valid rounds; below it the lowest round to the "
                     "highest");
    write_head(table, out);
    for (size_t i = table->first; i < table->end; i++)
        write_cell(table, &table->summary->cells[i], out);
    (void)fputs("</tbody>\n", out);
    html_table_end(out);
}

static void write_meanings(const struct summary *summary, FILE *out)
{
    bool used[NOTE_COUNT] = {false}, any = false;

    for (size_t i = 0; i < summary->count; i++)
        for (int j = 0; j < NOTE_COUNT; j++)
            used[j] = used[j] || summary->cells[i].notes[j];
    for (int j = 0; j < NOTE_COUNT; j++) {
        if (!used[j])
            continue;
        if (!any)
            (void)fputs("<dl class=\"note\">\n", out);
        any = true;
        html_element(out, "dt", NULL, note_word((enum row_note)j));
        html_element(out, "dd", NULL, note_meaning((enum row_note)j));
    }
    if (any)
        (void)fputs("</dl>\n", out);
}

void html_tables_write(const struct summary *summary, const char *const *order, FILE *out)
{
    html_section_begin(out, "Figures");
    for (size_t first = 0, end; first < summary->count; first = end) {
        struct table table = {
            summary, order, first, summary_variant_end(summary, first), {false}};

        end = table.end;
        write_variant(&table, out);
    }
    write_meanings(summary, out);
    html_section_end(out);
}

/* -- rows that are not valid --------------------------------------------------------- */

static void write_invalid(const struct summary_cell *cell, FILE *out)
{
    char point[POINT_TEXT_SIZE];

    (void)fputs("<tr>", out);
    html_element(out, "td", NULL, cell->variant);
    html_element(out, "th scope=\"row\"", NULL, cell->strategy);
    (void)fprintf(out,
                  "<td class=\"n\" data-v=\"%" PRIu64 "\">%s</td>\n"
                  "<td class=\"bad\">%s</td>\n"
                  "<td class=\"n\" data-v=\"%zu\">%zu of %zu</td>\n",
                  cell->point, summary_point_text(cell, point), status_word(cell->worst),
                  cell->rounds - cell->valid_rounds, cell->rounds - cell->valid_rounds,
                  cell->rounds);
    html_element(out, "td", NULL, cell->reason);
    (void)fputs("</tr>\n", out);
}

void html_invalid_write(const struct summary *summary, FILE *out)
{
    bool used[STATUS_COUNT] = {false};
    size_t count = 0;

    for (size_t i = 0; i < summary->count; i++) {
        used[summary->cells[i].worst] = true;
        count += summary->cells[i].worst != STATUS_VALID;
    }
    html_section_begin(out, "Rows that are not valid");
    if (!count) {
        html_element(out, "p", NULL, "Every row is valid.");
        html_section_end(out);
        return;
    }
    html_table_begin(out, "sortable",
                     "Cells with rows that do not count; the reason is that of the first "
                     "such row");
    (void)fprintf(out,
                  "<thead><tr><th scope=\"col\">variant</th>"
                  "<th scope=\"col\">strategy</th>"
                  "<th scope=\"col\" class=\"n\">%s</th><th scope=\"col\">status</th>"
                  "<th scope=\"col\" class=\"n\">rounds</th><th scope=\"col\">reason</th>"
                  "</tr></thead>\n<tbody>\n",
                  point_word(summary->kind));
    for (size_t i = 0; i < summary->count; i++)
        if (summary->cells[i].worst != STATUS_VALID)
            write_invalid(&summary->cells[i], out);
    (void)fputs("</tbody>\n", out);
    html_table_end(out);
    (void)fputs("<dl class=\"note\">\n", out);
    for (int i = STATUS_VALID + 1; i < STATUS_COUNT; i++) {
        if (!used[i])
            continue;
        html_element(out, "dt", NULL, status_word((enum row_status)i));
        html_element(out, "dd", NULL, status_meaning((enum row_status)i));
    }
    (void)fputs("</dl>\n", out);
    html_section_end(out);
}
