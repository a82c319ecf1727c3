/* github_benchmark.h - a summary for github-action-benchmark. */
#ifndef ANALYSIS_REPORT_GITHUB_BENCHMARK_H
#define ANALYSIS_REPORT_GITHUB_BENCHMARK_H

#include <stdio.h>

#include "analysis/report/view.h"
#include "base/err.h"

/* For github-action-benchmark, tool customSmallerIsBetter: a value for each cell and
 * metric, named strategy/level/metric, or strategy/2000rps/metric where that is a rate,
 * and with the variant in front where there are several. Values that are not above 0 are
 * left out: the action divides by them. Fails if no value is left, which the action would
 * refuse too, if `out` does, or without memory. */
int github_benchmark_write(const struct summary *summary, const struct view *view,
                           FILE *out, struct err *err);

#endif
