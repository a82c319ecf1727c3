/* summary_json.h - a summary for programs. */
#ifndef ANALYSIS_REPORT_SUMMARY_JSON_H
#define ANALYSIS_REPORT_SUMMARY_JSON_H

#include <stdio.h>

#include "analysis/report/view.h"
#include "base/err.h"

/* Writes all cells as docs/schema/summary.schema.json describes; a figure that a cell
 * does not have has no key. Fails if `out` does, or without memory. */
int summary_json_write(const struct summary *summary, const struct view *view, FILE *out,
                       struct err *err);

#endif
