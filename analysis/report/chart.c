/* chart.c - see chart.h. */
#include "analysis/report/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/plot_axis.h"
#include "analysis/report/summary_query.h"
#include "base/terminal.h"
#include "base/text.h"

/* In characters. A name is at most NAME_WIDTH wide; the scale at least SCALE_MIN, so that
 * a chart is wider than a very narrow terminal. */
enum { NAME_WIDTH = 24, SCALE_MIN = 10, SCALE_MAX = 64, FIGURE_WIDTH = 9 };

/* Marks of the scale; a later one covers an earlier one. */
enum mark { MARK_NONE, MARK_IDEAL, MARK_RANGE, MARK_MEDIAN, MARK_COUNT };

static const char *const ascii_marks[MARK_COUNT] = {".", "|", "-", "o"};
static const char *const utf8_marks[MARK_COUNT] = {"\u00b7", "\u2502", "\u2500",
                                                   "\u25cf"};

/* The cells of one point of one variant, and their scale. */
struct chart {
    const struct summary *summary;
    const struct view *view;
    enum shown shown;
    const struct summary_cell *cells;
    size_t count;
    double ideal_s; /* the lowest; NAN: none, or another figure */
    struct axis axis;
    size_t names, scale; /* widths */
    FILE *out;
};

static const struct spread *spread_of(const struct chart *chart,
                                      const struct summary_cell *cell)
{
    return &cell->spreads[shown_figures[chart->shown].figure];
}

/* On the scale there is no 0, nor less. */
static bool has_place(const struct chart *chart, const struct summary_cell *cell)
{
    double median = spread_of(chart, cell)->median;

    return median > 0 && isfinite(median);
}

/* The worst round, unless its requests never ended: then the scale has no place for it.
 */
static double high_of(const struct chart *chart, const struct summary_cell *cell)
{
    const struct spread *spread = spread_of(chart, cell);

    return isfinite(spread->max) ? spread->max : spread->median;
}

/* -- measuring --------------------------------------------------------------------- */

static size_t name_width(const char *name)
{
    char copy[NAME_WIDTH + 1];
    size_t width = 0;

    for (const char *at = terminal_text(name, copy, sizeof(copy)); *at; at++)
        width += ((unsigned char)*at & 0xc0) != 0x80;
    return width;
}

static void widen(struct axis *axis, double low, double high)
{
    if (low > 0)
        axis->low = fmin(axis->low, low);
    axis->high = fmax(axis->high, high);
}

/* False: no cell has a figure to show. */
static bool measure(struct chart *chart)
{
    size_t room = chart->view->columns;
    size_t taken;

    chart->axis = (struct axis){INFINITY, 0};
    chart->ideal_s = chart->shown == SHOWN_cost
                         ? summary_lowest_ideal(chart->cells, chart->count)
                         : NAN;
    for (size_t i = 0; i < chart->count; i++) {
        const struct summary_cell *cell = &chart->cells[i];
        size_t width = name_width(cell->strategy);

        chart->names = width > chart->names ? width : chart->names;
        if (!has_place(chart, cell))
            continue;
        widen(&chart->axis, spread_of(chart, cell)->median, high_of(chart, cell));
        widen(&chart->axis, spread_of(chart, cell)->min, 0);
    }
    if (!(chart->axis.high > 0))
        return false;
    if (isfinite(chart->ideal_s))
        widen(&chart->axis, chart->ideal_s, chart->ideal_s);
    if (chart->axis.high < chart->axis.low * 1.01) /* all are equal */
        chart->axis.high = chart->axis.low * 2;
    taken = chart->names + 2 + 1 + FIGURE_WIDTH;
    chart->scale = room > taken + SCALE_MIN ? room - taken : SCALE_MIN;
    if (chart->scale > SCALE_MAX)
        chart->scale = SCALE_MAX;
    return true;
}

static size_t place_of(const struct chart *chart, double value)
{
    double place = round((double)(chart->scale - 1) * axis_place(chart->axis, value));

    return place > 0 ? (size_t)place : 0;
}

/* -- printing ---------------------------------------------------------------------- */

static void print_name(const struct chart *chart, const char *name)
{
    char copy[NAME_WIDTH + 1];

    (void)fputs(terminal_text(name, copy, sizeof(copy)), chart->out);
    (void)fprintf(chart->out, "%*s", (int)(chart->names - name_width(name) + 2), "");
}

