/* html_latency.c - see html_latency.h. */
#include "analysis/report/html_latency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/html.h"
#include "analysis/report/html_table.h"
#include "analysis/report/shown.h"
#include "analysis/report/summary_query.h"
#include "analysis/report/svg.h"
#include "base/text.h"

/* In units of the picture. */
enum {
    STRIP_WIDTH = 800,
    STRIP_LEFT = 200,  /* of the axis */
    STRIP_RIGHT = 600, /* the figures stand beyond it */
    STRIP_FIRST = 44,  /* middle of the first row */
    STRIP_STEP = 22,
    COLOUR_RULES = 4, /* beside those of the palette */
    NAME_MOST = 24,   /* characters */
};

static const enum shown quantiles[] = {SHOWN_p50, SHOWN_p90, SHOWN_p99};

enum { QUANTILE_COUNT = sizeof(quantiles) / sizeof(quantiles[0]) };

/* The cells of one point of one variant. */
struct strip {
    const struct summary_cell *cells;
    size_t count, rows;
    double low, high; /* of all medians */
};

static bool has_quantiles(const struct summary_cell *cell)
{
    for (size_t i = 0; i < QUANTILE_COUNT; i++)
        if (!(shown_median(cell, quantiles[i]) > 0) ||
            isinf(shown_median(cell, quantiles[i])))
            return false;
    return true;
}

/* The highest point of the variant at which a cell has quantiles. */
static struct strip find_strip(const struct summary *summary, const char *variant)
{
    struct strip strip = {.low = INFINITY};
    const struct summary_cell *highest = NULL;

    for (size_t i = 0; i < summary->count; i++)
        if (!strcmp(summary->cells[i].variant, variant) &&
            has_quantiles(&summary->cells[i]))
            highest = &summary->cells[i];
    if (!highest)
        return strip;
    strip.cells = summary_at_point(summary, variant, highest->point, &strip.count);
    for (size_t i = 0; i < strip.count; i++) {
        if (!has_quantiles(&strip.cells[i]))
            continue;
        strip.rows++;
        strip.low = fmin(strip.low, shown_median(&strip.cells[i], SHOWN_p50));
        strip.high = fmax(strip.high, shown_median(&strip.cells[i], SHOWN_p99));
    }
    return strip;
}

static double place(const struct strip *strip, double value)
{
    double range = log(strip->high / strip->low);

    return range > 0
               ? STRIP_LEFT + (STRIP_RIGHT - STRIP_LEFT) * log(value / strip->low) / range
               : STRIP_LEFT;
}

static void write_row(FILE *out, const struct strip *strip,
                      const struct summary_cell *cell, double y,
                      struct palette_colour colour)
{
    char class[32], texts[QUANTILE_COUNT][SHOWN_TEXT_SIZE], all[100];
    double x[QUANTILE_COUNT];

    (void)snprintf(class, sizeof(class), "hl-%s",
                   cell->notes[NOTE_REFERENCE] ? "none" : colour.light + 1);
    for (size_t i = 0; i < QUANTILE_COUNT; i++) {
        double median = shown_median(cell, quantiles[i]);

        x[i] = place(strip, median);
        (void)shown_text(quantiles[i], median, texts[i]);
    }
    (void)snprintf(all, sizeof(all), "%s, %s, %s", texts[0], texts[1], texts[2]);
    svg_text(out, "hl-ink", 0, y + 4, cell->strategy, NAME_MOST);
    svg_line(out, "hl-grid", STRIP_LEFT, y, STRIP_RIGHT, y);
    svg_rect(out, class, x[0], y - 2, fmax(x[2] - x[0], 1), 4);
    svg_rect(out, class, x[0] - 2.5, y - 7, 5, 14);
    svg_rect(out, class, x[1] - 1.5, y - 5, 3, 10);
    svg_rect(out, class, x[2] - 1.5, y - 5, 3, 10);
    svg_text(out, "hl-muted", STRIP_RIGHT + 14, y + 4, all, sizeof(all));
}

