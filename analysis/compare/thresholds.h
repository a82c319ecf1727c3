/* thresholds.h - the noise of a machine and the thresholds that follow, as `bench
 * calibrate` writes them. */
#ifndef ANALYSIS_COMPARE_THRESHOLDS_H
#define ANALYSIS_COMPARE_THRESHOLDS_H

#include <stdbool.h>
#include <stdint.h>

#include "analysis/rows/conditions.h"
#include "analysis/rows/metric.h"
#include "base/err.h"

/* The noise of one metric in one cell, or in all of them together. NAN where it was not
 * measured. */
struct calibration_metric {
    double noise; /* standard deviation of ln(b / a) of two equal sides in one round */
    double threshold; /* the least change that the planned rounds can exclude */
    double rounds;    /* needed to exclude a change of the wanted threshold */
};

struct calibration_cell {
    char strategy[64];
    uint64_t level;
    bool gates;     /* one of those worth gating on */
    double seconds; /* per visit */
    struct calibration_metric metrics[METRIC_COUNT];
};

struct calibration {
    struct calibration_cell *cells;
    size_t count;
    struct calibration_metric overall[METRIC_COUNT]; /* of all gating cells together */
    unsigned rounds;              /* that fit into the time of the gate */
    struct conditions conditions; /* that it was measured under */
};

/* Write and read calibration.json. */
int calibration_write(const struct calibration *calibration, const char *path,
                      struct err *err);
int calibration_read(struct calibration *calibration, const char *path, struct err *err);

/* The cell, or NULL. */
struct calibration_cell *calibration_find(const struct calibration *calibration,
                                          const char *strategy, uint64_t level);

/* The threshold of a cell and metric; NAN if it is not known. */
double calibration_threshold(const struct calibration *calibration, const char *strategy,
                             uint64_t level, enum metric metric);

void calibration_free(struct calibration *calibration); /* fine for all zeros */

#endif
