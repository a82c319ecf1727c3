/* plot.c - see plot.h. */
#include "analysis/report/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/gnuplot.h"
#include "analysis/report/plot_overlap.h"
#include "analysis/report/plot_svg.h"
#include "base/text.h"

const char *const plot_extensions[PLOT_FORMAT_COUNT] = {"png", "svg"};

/* In pixels. */
enum {
    PAGE_WIDTH = 1000,
    LEFT = 100,   /* of a panel: texts of its ticks, and the name of its axis */
    ABOVE = 54,   /* a section: its title */
    BELOW = 62,   /* a panel: texts of its ticks, and the name of its axis */
    HEIGHT = 380, /* of a panel */
    SMALL_HEIGHT = 118,
    SMALL_ABOVE = 30, /* its title */
    SMALL_BELOW = 34, /* the last row: texts of its ticks */
    SMALL_LEFT = 76,
    GUTTER = 18,
    NOTES = 26, /* at the bottom of the page */
};

/* More curves that cross than this are told apart in a panel per strategy. A panel with
 * more than OVERVIEW_MAX curves is not drawn at all. */
enum { CROSSING_MAX = 8, OVERVIEW_MAX = 16 };

/* -- layout ------------------------------------------------------------------------ */

/* The room for the labels of curves, behind their ends. */
static double label_room(const struct plot_panel *panel)
{
    double most = panel->data->bound_count && !panel->is_small
                      ? plot_text_width(panel->data->bound_text, PLOT_FONT)
                      : 0;
    char text[PLOT_LABEL_SIZE];

    for (size_t i = 0; i < panel->data->count; i++)
        most = fmax(most,
                    plot_text_width(plot_label(panel, &panel->data->curves[i], text),
                                    panel->is_small ? PLOT_SMALL_FONT : PLOT_FONT));
    return fmin(most + 14, panel->is_small ? 150 : 420);
}

static struct plot_panel *add_panel(struct plot_page *page, const struct plot_data *data)
{
    struct plot_panel *panel = &page->panels[page->count++];

    *panel = (struct plot_panel){.data = data,
                                 .x = axis_of_points(data),
                                 .y = axis_of_figures(data),
                                 .end = data->count};
    return panel;
}

/* One panel with all curves. */
static void add_overview(struct plot_page *page, const struct plot_data *data)
{
    struct plot_panel *panel = add_panel(page, data);

    panel->title = data->about.title;
    panel->has_labels = true;
    panel->has_point_texts = true;
    panel->has_figure_texts = true;
    panel->left = LEFT;
    panel->width = PAGE_WIDTH - LEFT - GUTTER - label_room(panel);
    panel->top = page->height + ABOVE;
    panel->height = HEIGHT;
    page->height = panel->top + panel->height + BELOW;
}

/* Where curves of the same strategy end. */
static size_t end_of_strategy(const struct plot_data *data, size_t first)
{
    size_t end = first + 1;

    while (end < data->count &&
           !strcmp(data->curves[end].strategy, data->curves[first].strategy))
        end++;
    return end;
}

/* A panel per strategy. */
static void add_multiples(struct plot_page *page, const struct plot_data *data)
{
    static const char again[] = "The same, one strategy at a time";
    bool is_repeated = page->count && page->panels[page->count - 1].data == data;
    size_t across = data->variant_count > 1 ? 3 : 4;
    double top = page->height + ABOVE + SMALL_ABOVE - 8;
    size_t rows = (data->strategy_count + across - 1) / across;
    size_t index = 0;

    for (size_t first = 0, end; first < data->count; first = end, index++) {
        struct plot_panel *panel = add_panel(page, data);
        size_t column = index % across;
        size_t row = index / across;
        double room, pitch;

        end = end_of_strategy(data, first);
        panel->first = first;
        panel->end = end;
        panel->is_small = true;
        panel->shows_others = true;
        if (!index)
            panel->title = is_repeated ? again : data->about.title;
        panel->has_labels = panel->labels_are_variants = data->variant_count > 1;
        panel->has_figure_texts = !column;
        panel->has_point_texts = index + across >= data->strategy_count;
        room = panel->has_labels ? label_room(panel) : 0;
        pitch = (PAGE_WIDTH - SMALL_LEFT) / (double)across;
        panel->left = SMALL_LEFT + pitch * (double)column;
        panel->width = pitch - GUTTER - room;
        panel->top = top + (double)row * (SMALL_HEIGHT + SMALL_ABOVE);
        panel->height = SMALL_HEIGHT;
    }
    page->height = top + (double)rows * (SMALL_HEIGHT + SMALL_ABOVE) - SMALL_ABOVE +
                   SMALL_BELOW;
}

static bool is_crowded(const struct plot_data *data)
{
    return data->count > OVERVIEW_MAX ||
           overlap_crossing(data, axis_of_figures(data)) > CROSSING_MAX;
}

/* The curves of the figure, then what separates those that lie close to each other: of
 * cost time the overhead, or a panel per strategy. */
