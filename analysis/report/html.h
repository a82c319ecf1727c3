/* html.h - foreign text and pictures within an HTML page. Tags, classes and attributes
 * are ours and are not escaped. Failures show in ferror(). */
#ifndef ANALYSIS_REPORT_HTML_H
#define ANALYSIS_REPORT_HTML_H

#include <stdio.h>

/* Writes a text so that it can stand in an element or in an attribute in double quotes.
 */
void html_text(FILE *out, const char *text);

/* <tag class="class">text</tag> and a newline; `class` may be NULL, and the tag may have
 * further attributes behind it. */
void html_element(FILE *out, const char *tag, const char *class, const char *text);

/* The beginning of a section, up to its heading. */
void html_section_begin(FILE *out, const char *heading);
void html_section_end(FILE *out);

/* A table that scrolls sideways where the page is narrow, up to its head, and from its
 * body on. `class` may be "". */
void html_table_begin(FILE *out, const char *class, const char *caption);
void html_table_end(FILE *out);

/* Writes a picture that gnuplot or svg.h made, as a part of the page: without what stands
 * before it and without the addresses of name spaces, which HTML does not need. `ids` is
 * put before every id, since two pictures may have the same ones. */
void html_svg(FILE *out, const char *svg, const char *ids);

#endif
