/* calibrate.h - working out from two equal sides what a gate on this machine can see. */
#ifndef ANALYSIS_COMPARE_CALIBRATE_H
#define ANALYSIS_COMPARE_CALIBRATE_H

#include "analysis/compare/thresholds.h"
#include "analysis/rows/runs.h"

enum { CALIBRATION_GATES_MAX = 8 };

/* How it is to be planned. */
struct calibration_goal {
    double seconds_a_side;    /* that the gate may take */
    double alpha;             /* the part of the cells in one analysis, as of the overall
                                 lines (compare_part_of_alpha) */
    double threshold;         /* that of no cell is set below this */
    bool gates[METRIC_COUNT]; /* metrics that gate */
};

/* Works it out from a sweep in which the variants "a" and "b" were the same thing. Cells
 * with rows that are not valid, references and cells measured once are left out of the
 * gate. -1: no memory, or nothing in the runs to calibrate with. The conditions
 * are left empty. */
int calibration_make(struct calibration *calibration, const struct runs *runs,
                     const struct calibration_goal *goal, struct err *err);

#endif
