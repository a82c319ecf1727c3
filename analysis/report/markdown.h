/* markdown.h - text within GitHub's Markdown. */
#ifndef ANALYSIS_REPORT_MARKDOWN_H
#define ANALYSIS_REPORT_MARKDOWN_H

#include <stdio.h>

/* Writes a text that Markdown shows unchanged, in a cell of a table too: it escapes
 * markup of Markdown and HTML, replaces line breaks and other control characters by
 * spaces and bytes that are not UTF-8 by '?', and an @ notifies no user. Failures show in
 * ferror(). */
void markdown_write_text(FILE *out, const char *text);

/* Writes lines as they stand, as a block of code that no line of them can end. */
void markdown_write_code(FILE *out, const char *lines);

#endif
