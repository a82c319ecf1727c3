/* compare.h - did it get slower? Compares two sides of measurements, cell by cell, metric
 * by metric.
 *
 * The sides are two variants of one sweep, paired round by round, or two sweeps. Each
 * pair of samples gives a ratio head / base with an interval, a p adjusted for the number
 * of comparisons that can fail the gate, and a verdict. Cells that cannot be compared are
 * named, never passed over. docs/compare.md says how to read it. */
#ifndef ANALYSIS_COMPARE_COMPARE_H
#define ANALYSIS_COMPARE_COMPARE_H

#include "analysis/compare/comparison.h"
#include "analysis/compare/thresholds.h"

struct compare_options {
    const char *const
        *order; /* of strategies, NULL-terminated; those it lacks come last */
    bool gates[METRIC_COUNT];
    bool gates_by_default;    /* only those that the rows have; without an ideal there is
                                 no overhead, and the cost gates instead */
    double alpha;             /* for all comparisons together */
    double threshold;         /* changes up to this share do not matter */
    double overall_threshold; /* likewise for all cells together; NAN: as calibrated, or
                                 else COMPARE_OVERALL_THRESHOLD */
    bool by_cells;            /* every cell must be decided; no overall comparison */
    unsigned analyses;        /* planned while the figures were measured; at least 1 */
    const struct calibration *calibration; /* thresholds of cells; NULL: none */
    bool selections_differ; /* a cell of one side may be missing on the other */
};

/* 5 % each for alpha and threshold, one analysis; by default CPU and overhead gate. */
struct compare_options compare_options_default(void);

/* The overall threshold without a calibration, and the least that a calibration gives. */
#define COMPARE_OVERALL_THRESHOLD       0.03
#define COMPARE_OVERALL_THRESHOLD_LEAST 0.02

/* The part of alpha that the cells have in one of several analyses; an overall
 * comparison, if there is one, has another part as large (Bonferroni). */
double compare_part_of_alpha(double alpha, unsigned analyses, bool by_cells);

/* Compares. Two variants of one sweep are paired round by round, and compared over all
 * cells together as well (overall.h); sources of two sweeps are not, and every cell must
 * be decided. Every interval has the confidence 1 - the part of alpha. Cells measured
 * once, and references, are shown and do not gate. -1: no memory. Owner: the caller,
 * comparison_free(). */
int comparison_make(struct comparison *comparison, const struct compare_source *base,
                    const struct compare_source *head,
                    const struct compare_options *options, struct err *err);

#endif
