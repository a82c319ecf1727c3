/* compare_json.h - a comparison for programs. */
#ifndef ANALYSIS_REPORT_COMPARE_JSON_H
#define ANALYSIS_REPORT_COMPARE_JSON_H

#include <stdio.h>

#include "analysis/compare/comparison.h"
#include "base/err.h"

/* Writes it as docs/schema/compare.schema.json describes. Values that are not finite are
 * null; absent ones have no key. Fails if `out` does, or without memory. */
int compare_json_write(const struct comparison *comparison, FILE *out, struct err *err);

#endif
