/* html_latency.h - the latency quantiles of the HTML report. */
#ifndef ANALYSIS_REPORT_HTML_LATENCY_H
#define ANALYSIS_REPORT_HTML_LATENCY_H

#include <stdio.h>

#include "analysis/report/summary.h"
#include "base/err.h"

/* The latency quantiles of the strategies of each variant at the highest level that has
 * them; nothing if none has: p99 needs many requests. -1: no
 * memory. */
int html_latency_write(const struct summary *summary, const char *const *order, FILE *out,
                       struct err *err);

#endif
