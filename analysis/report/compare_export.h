/* compare_export.h - a comparison in each format in which it is written. All of them fail
 * if `out` does, or without memory. */
#ifndef ANALYSIS_REPORT_COMPARE_EXPORT_H
#define ANALYSIS_REPORT_COMPARE_EXPORT_H

#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "base/err.h"

/* As it is read in a terminal, at 100 columns: the two sides, a line for each item that
 * gates (with `all` the others below them), slower ones first, then why some cannot be
 * told, the problems by name, and the verdict as the last line. */
int compare_table_write(const struct comparison *comparison, bool all, FILE *out,
                        struct err *err);

/* As a comment on a pull request: the verdict as a heading, the problems, a table of what
 * is slower, cannot be told, or is faster, and folded below them the rest, the two sides,
 * and `reproduce`, which are the commands that make it again, or NULL. */
int compare_markdown_write(const struct comparison *comparison, const char *reproduce,
                           FILE *out, struct err *err);

/* All of it for programs, as docs/schema/compare.schema.json has it. What is not finite
 * is null; what is absent has no key. */
int compare_json_write(const struct comparison *comparison, FILE *out, struct err *err);

/* As a JUnit report, which CI systems show as tests: one test case for each item that
 * gates (slower is a failure, cannot tell is skipped) and one with an error for each
 * problem, as junit-10.xsd of Jenkins has them. With neither, one test case says that
 * nothing was compared, as an error: an empty report would be green. */
int junit_write(const struct comparison *comparison, FILE *out, struct err *err);

#endif
