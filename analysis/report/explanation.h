/* explanation.h - why one strategy is behind another, by the counters of their rows. */
#ifndef ANALYSIS_REPORT_EXPLANATION_H
#define ANALYSIS_REPORT_EXPLANATION_H

#include <stdio.h>

#include "analysis/report/ranking.h"

/* Writes a sentence on each of those that are furthest behind: the counters in which they
 * differ most from the best, or that no counter differs. Each sentence ends with '\n'. */
void explanation_write(const struct ranking *ranking, FILE *out);

#endif