static void write_rows(FILE *out, const struct strip *strip, const char *const *order)
{
    double y = STRIP_FIRST;

    svg_text(out, "hl-muted", STRIP_LEFT, 20,
             "tall mark: p50; then p90 and p99; "
             "logarithmic",
             80);
    svg_text(out, "hl-muted", STRIP_RIGHT + 14, 20, "p50, p90, p99", 80);
    for (size_t i = 0; i < strip->count; i++) {
        if (!has_quantiles(&strip->cells[i]))
            continue;
        write_row(out, strip, &strip->cells[i], y, html_colour(&strip->cells[i], order));
        y += STRIP_STEP;
    }
}

static int write_strip(const struct strip *strip, const char *const *order, FILE *out,
                       struct err *err)
{
    struct svg_rule rules[COLOUR_RULES + PALETTE_COUNT] = {
        {"hl-ink", "fill", palette_ink},
        {"hl-muted", "fill", palette_muted},
        {"hl-grid", "stroke", palette_grid},
        {"hl-none", "fill", palette_ink}};
    char classes[PALETTE_COUNT][32];
    struct svg_page page = {.width = STRIP_WIDTH,
                            .height = STRIP_FIRST + STRIP_STEP * (double)strip->rows,
                            .title = "Latency quantiles per strategy",
                            .description = "p50, p90 and p99; p50 and p99 are in the "
                                           "tables as well",
                            .rules = rules,
                            .rule_count = COLOUR_RULES + PALETTE_COUNT,
                            .css = ""};
    struct text text;
    char *svg;

    for (size_t i = 0; i < PALETTE_COUNT; i++) {
        (void)snprintf(classes[i], sizeof(classes[i]), "hl-%s", palette[i].light + 1);
        rules[COLOUR_RULES + i] = (struct svg_rule){classes[i], "fill", palette[i]};
    }
    if (text_open(&text, err))
        return -1;
    svg_begin(text.out, &page);
    write_rows(text.out, strip, order);
    svg_end(text.out);
    svg = text_close(&text, NULL, err);
    if (!svg)
        return -1;
    html_svg(out, svg, "");
    free(svg);
    return 0;
}

/* Strategies in the picture whose quantiles are those of another load. */
static void write_not_held(const struct strip *strip, FILE *out)
{
    const char *separator = "; rate not held: ";

    for (size_t i = 0; i < strip->count; i++) {
        if (!strip->cells[i].notes[NOTE_RATE_NOT_HELD] ||
            !has_quantiles(&strip->cells[i]))
            continue;
        (void)fputs(separator, out);
        html_text(out, strip->cells[i].strategy);
        separator = ", ";
    }
}

static int write_variant(const struct summary *summary, const char *variant,
                         const char *const *order, FILE *out, struct err *err)
{
    struct strip strip = find_strip(summary, variant);
    char point[POINT_TEXT_SIZE];

    if (!strip.rows)
        return 0;
    (void)fprintf(out, "<figure>\n<figcaption>%s %s",
                  summary->kind == POINT_RATE ? "Rate" : "Level",
                  summary_point_text(strip.cells, point));
    if (summary_has_variants(summary)) {
        (void)fputs(", variant ", out);
        html_text(out, variant);
    }
    (void)fputs(": median of the valid rounds of each quantile", out);
    write_not_held(&strip, out);
    (void)fputs("</figcaption>\n", out);
    if (write_strip(&strip, order, out, err))
        return -1;
    (void)fputs("</figure>\n", out);
    return 0;
}

int html_latency_write(const struct summary *summary, const char *const *order, FILE *out,
                       struct err *err)
{
    bool any = false;

    for (size_t i = 0; i < summary->count && !any; i++)
        any = has_quantiles(&summary->cells[i]);
    if (!any)
        return 0;
    html_section_begin(out, "Latency");
    for (size_t i = 0; i < summary->count; i = summary_variant_end(summary, i))
        if (write_variant(summary, summary->cells[i].variant, order, out, err))
            return -1;
    html_section_end(out);
    return 0;
}
