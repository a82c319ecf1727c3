/* svg.c - see svg.h. */
#include "analysis/report/svg.h"

#include <math.h>
#include <string.h>

#include "analysis/report/xml.h"
#include "base/strict_math.h"
#include "base/utf8.h"

void svg_number(FILE *out, double number)
{
    char text[64];
    char *end;

    if (!isfinite(number) || fabs(number) > 1e15)
        number = 0;
    (void)snprintf(text, sizeof(text), "%.2f", number);
    end = text + strlen(text) - 1;
    while (*end == '0')
        *end-- = '\0';
    if (*end == '.')
        *end = '\0';
    (void)fputs(strcmp(text, "-0") != 0 ? text : "0", out);
}

static void write_number(FILE *out, const char *name, double number)
{
    (void)fprintf(out, " %s=\"", name);
    svg_number(out, number);
    (void)fputc('"', out);
}

/* -- the page ------------------------------------------------------------------ */

static void write_rules(FILE *out, const struct svg_page *page, int is_dark)
{
    for (size_t i = 0; i < page->rule_count; i++) {
        const struct svg_rule *rule = &page->rules[i];

        (void)fprintf(out, ".%s{%s:%s}\n", rule->class, rule->property,
                      is_dark ? rule->colour.dark : rule->colour.light);
    }
}

static void write_element(FILE *out, const char *name, const char *text)
{
    (void)fprintf(out, "<%s>", name);
    xml_write_text(out, text);
    (void)fprintf(out, "</%s>\n", name);
}

void svg_begin(FILE *out, const struct svg_page *page)
{
    (void)fputs(
        SVG_HEAD
        "xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" xml:space=\"preserve\"",
        out);
    write_number(out, "width", page->width);
    write_number(out, "height", page->height);
    (void)fputs(" viewBox=\"0 0 ", out);
    svg_number(out, page->width);
    (void)fputc(' ', out);
    svg_number(out, page->height);
    (void)fputs("\" font-family=\"DejaVu Sans, Verdana, sans-serif\" "
                "font-size=\"12\">\n",
                out);
    write_element(out, "title", page->title);
    write_element(out, "desc", page->description);
    (void)fputs("<style>\n", out);
    write_rules(out, page, 0);
    (void)fputs(page->css, out);
    (void)fputs("@media screen and (prefers-color-scheme: dark) {\n", out);
    write_rules(out, page, 1);
    (void)fputs("}\n</style>\n", out);
}

void svg_end(FILE *out)
{
    (void)fputs("</svg>\n", out);
}

/* -- shapes -------------------------------------------------------------------- */

void svg_rect(FILE *out, const char *class, double x, double y, double width,
              double height)
{
    (void)fprintf(out, "<rect class=\"%s\"", class);
    write_number(out, "x", x);
    write_number(out, "y", y);
    write_number(out, "width", width);
    write_number(out, "height", height);
    (void)fputs("/>\n", out);
}

void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2)
{
    (void)fprintf(out, "<line class=\"%s\"", class);
    write_number(out, "x1", x1);
    write_number(out, "y1", y1);
    write_number(out, "x2", x2);
    write_number(out, "y2", y2);
    (void)fputs("/>\n", out);
}

void svg_bars_begin(FILE *out, const char *class)
{
    (void)fprintf(out, "<path class=\"%s\" d=\"", class);
}

void svg_bar(FILE *out, double x, double y, double width, double height)
{
    (void)fputc('M', out);
    svg_number(out, x);
    (void)fputc(' ', out);
    svg_number(out, y);
    (void)fputc('h', out);
    svg_number(out, width);
    (void)fputc('v', out);
    svg_number(out, height);
    (void)fputc('h', out);
    svg_number(out, -width);
    (void)fputc('z', out);
}

void svg_bars_end(FILE *out)
{
    (void)fputs("\"/>\n", out);
}

/* -- text ---------------------------------------------------------------------- */

void svg_text_begin(FILE *out, const char *class, double x, double y)
{
    (void)fprintf(out, "<text class=\"%s\"", class);
    write_number(out, "x", x);
    write_number(out, "y", y);
    (void)fputc('>', out);
}

/* Returns what follows the first `most` characters. */
static const char *skip(const char *text, size_t most)
{
    for (; *text && most; most--) {
        size_t length = utf8_length(text);

        text += length ? length : 1;
    }
    return text;
}

static void write_cut_off(FILE *out, const char *text, size_t most)
{
    const char *end;

    if (!*skip(text, most)) {
        xml_write_text(out, text);
        return;
    }
    end = skip(text, most ? most - 1 : 0);
    while (text < end) {
        const char *next = skip(text, 1);
        char character[8] = "";

        memcpy(character, text, (size_t)(next - text));
        xml_write_text(out, character);
        text = next;
    }
    (void)fputs("\xE2\x80\xA6", out); /* an ellipsis */
}

void svg_text_part(FILE *out, const char *class, const char *text, size_t most)
{
    (void)fprintf(out, "<tspan class=\"%s\">", class);
    write_cut_off(out, text, most);
    (void)fputs("</tspan>", out);
}

void svg_text_end(FILE *out)
{
    (void)fputs("</text>\n", out);
}

void svg_text(FILE *out, const char *class, double x, double y, const char *text,
              size_t most)
{
    svg_text_begin(out, class, x, y);
    write_cut_off(out, text, most);
    svg_text_end(out);
}
