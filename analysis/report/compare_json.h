/* compare_json.h - a comparison for programs. */
#ifndef ANALYSIS_REPORT_COMPARE_JSON_H
#define ANALYSIS_REPORT_COMPARE_JSON_H

#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "base/err.h"

/* All of it for programs, as docs/schema/compare.schema.json has it. What is not finite
 * is null; what is absent has no key. Fails if
 * `out` does, or without memory. */
int compare_json_write(const struct comparison *comparison, FILE *out, struct err *err);

#endif
