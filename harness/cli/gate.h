/* gate.h - the cells and thresholds of a gate on this machine: from its calibration, or
 * defaults without one. */
#ifndef HARNESS_CLI_GATE_H
#define HARNESS_CLI_GATE_H

#include "analysis/compare/compare.h"
#include "analysis/compare/thresholds.h"
#include "analysis/rows/conditions.h"
#include "base/value.h"
#include "harness/plan/plan.h"

/* Reads a list of metrics, --metric cpu,overhead, into a bool[METRIC_COUNT]. */
extern const struct value_ops metrics_ops;

enum { GATE_TEXT_SIZE = 320 };

/* Where a calibration is kept unless another file is named. */
#define GATE_DEFAULT_FILE "results/calibration.json"

struct gate {
    struct calibration calibration; /* no cells: there is none */
    char text[GATE_TEXT_SIZE];      /* where it comes from, or why there is none */
};

/* Reads the calibration that the plan names, if the plan has a budget or takes its cells
 * from the calibration; these cells are put into the plan. A calibration of another
 * machine is not used, and the text says so. -1: the file cannot be read. */
int gate_prepare(struct gate *gate, struct plan *plan, struct err *err);

/* Reads the calibration in `path` (NULL: the default file, if there is one; "off": none)
 * for a machine with the facts `env`, as env.json has them. */
int gate_open(struct gate *gate, const char *path, const json_t *env, struct err *err);

/* Drops the calibration if it was measured under other conditions than those of the
 * plan, and says so in the text. -1: no memory. */
int gate_fit_plan(struct gate *gate, const struct plan *plan, struct err *err);
int gate_fit_conditions(struct gate *gate, const struct conditions *conditions,
                        struct err *err);

void gate_close(struct gate *gate); /* fine for all zeros */

/* The calibration, or NULL. */
const struct calibration *gate_calibration(const struct gate *gate);

/* Picks the cells that a calibration chooses from: each concurrent strategy that is not a
 * reference, at each of the gate's levels. */
int gate_pick_candidates(struct plan *plan, struct err *err);

/* Do these rows of the plan's two variants decide what bench compare will say? */
int gate_decided(const struct gate *gate, const struct plan *plan,
                 const struct runs *runs, bool *decided, struct err *err);

#endif
