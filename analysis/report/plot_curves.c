/* plot_curves.c - see plot_curves.h. */
#include "analysis/report/plot_curves.h"

#include "analysis/report/palette.h"
#include "analysis/report/plot_overlap.h"

static const char context_colour[] = "#c9ced4"; /* of curves that a panel is not about */

/* Where curves are written, and the order of all strategies, for their colours. */
struct pen {
    const char *const *order;
    FILE *out;
};

const char *plot_curve_colour(const struct plot_curve *curve, const char *const *order)
{
    return curve->reference ? palette_ink.light
                            : palette_of(curve->strategy, order).light;
}

/* The first variant has a solid line, each other one a dash; references are dotted,
 * in each variant at another distance. */
static const char *dash_of(const struct plot_curve *curve)
{
    static const char *const dashes[] = {"1", "(12,5)", "(12,4,2,4)", "(5,4)",
                                         "(18,4,2,4,2,4)"};
    static const char *const dots[] = {"(2,4)", "(2,8)", "(2,4,2,10)", "(2,12)",
                                       "(2,3,2,3,2,12)"};
    size_t index = curve->variant_index % (sizeof(dots) / sizeof(dots[0]));

    return curve->reference ? dots[index] : dashes[index];
}

static const char *plot_word(bool *begun)
{
    const char *word = *begun ? ", \\\n  " : "plot \\\n  ";

    *begun = true;
    return word;
}

static void write_line(const struct pen *pen, const struct plot_panel *panel,
                       size_t index, double width, const char *dash, const char *colour,
                       bool *begun)
{
    (void)fprintf(pen->out, "%s$f%dc%zu using 1:2 with lines lw %.3g dt %s lc rgb '%s'",
                  plot_word(begun), (int)panel->data->figure, index, width, dash, colour);
}

/* A curve under others is wide, and those on it have a margin of the paper's colour. */
static void write_curve(const struct pen *pen, const struct plot_panel *panel,
                        size_t index, bool *begun)
{
    const struct plot_curve *curve = &panel->data->curves[index];
    struct overlap overlap = overlap_of(panel->data, panel->y, index, panel->first,
                                        panel->end);
    double step = panel->is_small ? 3 : 4;
    double width = 1.7 + step * overlap.depth;

    if (overlap.covers)
        write_line(pen, panel, index, width + 1.5, "1", palette_paper.light, begun);
    write_line(pen, panel, index, width, dash_of(curve),
               plot_curve_colour(curve, pen->order), begun);
}

/* Points without a filling: the line does not show through. */
static void write_hollow(const struct pen *pen, const struct plot_panel *panel,
                         size_t index, bool *begun)
{
    const struct plot_curve *curve = &panel->data->curves[index];
    const char *size = panel->is_small ? "0.5" : "0.8";
    int figure = (int)panel->data->figure;
    bool any = false;

    for (size_t i = 0; i < curve->count; i++)
        any |= curve->points[i].hollow;
    if (!any)
        return;
    (void)fprintf(pen->out,
                  "%s$f%dc%zu using 1:($5==1?$2:NaN) with points pt 7 ps %s lc rgb '%s'",
                  plot_word(begun), figure, index, size, palette_paper.light);
    (void)fprintf(
        pen->out,
        "%s$f%dc%zu using 1:($5==1?$2:NaN) with points pt 6 ps %s lw 1.5 lc rgb '%s'",
        plot_word(begun), figure, index, size, plot_curve_colour(curve, pen->order));
}

/* Intervals and medians lie above all lines. Not yerrorbars: they erase the line around
 * each point. */
static void write_marks(const struct pen *pen, const struct plot_panel *panel,
                        size_t index, bool *begun)
{
    const struct plot_curve *curve = &panel->data->curves[index];
    const char *colour = plot_curve_colour(curve, pen->order);
    int figure = (int)panel->data->figure;

    (void)fprintf(pen->out,
                  "%s$f%dc%zu using 1:3:(0):($4>$3?$4-$3:NaN) with vectors heads size "
                  "screen 0.003,90 lw 1.1 lc rgb '%s'",
                  plot_word(begun), figure, index, colour);
    (void)fprintf(
        pen->out, "%s$f%dc%zu using 1:($5==1?NaN:$2) with points pt 7 ps %s lc rgb '%s'",
        plot_word(begun), figure, index, panel->is_small ? "0.3" : "0.5", colour);
    write_hollow(pen, panel, index, begun);
    if (curve->knee > 0)
        (void)fprintf(
            pen->out,
            "%s$f%dc%zu using 1:($1==%.9g?$2:NaN) with points pt 6 ps 2 lw 2 lc "
            "rgb '%s'",
            plot_word(begun), figure, index, curve->knee, colour);
}

void plot_curves_write(const struct plot_panel *panel, const char *const *order,
                       FILE *out)
{
    const struct pen *pen = &(const struct pen){order, out};
    const struct plot_data *data = panel->data;
    bool begun = false;

    for (size_t i = 0; i < data->count && panel->shows_others; i++)
        if (i < panel->first || i >= panel->end)
            (void)fprintf(pen->out, "%s$f%dc%zu using 1:2 with lines lw 1 lc rgb '%s'",
                          plot_word(&begun), (int)data->figure, i, context_colour);
    for (size_t i = panel->first; i < panel->end; i++)
        write_curve(pen, panel, i, &begun);
    for (size_t i = panel->first; i < panel->end; i++)
        write_marks(pen, panel, i, &begun);
    if (data->bound_count)
        (void)fprintf(
            pen->out,
            "%s$f%dbound using 1:2 with linespoints lw 1.7 dt (8,5) pt 0 lc rgb "
            "'%s'",
            plot_word(&begun), (int)data->figure, palette_muted.light);
    (void)fputc('\n', pen->out);
}
