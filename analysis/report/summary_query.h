/* summary_query.h - which cells of a summary belong together. */
#ifndef ANALYSIS_REPORT_SUMMARY_QUERY_H
#define ANALYSIS_REPORT_SUMMARY_QUERY_H

#include "analysis/report/summary.h"

/* The cell of these three, or NULL. */
const struct summary_cell *summary_find(const struct summary *summary,
                                        const char *variant, const char *strategy,
                                        uint64_t point);

/* Whether it has cells of more than one variant. */
bool summary_has_variants(const struct summary *summary);

/* The cells of a variant stand together: the end of those that begin at `first`. So a
 * loop over all variants goes from 0, and from each end, to the count. */
size_t summary_variant_end(const struct summary *summary, size_t first);

/* The highest level, or rate, of a variant that has a valid row; 0: none has. */
uint64_t summary_highest_point(const struct summary *summary, const char *variant);

/* The cells of one point of one variant, which stand together: the first of them, and how
 * many there are. */
const struct summary_cell *summary_at_point(const struct summary *summary,
                                            const char *variant, uint64_t point,
                                            size_t *count);

/* The cells of one strategy in one variant, by point: the first of `*count`. */
const struct summary_cell *const *summary_points(const struct summary *summary,
                                                 const char *variant,
                                                 const char *strategy, size_t *count);

/* Whether a cell is the first of its strategy and variant, by point: so a loop over all
 * cells meets each strategy once. */
bool summary_is_first(const struct summary *summary, const struct summary_cell *cell);

/* The lowest theoretical minimum of some cells; NAN: none has one. */
double summary_lowest_ideal(const struct summary_cell *cells, size_t count);

/* The part of its requests that failed, in percent: the median of the valid rounds. 0 if
 * none did. */
double summary_failed_percent(const struct summary_cell *cell);

#endif
