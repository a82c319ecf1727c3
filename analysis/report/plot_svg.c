/* plot_svg.c - see plot_svg.h. */
#include "analysis/report/plot_svg.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* Where an element that begins at `at` is over; NULL: none begins there. Text is escaped,
 * so that it cannot look like one. */
static const char *end_of(const char *at, const char *begin, const char *end)
{
    const char *over = !strncmp(at, begin, strlen(begin)) ? strstr(at, end) : NULL;

    return over ? over + strlen(end) : NULL;
}

static void write_description(FILE *out, enum plot_figure figure, struct plot_about about)
{
    (void)fprintf(out,
                  "<title>%s</title>\n<desc>Curves of %s against the %s, one per "
                  "strategy and variant. bench summary --show %s prints the figures as "
                  "a table.</desc>",
                  about.title, about.axis, point_word(about.kind),
                  shown_figures[plot_figures[figure].shown].word);
}

int plot_svg_describe(char **svg, size_t *size, enum plot_figure figure,
                      struct plot_about about, struct err *err)
{
    bool is_described = false;
    struct text text;
    char *bytes;

    if (text_open(&text, err))
        return -1;
    for (const char *at = *svg; *at;) {
        const char *title = end_of(at, "<title>", "</title>");
        const char *over = title ? title : end_of(at, "<desc>", "</desc>");

        if (title && !is_described) {
            write_description(text.out, figure, about);
            is_described = true;
        }
        if (!over)
            (void)fputc(*at++, text.out);
        else
            at = over;
    }
    bytes = text_close(&text, size, err);
    if (!bytes)
        return -1;
    free(*svg);
    *svg = bytes;
    return 0;
}
