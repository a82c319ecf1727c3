/* html.c - see html.h. */
#include "analysis/report/html.h"

#include <stdbool.h>
#include <string.h>

#include "analysis/report/xml.h"

/* What XML wants escaped is what HTML wants escaped, and what XML has no place for has no
 * meaning in HTML. */
void html_text(FILE *out, const char *text)
{
    xml_write_text(out, text);
}

void html_element(FILE *out, const char *tag, const char *class, const char *text)
{
    (void)fprintf(out, "<%s", tag);
    if (class)
        (void)fprintf(out, " class=\"%s\"", class);
    (void)fputc('>', out);
    html_text(out, text);
    (void)fprintf(out, "</%.*s>\n", (int)strcspn(tag, " "), tag);
}

void html_section_begin(FILE *out, const char *heading)
{
    (void)fputs("<section>\n", out);
    html_element(out, "h2", NULL, heading);
}

void html_section_end(FILE *out)
{
    (void)fputs("</section>\n", out);
}

/* The region takes the focus, so that keys can scroll it. */
void html_table_begin(FILE *out, const char *class, const char *caption)
{
    (void)fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"",
                out);
    html_text(out, caption);
    (void)fprintf(out, "\">\n<table class=\"%s\">\n", class);
    html_element(out, "caption", NULL, caption);
}

void html_table_end(FILE *out)
{
    (void)fputs("</table>\n</div>\n", out);
}

/* -- pictures ------------------------------------------------------------------ */

/* Writes the tag of the picture, without its name spaces; returns what follows it. */
static const char *write_head(FILE *out, const char *svg)
{
    static const char space[] = "xmlns";
    static const char role[] = " role=\"img\"";
    const char *end = strchr(svg, '>');
    bool has_role = memmem(svg, (size_t)(end - svg), role, strlen(role)) != NULL;

    while (svg < end) {
        const char *quote = memchr(svg, '"', (size_t)(end - svg));

        if (strncmp(svg, space, strlen(space)) != 0 || !quote) {
            (void)fputc(*svg++, out);
            continue;
        }
        quote = strchr(quote + 1, '"');
        svg = quote ? quote + 1 : end;
    }
    if (!has_role) /* its title is the text alternative */
        (void)fputs(role, out);
    return end;
}

/* How long the beginning of `text` is, if an id follows it: gnuplot declares and uses ids
 * in these ways only. */
static size_t before_id(const char *text)
{
    static const char *const starts[] = {" id=\"", " id='", "href='#", "href=\"#",
                                         "url(#"};

    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
        if (!strncmp(text, starts[i], strlen(starts[i])))
            return strlen(starts[i]);
    return 0;
}

/* Text between tags stays as it is: it may look like the declaration of an id. */
static void write_body(FILE *out, const char *svg, const char *ids)
{
    int in_tag = 1;

    while (*svg) {
        size_t length = in_tag ? before_id(svg) : 0;

        if (length) {
            (void)fwrite(svg, 1, length, out);
            (void)fputs(ids, out);
            svg += length;
            continue;
        }
        if (*svg == '<' || *svg == '>')
            in_tag = *svg == '<';
        (void)fputc(*svg++, out);
    }
}

void html_svg(FILE *out, const char *svg, const char *ids)
{
    const char *start = strstr(svg, "<svg");

    if (start && strchr(start, '>'))
        write_body(out, write_head(out, start), ids);
}
