/* calibrate.h - finds out from two equal sides which changes a gate on this machine can
 * detect. */
#ifndef ANALYSIS_COMPARE_CALIBRATE_H
#define ANALYSIS_COMPARE_CALIBRATE_H

#include "analysis/compare/thresholds.h"
#include "analysis/rows/runs.h"

enum { CALIBRATION_GATES_MAX = 8 };

/* The goal by which a gate is planned. */
struct calibration_goal {
    double seconds_a_side;    /* that the gate may take per side */
    double alpha;             /* the part for the cells in one analysis; the overall lines
                                 have another (compare_part_of_alpha) */
    double threshold;         /* no cell gets one below this */
    bool gates[METRIC_COUNT]; /* metrics that gate */
};

/* Makes a calibration from a sweep in which the variants "a" and "b" were the same. Cells
 * with rows that are not valid, references and cells measured once are left out of the
 * gate. -1: no memory, or nothing in the runs to calibrate with. The conditions are left
 * empty. */
int calibration_make(struct calibration *calibration, const struct runs *runs,
                     const struct calibration_goal *goal, struct err *err);

#endif