static void lay_out(struct plot_page *page, const struct plot_data *data,
                    const struct plot_data *overhead)
{
    const struct plot_data *lower = overhead->count ? overhead : data;

    if (data->count > OVERVIEW_MAX)
        add_multiples(page, data);
    else
        add_overview(page, data);
    if (is_crowded(lower) && (lower != data || data->count <= OVERVIEW_MAX))
        add_multiples(page, lower);
    else if (lower != data)
        add_overview(page, lower);
    page->height += NOTES;
}

/* The meaning of the lines that the page has. */
static void write_notes(const struct plot_page *page, char *notes, size_t size)
{
    const struct plot_data *data = page->panels[0].data;
    bool has_reference = false;
    bool has_others = false;
    bool of_rates = data->about.kind == POINT_RATE;

    for (size_t i = 0; i < data->count; i++)
        has_reference |= data->curves[i].reference;
    for (size_t i = 0; i < page->count; i++)
        has_others |= page->panels[i].shows_others;
    notes[0] = '\0';
    (void)text_append(
        notes, size, "%s%s%s%s",
        data->about.search ? "Medians; bars: all rounds; hollow: rate not held; ring: "
                             "highest rate that kept the bound"
        : of_rates         ? "Medians; bars: all rounds; hollow: rate not held; ring: "
                             "highest rate held"
                           : "Median of the valid rounds; bars: lowest to highest round",
        has_reference ? "; dotted: reference" : "",
        data->variant_count > 1 ? "; dashes: variants" : "",
        !has_others ? ""
        : of_rates  ? "; grey: others"
                    : "; grey: other strategies");
}

/* -- drawing ----------------------------------------------------------------------- */

static int write_script(const struct plot_page *page, enum plot_format format,
                        char **script, size_t *size, struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return -1;
    if (plot_script_write(page, format, text.out, err)) {
        text_drop(&text);
        return -1;
    }
    *script = text_close(&text, size, err);
    return *script ? 0 : -1;
}

/* Calls write_script() for the page of some data. */
static int lay_out_and_write(const struct plot_data *data,
                             const struct plot_data *overhead, const char *const *order,
                             enum plot_format format, char **script, size_t *size,
                             struct err *err)
{
    char notes[160];
    struct plot_page page = {.order = order, .width = PAGE_WIDTH, .notes = notes};
    int result;

    if (data->count > PLOT_CURVES_MAX)
        return err_set(err, "%zu curves in one picture are too many; the most are %d",
                       data->count, PLOT_CURVES_MAX);
    page.panels = calloc(data->count + overhead->count + 2, sizeof(*page.panels));
    if (!page.panels)
        return err_errno(err, "no memory for a plot");
    lay_out(&page, data, overhead);
    write_notes(&page, notes, sizeof(notes));
    result = write_script(&page, format, script, size, err);
    free(page.panels);
    return result;
}

int plot_script(char **script, size_t *size, const struct summary *summary,
                enum plot_figure figure, const char *const *order,
                enum plot_format format, struct err *err)
{
    struct plot_data data = {0};
    struct plot_data overhead = {0};
    int result = plot_data_make(&data, summary, figure, order[0], err);

    *script = NULL;
    *size = 0;
    if (!result && figure == PLOT_cost)
        result = plot_data_make(&overhead, summary, PLOT_overhead, order[0], err);
    if (!result && data.count)
        result = lay_out_and_write(&data, &overhead, order, format, script, size, err);
    plot_data_free(&data);
    plot_data_free(&overhead);
    return result;
}

/* gnuplot does not notice when it cannot write all of a picture. */
static bool is_complete(enum plot_format format, const char *bytes, size_t size)
{
    static const char svg_end[] = "</svg>";

    if (format == PLOT_PNG) /* its last chunk: a length, a name and a checksum */
        return size > 12 && !memcmp(bytes + size - 8, "IEND", 4);
    while (size && strchr(" \n", bytes[size - 1]))
        size--;
    return size > strlen(svg_end) &&
           !memcmp(bytes + size - strlen(svg_end), svg_end, strlen(svg_end));
}

int plot_draw(char **bytes, size_t *size, const struct summary *summary,
              enum plot_figure figure, const char *const *order, enum plot_format format,
              struct err *err)
{
    char *script;
    size_t script_size;
    int result;

    *bytes = NULL;
    if (plot_script(&script, &script_size, summary, figure, order, format, err))
        return -1;
    if (!script)
        return 0;
    result = gnuplot_run(script, script_size, bytes, size, err);
    free(script);
    if (!result && !is_complete(format, *bytes, *size))
        result = err_set(err, "gnuplot left an incomplete picture");
    if (!result && format == PLOT_SVG)
        result = plot_svg_describe(bytes, size, figure, plot_about(summary, figure), err);
    if (!result)
        return 0;
    free(*bytes);
    *bytes = NULL;
    return -1;
}
