/* html_verdicts.h - a comparison of two variants in the HTML report. */
#ifndef ANALYSIS_REPORT_HTML_VERDICTS_H
#define ANALYSIS_REPORT_HTML_VERDICTS_H

#include <stdio.h>

#include "analysis/compare/comparison.h"

/* `basis` says where the thresholds come from; may be "". -1: no memory. */
int html_verdicts_write(const struct comparison *comparison, const char *basis, FILE *out,
                        struct err *err);

#endif
