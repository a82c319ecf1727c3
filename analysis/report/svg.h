/* svg.h - writing SVG: shapes, foreign text, and colours for light and dark pages.
 * Failures show in ferror(). Classes and fonts are ours and are not escaped. */
#ifndef ANALYSIS_REPORT_SVG_H
#define ANALYSIS_REPORT_SVG_H

#include <stddef.h>
#include <stdio.h>

#include "analysis/report/palette.h"

/* A rule of the style sheet: a class has a property in a colour. */
struct svg_rule {
    const char *class, *property; /* "fill" or "stroke" */
    struct palette_colour colour;
};

struct svg_page {
    double width, height;
    const char *title, *description; /* the text alternative; foreign text */
    const struct svg_rule *rules;
    size_t rule_count;
    const char *css; /* further rules; "": none */
};

/* The first bytes of every picture that svg_begin() writes. */
#define SVG_HEAD "<!-- Drawn by bench -->\n<svg "

/* Colours follow the reader's scheme on a screen; print is light. */
void svg_begin(FILE *out, const struct svg_page *page);
void svg_end(FILE *out);

/* Writes a number with at most two decimals; 0 if it is not finite. */
void svg_number(FILE *out, double number);

void svg_rect(FILE *out, const char *class, double x, double y, double width,
              double height);
void svg_line(FILE *out, const char *class, double x1, double y1, double x2, double y2);

/* A line of text that begins at a point, is cut off after `most` characters, and may have
 * parts of several classes: begin, add parts, end. */
void svg_text_begin(FILE *out, const char *class, double x, double y);
void svg_text_part(FILE *out, const char *class, const char *text, size_t most);
void svg_text_end(FILE *out);
void svg_text(FILE *out, const char *class, double x, double y, const char *text,
              size_t most);

/* Many rectangles of one class as one element. */
void svg_bars_begin(FILE *out, const char *class);
void svg_bar(FILE *out, double x, double y, double width, double height);
void svg_bars_end(FILE *out);

#endif
