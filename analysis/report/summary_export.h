/* summary_export.h - a summary in each format in which it is written. All of them fail if
 * `out` does, or without memory. */
#ifndef ANALYSIS_REPORT_SUMMARY_EXPORT_H
#define ANALYSIS_REPORT_SUMMARY_EXPORT_H

#include <stdio.h>

#include "analysis/report/summary.h"
#include "base/err.h"

/* As a person reads it, level down and strategy across: cost time, overhead, CPU per
 * request and memory per request in flight, each as a table, and what is to be said about
 * single cells below them. */
int table_print(const struct summary *summary, FILE *out, struct err *err);

/* For a report or a README: a table for each variant, with a line for each cell with cost
 * time, overhead, CPU and memory, the fastest of a level in bold. */
int summary_markdown_write(const struct summary *summary, FILE *out, struct err *err);

/* For programs that draw: one line per cell. `reference` is 1 for a cell that is no model
 * but what the machine can do. */
int summary_csv_write(const struct summary *summary, FILE *out, struct err *err);

/* All cells for programs, as docs/schema/summary.schema.json has them; a figure that a
 * cell does not have has no key. */
int summary_json_write(const struct summary *summary, FILE *out, struct err *err);

/* As `hyperfine --export-json` writes runs, for what reads that: a result for each cell
 * of the summary with a valid round; `runs` are those that it was made of. Times are
 * cost_s of the valid rounds in the order of the runs. `parameters` has those of
 * strategy, level and variant in which the results differ: the plot over a parameter
 * wants exactly one. Fails also when no cell has a valid round. */
int hyperfine_write(const struct summary *summary, const struct runs *runs, FILE *out,
                    struct err *err);

/* For github-action-benchmark, tool customSmallerIsBetter: a value for each cell and
 * metric, named strategy/level/metric, and with the variant in front where there are
 * several. Values that are not above 0 are left out: the action divides by them. Fails
 * also when none is left, which the action would refuse too. */
int github_benchmark_write(const struct summary *summary, FILE *out, struct err *err);

#endif
