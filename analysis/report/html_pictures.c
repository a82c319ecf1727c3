/* html_pictures.c - see html_pictures.h. */
#include "analysis/report/html_pictures.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/report/html.h"
#include "analysis/report/palette.h"
#include "analysis/report/plot.h"
#include "analysis/report/summary_query.h"
#include "analysis/report/timeline_read.h"
#include "analysis/report/timeline_svg.h"
#include "base/text.h"

/* -- colours of plots ---------------------------------------------------------- */

/* One of the three numbers in "#rrggbb". */
static unsigned part_of(const char *colour, size_t index)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = colour + 1 + 2 * index;

    return (unsigned)(strchr(digits, at[0]) - digits) * 16 +
           (unsigned)(strchr(digits, at[1]) - digits);
}

/* A colour of gnuplot, in each of the ways in which it writes one. */
static void write_rule(FILE *out, const char *light, const char *dark)
{
    unsigned red = part_of(light, 0), green = part_of(light, 1), blue = part_of(light, 2);

    (void)fprintf(out,
                  ".plot [stroke=\"rgb(%3u, %3u, %3u)\"]{stroke:%s}\n"
                  ".plot [color=\"rgb(%3u, %3u, %3u)\"]{color:%s}\n"
                  ".plot [fill=\"rgb(%u,%u,%u)\"],.plot [fill=\"rgb(%3u, %3u, %3u)\"]"
                  "{fill:%s}\n",
                  red, green, blue, dark, red, green, blue, dark, red, green, blue, red,
                  green, blue, dark);
}

void html_plot_style(FILE *out)
{
    const struct palette_colour others[] = {
        palette_paper,          palette_ink, palette_muted, palette_grid,
        {"#c9ced4", "#4a5058"}, /* the curves of the others, in small panels */
    };

    (void)fputs("@media screen and (prefers-color-scheme:dark){\n", out);
    for (size_t i = 0; i < PALETTE_COUNT; i++)
        write_rule(out, palette[i].light, palette[i].dark);
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        write_rule(out, others[i].light, others[i].dark);
    (void)fprintf(
        out,
        ".plot [fill=\"#ffffff\"]{fill:%s}\n.plot [color=\"#FFFFFF\"]{color:%s}\n"
        ".plot [color=\"black\"]{color:%s}\n.plot [fill=\"black\"]{fill:%s}\n}\n",
        palette_paper.dark, palette_paper.dark, palette_ink.dark, palette_ink.dark);
}

/* -- plots --------------------------------------------------------------------- */

static void write_missing(FILE *out, const char *what, const char *why)
{
    (void)fprintf(out, "<p class=\"note\">No %s: ", what);
    html_text(out, why);
    (void)fputs("</p>\n", out);
}

/* False: the next one would fail in the same way. */
static bool write_plot(const struct summary *summary, enum plot_figure figure,
                       const char *const *order, FILE *out)
{
    const char *word = plot_figures[figure].word;
    struct err err = {""};
    char *svg;
    char ids[32];
    size_t size;

    if (plot_draw(&svg, &size, summary, figure, order, PLOT_SVG, &err)) {
        write_missing(out, "plot", err.text);
        return false;
    }
    if (!svg) {
        write_missing(out, word, "no valid row has it");
        return true;
    }
    (void)snprintf(ids, sizeof(ids), "plot-%s-", word);
    (void)fputs("<figure class=\"plot\">\n", out);
    html_svg(out, svg, ids);
    (void)fputs("</figure>\n", out);
    free(svg);
    return true;
}

void html_plots_write(const struct summary *summary, const struct plot_set *show,
                      const char *const *order, FILE *out)
{
    html_section_begin(out, "Plots");
    for (int i = 0; i < PLOT_COUNT; i++)
        if (show->wanted[i] && !write_plot(summary, (enum plot_figure)i, order, out))
            break;
    html_section_end(out);
}

/* -- timelines ----------------------------------------------------------------- */

static int draw_timeline(const char *path, const char *variant, const char *const *order,
                         char **svg, struct err *err)
{
    struct timeline_choice choice = {.order = order, .variant = variant};
    struct timeline_look look = {.order = order};
    struct timeline timeline;
    struct text text;
    int result = timeline_read(&timeline, path, &choice, err);

    if (!result)
        result = text_open(&text, err);
    if (!result && timeline_svg_write(&timeline, &look, text.out, err)) {
        text_drop(&text);
        result = -1;
    } else if (!result) {
        *svg = text_close(&text, NULL, err);
        result = *svg ? 0 : -1;
    }
    timeline_free(&timeline);
    return result;
}

static void write_timeline(const char *path, const char *variant,
                           const char *const *order, FILE *out)
{
    struct err err = {""};
    char *svg = NULL;

    if (variant) {
        (void)fputs("<h3>Variant ", out);
        html_text(out, variant);
        (void)fputs("</h3>\n", out);
    }
    if (draw_timeline(path, variant, order, &svg, &err)) {
        write_missing(out, "timeline", err.text);
        return;
    }
    (void)fputs("<figure>\n", out);
    html_svg(out, svg, "");
    (void)fputs("</figure>\n", out);
    free(svg);
}

/* Several runs may lack variants of each other: then the first of each is shown. */
static void write_timelines_of(const struct summary *summary, const char *path,
                               bool by_variant, const char *const *order, FILE *out)
{
    if (!by_variant) {
        write_timeline(path, NULL, order, out);
        return;
    }
    for (size_t i = 0; i < summary->count; i = summary_variant_end(summary, i))
        write_timeline(path, summary->cells[i].variant, order, out);
}

void html_timelines_write(const struct summary *summary, char *const *paths, size_t count,
                          const char *const *order, FILE *out)
{
    bool by_variant = count == 1 && summary_has_variants(summary), any = false;

    for (size_t i = 0; i < count; i++) {
        char *requests = timeline_requests_path(paths[i], NULL);

        if (!requests)
            continue;
        if (!any)
            html_section_begin(out, "Every request over time");
        any = true;
        if (count > 1)
            html_element(out, "h3", NULL, paths[i]);
        write_timelines_of(summary, requests, by_variant, order, out);
        free(requests);
    }
    if (any)
        html_section_end(out);
}
