/* plot_script.c - see plot_script.h. */
#include "analysis/report/plot_script.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/gnuplot.h"
#include "analysis/report/palette.h"
#include "analysis/report/plot_curves.h"
#include "analysis/report/plot_overlap.h"
#include "base/terminal.h"
#include "base/text.h"

/* A label has the first NAME_CHARACTERS of a strategy, and as many of its variant as are
 * left then, at least VARIANT_LEAST; or VARIANT_CHARACTERS of the variant alone. */
enum {
    NAME_CHARACTERS = 40,
    VARIANT_LEAST = 9,
    VARIANT_CHARACTERS = 18,
    LABELS_MAX = 256
};

/* Where a script is written, and for what. */
struct script {
    FILE *out;
    const struct plot_page *page;
    enum plot_format format;
    bool *lacks_memory;
};

/* -- texts ------------------------------------------------------------------------- */

/* Characters, not bytes: those that continue one are not counted. */
static size_t characters(const char *text)
{
    size_t count = 0;

    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

double plot_text_width(const char *text, double font)
{
    return 0.62 * font * (double)characters(text);
}

/* The first characters of a name, at most `most`. */
static void append_name(char *text, size_t size, const char *name, size_t most)
{
    char shown[PLOT_LABEL_SIZE];
    size_t end = 0;

    (void)terminal_text(name, shown, sizeof(shown));
    for (size_t count = 0; shown[end]; end++) {
        count += ((unsigned char)shown[end] & 0xc0) != 0x80;
        if (count > most)
            break;
    }
    (void)text_append(text, size, "%.*s%s", (int)end, shown, shown[end] ? "..." : "");
}

const char *plot_label(const struct plot_panel *panel, const struct plot_curve *curve,
                       char text[PLOT_LABEL_SIZE])
{
    size_t used;

    text[0] = '\0';
    if (panel->labels_are_variants) {
        append_name(text, PLOT_LABEL_SIZE, curve->variant, VARIANT_CHARACTERS);
        return text;
    }
    append_name(text, PLOT_LABEL_SIZE, curve->strategy, NAME_CHARACTERS);
    used = characters(text);
    if (panel->data->variant_count > 1 || strcmp(curve->variant, "default") != 0) {
        (void)text_append(text, PLOT_LABEL_SIZE, " (");
        append_name(text, PLOT_LABEL_SIZE, curve->variant,
                    used + VARIANT_LEAST < NAME_CHARACTERS ? NAME_CHARACTERS - used
                                                           : VARIANT_LEAST);
        (void)text_append(text, PLOT_LABEL_SIZE, ")");
    }
    if (curve->reference)
        (void)text_append(text, PLOT_LABEL_SIZE, " (reference)");
    return text;
}

/* ",font": the size in the terminal's unit, of which a point is 4/3 pixels. */
static void write_font(const struct script *script, double pixels)
{
    (void)fprintf(script->out, " font ',%.3g'",
                  script->format == PLOT_PNG ? pixels * 0.75 : pixels);
}

/* A text at a place of the picture, in pixels. */
static void write_text(const struct script *script, const char *text, double x, double y,
                       const char *colour, double font)
{
    (void)fputs("set label ", script->out);
    gnuplot_text(script->out, text);
    (void)fprintf(script->out, " at screen %.6f, screen %.6f left textcolor rgb '%s'",
                  x / script->page->width, 1 - y / script->page->height, colour);
    write_font(script, font);
    (void)fputc('\n', script->out);
}

/* -- data -------------------------------------------------------------------------- */

static void write_points(FILE *out, const struct plot_point *points, size_t count)
{
    for (size_t i = 0; i < count; i++)
        (void)fprintf(out, "%.9g %.9g %.9g %.9g %d\n", points[i].at, points[i].median,
                      points[i].low, points[i].high, points[i].hollow);
    (void)fputs("end\n", out);
}

/* One block per curve, named after figure and curve; once for all panels with them. */
static void write_data(const struct script *script, const struct plot_data *data)
{
    for (size_t i = 0; i < data->count; i++) {
        (void)fprintf(script->out, "$f%dc%zu << end\n", (int)data->figure, i);
        write_points(script->out, data->curves[i].points, data->curves[i].count);
    }
    if (data->bound_count) {
        (void)fprintf(script->out, "$f%dbound << end\n", (int)data->figure);
        write_points(script->out, data->bound, data->bound_count);
    }
}

/* -- axes -------------------------------------------------------------------------- */

/* Which levels or rates have room for a text. `places` and `widths` are room to work in.
 */
static void find_point_texts(const struct plot_panel *panel, double *places,
                             double *widths, bool *kept)
{
    const struct plot_data *data = panel->data;
    char text[24];

    for (size_t i = 0; i < data->axis_count; i++) {
        (void)snprintf(text, sizeof(text), "%" PRIu64, data->axis[i]);
        places[i] = panel->width * axis_place(panel->x, (double)data->axis[i]);
        widths[i] = plot_text_width(text, panel->is_small ? PLOT_SMALL_FONT : PLOT_FONT);
    }
    axis_thin_out(places, widths, data->axis_count, 4, kept);
}

/* Every measured level or rate has a tick; those with room also have a text. */
static void write_point_ticks(const struct script *script, const struct plot_panel *panel)
{
    const struct plot_data *data = panel->data;
    double *places = calloc(2 * data->axis_count, sizeof(*places));
    bool *kept = calloc(data->axis_count, sizeof(*kept));

    if (places && kept) {
        find_point_texts(panel, places, places + data->axis_count, kept);
        (void)fputs("set xtics out nomirror offset 0,0.3 (", script->out);
        for (size_t i = 0; i < data->axis_count; i++)
            if (kept[i] && panel->has_point_texts)
                (void)fprintf(script->out, "%s\"%" PRIu64 "\" %" PRIu64, i ? "," : "",
                              data->axis[i], data->axis[i]);
            else
                (void)fprintf(script->out, "%s\"\" %" PRIu64, i ? "," : "",
                              data->axis[i]);
        (void)fputc(')', script->out);
        write_font(script, panel->is_small ? PLOT_SMALL_FONT : PLOT_FONT);
        (void)fputc('\n', script->out);
    } else {
        *script->lacks_memory = true;
    }
    free(places);
    free(kept);
}

static void write_figure_ticks(const struct script *script,
                               const struct plot_panel *panel)
{
    const struct plot_info *info = &plot_figures[panel->data->figure];
    bool speedup = info->kind == PLOT_SPEEDUP;
    enum shown_kind kind = speedup ? SHOWN_AMOUNT : shown_kind_of(info->shown);
    struct axis_ticks ticks;
    char text[SHOWN_TEXT_SIZE];

    axis_find_ticks(&ticks, panel->y, kind, PLOT_LINE / panel->height);
    (void)fputs("set ytics out nomirror (", script->out);
    for (size_t i = 0; i < ticks.count; i++)
        (void)fprintf(script->out, "%s\"%s\" %.9g", i ? "," : "",
                      panel->has_figure_texts ? shown_tick(kind, ticks.values[i], text)
                                              : "",
                      ticks.values[i]);
    (void)fputc(')', script->out);
    write_font(script, panel->is_small ? PLOT_SMALL_FONT : PLOT_FONT);
    (void)fputc('\n', script->out);
}

static void write_axes(const struct script *script, const struct plot_panel *panel)
{
    FILE *out = script->out;
    const struct plot_page *page = script->page;

    (void)fprintf(out,
                  "set logscale xy\nunset key\nset border 3 lc rgb '%s'\n"
                  "set grid xtics ytics lt 1 lw 1 lc rgb '%s'\n"
                  "set lmargin at screen %.6f\nset rmargin at screen %.6f\n"
                  "set tmargin at screen %.6f\nset bmargin at screen %.6f\n"
                  "set xrange [%.9g:%.9g]\nset yrange [%.9g:%.9g]\n",
                  palette_muted.light, palette_grid.light, panel->left / page->width,
                  (panel->left + panel->width) / page->width,
                  1 - panel->top / page->height,
                  1 - (panel->top + panel->height) / page->height, panel->x.low,
                  panel->x.high, panel->y.low, panel->y.high);
    write_point_ticks(script, panel);
    write_figure_ticks(script, panel);
    if (!panel->is_small)
        (void)fprintf(out,
                      "set xlabel \"%s\" offset 0,0.5\n"
                      "set label \"%s\" at screen %.6f, graph 0.5 center rotate\n",
                      panel->data->about.kind == POINT_RATE
                          ? "rate: requests that become due per second"
                          : "level: requests in flight",
                      panel->data->about.axis, 16 / page->width);
}

/* -- labels ------------------------------------------------------------------------ */

/* A text at the end of a curve. */
struct end_label {
    double wanted, place; /* on the axis */
    double at;            /* the level or rate at which the curve ends */
    double figure;
    const char *colour;
    char text[PLOT_LABEL_SIZE];
};

static int compare_wanted(const void *left, const void *right)
{
    const struct end_label *a = left;
    const struct end_label *b = right;

    return (a->wanted > b->wanted) - (a->wanted < b->wanted);
}

static void set_label(struct end_label *label, const struct plot_panel *panel,
                      const struct plot_point *last, const char *colour)
{
    label->at = last->at;
    label->figure = last->median;
    label->wanted = axis_place(panel->y, last->median);
    label->colour = colour;
}

static size_t collect_labels(const struct script *script, const struct plot_panel *panel,
                             struct end_label labels[LABELS_MAX])
{
    const struct plot_data *data = panel->data;
    size_t count = 0;

    for (size_t i = panel->first; i < panel->end && count + 1 < LABELS_MAX; i++) {
        const struct plot_curve *curve = &data->curves[i];

        set_label(&labels[count], panel, &curve->points[curve->count - 1],
                  plot_curve_colour(curve, script->page->order));
        (void)plot_label(panel, curve, labels[count++].text);
    }
    if (data->bound_count && !panel->is_small) {
        set_label(&labels[count], panel, &data->bound[data->bound_count - 1],
                  palette_muted.light);
        (void)snprintf(labels[count++].text, PLOT_LABEL_SIZE, "%s", data->bound_text);
    }
    return count;
}

/* A label that was moved is joined to its curve by a thin line. */
static void write_label(const struct script *script, const struct plot_panel *panel,
                        const struct end_label *label)
{
    double end = panel->width * axis_place(panel->x, label->at);
    double gap = 6 / panel->width;

    (void)fprintf(
        script->out,
        "set arrow from first %.9g, first %.9g to graph %.6f, graph %.6f nohead "
        "lw 0.8 %s lc rgb '%s'\n",
        label->at, label->figure, 1 + gap, label->place,
        panel->width - end > 40 ? "dt (2,4)" : "", label->colour);
    (void)fputs("set label ", script->out);
    gnuplot_text(script->out, label->text);
    (void)fprintf(script->out, " at graph %.6f, graph %.6f left textcolor rgb '%s'",
                  1 + 1.6 * gap, label->place, label->colour);
    write_font(script, panel->is_small ? PLOT_SMALL_FONT : PLOT_FONT);
    (void)fputc('\n', script->out);
}

static void write_labels(const struct script *script, const struct plot_panel *panel)
{
    struct end_label *labels = calloc(LABELS_MAX, sizeof(*labels));
    double places[LABELS_MAX];
    size_t count;

    if (!labels) {
        *script->lacks_memory = true;
        return;
    }
    count = collect_labels(script, panel, labels);
    qsort(labels, count, sizeof(*labels), compare_wanted);
    for (size_t i = 0; i < count; i++)
        places[i] = labels[i].wanted;
    overlap_spread(places, count, (PLOT_LINE - 1) / panel->height, -0.02, 1.02);
    for (size_t i = 0; i < count; i++) {
        labels[i].place = places[i];
        write_label(script, panel, &labels[i]);
    }
    free(labels);
}

static void write_capacity(const struct script *script, const struct plot_panel *panel)
{
    double capacity = panel->data->capacity;

    if (!(capacity > 0))
        return;
    (void)fprintf(script->out,
                  "set arrow from %.9g, graph 0 to %.9g, graph 1 nohead lw 1.5 dt (8,4) "
                  "lc rgb '%s'\n",
                  capacity, capacity, palette_muted.light);
    if (!panel->is_small)
        (void)fprintf(
            script->out,
            "set label \"capacity %.6g\" at %.9g, graph 0.97 right offset -0.7,0 "
            "textcolor rgb '%s'\n",
            capacity, capacity, palette_muted.light);
}

/* -- panels ------------------------------------------------------------------------ */

static void write_title(const struct script *script, const struct plot_panel *panel)
{
    const struct plot_curve *curve = &panel->data->curves[panel->first];
    char text[PLOT_LABEL_SIZE] = "";

    if (panel->title)
        write_text(script, panel->title, panel->left, panel->top - PLOT_TITLE_ABOVE,
                   palette_ink.light, PLOT_FONT + 2);
    if (!panel->is_small)
        return;
    append_name(text, sizeof(text), curve->strategy,
                (size_t)(panel->width / (0.62 * PLOT_FONT)));
    if (curve->reference)
        (void)text_append(text, sizeof(text), " (reference)");
    write_text(script, text, panel->left, panel->top - 9,
               plot_curve_colour(curve, script->page->order), PLOT_FONT);
}

static void write_panel(const struct script *script, const struct plot_panel *panel)
{
    (void)fputs("reset\n", script->out);
    write_axes(script, panel);
    write_title(script, panel);
    write_capacity(script, panel);
    if (panel->has_labels)
        write_labels(script, panel);
    if (panel == script->page->panels)
        write_text(script, script->page->notes, panel->left, script->page->height - 12,
                   palette_muted.light, PLOT_SMALL_FONT);
    plot_curves_write(panel, script->page->order, script->out);
}

int plot_script_write(const struct plot_page *page, enum plot_format format, FILE *out,
                      struct err *err)
{
    bool lacks_memory = false;
    struct script script = {out, page, format, &lacks_memory};
    const char *terminal = format == PLOT_PNG ? "pngcairo" : "svg";

    (void)fprintf(out,
                  "set encoding utf8\n"
                  "set terminal %s noenhanced size %.0f,%.0f background '%s'",
                  terminal, page->width, page->height, palette_paper.light);
    (void)fprintf(out, " font 'DejaVu Sans,%.3g'\n",
                  format == PLOT_PNG ? PLOT_FONT * 0.75 : PLOT_FONT);
    for (size_t i = 0; i < page->count; i++)
        if (!i || page->panels[i].data != page->panels[i - 1].data)
            write_data(&script, page->panels[i].data);
    (void)fputs("set multiplot\n", out);
    for (size_t i = 0; i < page->count; i++)
        write_panel(&script, &page->panels[i]);
    (void)fputs("unset multiplot\n", out);
    return lacks_memory ? err_errno(err, "no memory for a plot") : 0;
}
