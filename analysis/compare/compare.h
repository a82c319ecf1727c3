/* compare.h - did it get slower? Two sides of measurements, cell by cell, metric by
 * metric.
 *
 * The sides are two variants of one sweep, paired round by round, or two sweeps. Each
 * pair of samples gives a ratio new / base with an interval, a p adjusted for the number
 * of comparisons that can fail the gate, and a verdict. What cannot be compared is named,
 * never passed over. docs/compare.md says how to read it. */
#ifndef ANALYSIS_COMPARE_COMPARE_H
#define ANALYSIS_COMPARE_COMPARE_H

#include "analysis/compare/comparison.h"
#include "analysis/compare/thresholds.h"

struct compare_options {
    const char *const
        *order; /* of strategies, NULL-terminated; those it lacks come last */
    bool gates[METRIC_COUNT];
    bool gates_by_default; /* of these, those that the rows have; without an ideal there
                              is no overhead, and the cost gates */
    double alpha;          /* for the whole family */
    double threshold;      /* changes up to this share are of no interest */
    unsigned analyses; /* planned, at the figures while they were measured; at least 1 */
    const struct calibration *calibration; /* thresholds of cells; NULL: none */
    bool selections_differ; /* a cell of one side alone was not asked of the other */
};

/* 5 % each for alpha and threshold, one look; by default CPU and overhead gate. */
struct compare_options compare_options_default(void);

/* Compares. Two variants of one sweep are paired round by round; sources of two sweeps
 * are not. The looks share out alpha among them, as Bonferroni does, and every interval
 * has the confidence 1 - alpha. Cells measured once, and references, are shown and do not
 * gate. -1: no memory. Give it back with comparison_free(). */
int comparison_make(struct comparison *comparison, const struct compare_source *base,
                    const struct compare_source *head,
                    const struct compare_options *options, struct err *err);

#endif
