/* compare_markdown.h - a comparison as a comment on a pull request. */
#ifndef ANALYSIS_REPORT_COMPARE_MARKDOWN_H
#define ANALYSIS_REPORT_COMPARE_MARKDOWN_H

#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "base/err.h"

/* Writes it as such a comment: the verdict as a heading, the problems, a table of what
 * is slower, cannot be told, or is faster, and folded below them the rest, the two sides,
 * and `reproduce`, the commands that measure it again, or NULL. Fails if `out` does, or
 * without memory. */
int compare_markdown_write(const struct comparison *comparison, const char *reproduce,
                           FILE *out, struct err *err);

#endif