static void print_scale(const struct chart *chart, const struct summary_cell *cell)
{
    const char *const *marks = chart->view->utf8 ? utf8_marks : ascii_marks;
    const struct spread *spread = spread_of(chart, cell);
    bool placed = has_place(chart, cell);
    size_t low = placed ? place_of(chart, spread->min > 0 ? spread->min : spread->median)
                        : 0;
    size_t high = placed ? place_of(chart, high_of(chart, cell)) : 0;
    size_t median = placed ? place_of(chart, spread->median) : 0;
    bool has_ideal = isfinite(chart->ideal_s);
    size_t ideal = has_ideal ? place_of(chart, chart->ideal_s) : 0;

    for (size_t i = 0; i < chart->scale; i++) {
        enum mark mark = has_ideal && i == ideal ? MARK_IDEAL : MARK_NONE;

        if (placed && i >= low && i <= high)
            mark = MARK_RANGE;
        if (placed && i == median)
            mark = MARK_MEDIAN;
        (void)fputs(marks[mark], chart->out);
    }
}

static void print_cell(const struct chart *chart, const struct summary_cell *cell)
{
    char text[SHOWN_TEXT_SIZE];

    print_name(chart, cell->strategy);
    print_scale(chart, cell);
    (void)fprintf(chart->out, " %*s\n", FIGURE_WIDTH,
                  cell->valid_rounds
                      ? shown_text(chart->shown, shown_median(cell, chart->shown), text)
                      : status_word(cell->worst));
}

/* The ends of the scale, below it. */
static void print_ends(const struct chart *chart)
{
    char low[SHOWN_TEXT_SIZE];
    char high[SHOWN_TEXT_SIZE];
    int room = (int)chart->scale -
               (int)strlen(shown_text(chart->shown, chart->axis.low, low));

    (void)shown_text(chart->shown, chart->axis.high, high);
    (void)fprintf(chart->out, "%*s%s%*s\n", (int)chart->names + 2, "", low,
                  room > (int)strlen(high) ? room : (int)strlen(high) + 1, high);
}

static void print_title(const struct chart *chart, bool has_variants)
{
    const char *const *marks = chart->view->utf8 ? utf8_marks : ascii_marks;
    char title[384] = "";
    char variant[NAME_WIDTH + 1];
    char point[POINT_TEXT_SIZE];

    (void)text_append(
        title, sizeof(title), "%s, %s %s", shown_title(chart->summary, chart->shown),
        point_word(chart->summary->kind), summary_point_text(chart->cells, point));
    if (has_variants)
        (void)text_append(title, sizeof(title), ", variant %s",
                          terminal_text(chart->cells->variant, variant, sizeof(variant)));
    (void)text_append(title, sizeof(title), "; logarithmic scale: %s median, %s rounds",
                      marks[MARK_MEDIAN], marks[MARK_RANGE]);
    if (isfinite(chart->ideal_s))
        (void)text_append(title, sizeof(title), ", %s theoretical minimum",
                          marks[MARK_IDEAL]);
    (void)fputc('\n', chart->out);
    terminal_wrap(chart->out, title, chart->view->columns, 0);
}

static void print_figure(const struct summary *summary, const struct view *view,
                         enum shown shown, FILE *out)
{
    for (size_t i = 0; i < summary->count; i = summary_variant_end(summary, i)) {
        const char *variant = summary->cells[i].variant;
        struct chart chart = {
            .summary = summary, .view = view, .shown = shown, .out = out};

        chart.cells = summary_at_point(
            summary, variant, summary_highest_point(summary, variant), &chart.count);
        if (!measure(&chart))
            continue;
        print_title(&chart, summary_has_variants(summary));
        for (size_t j = 0; j < chart.count; j++)
            print_cell(&chart, &chart.cells[j]);
        print_ends(&chart);
    }
}

int chart_print(const struct summary *summary, const struct view *view, FILE *out,
                struct err *err)
{
    bool any = false;

    for (int shown = 0; shown < SHOWN_COUNT; shown++)
        if (view->show.wanted[shown]) {
            print_figure(summary, view, (enum shown)shown, out);
            any = true;
        }
    if (!any)
        print_figure(summary, view, shown_default(summary), out);
    return ferror(out) ? err_errno(err, "cannot print a chart") : 0;
}
