/* markdown.h - text within GitHub's Markdown. */
#ifndef ANALYSIS_REPORT_MARKDOWN_H
#define ANALYSIS_REPORT_MARKDOWN_H

#include <stdio.h>

/* Writes a text so that it is read as it stands, in a cell of a table too: what Markdown
 * or HTML would take for markup is escaped, a line break or another control character is
 * a space, bytes that are no UTF-8 are '?', and nobody is notified by an @ in it.
 * Failures show in ferror(). */
void markdown_write_text(FILE *out, const char *text);

/* Writes lines as they stand, as a block of code that no line of them can end. */
void markdown_write_code(FILE *out, const char *lines);

#endif
