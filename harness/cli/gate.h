/* gate.h - what a gate on this machine looks at: the calibration of the machine, or what
 * can be expected without one. */
#ifndef HARNESS_CLI_GATE_H
#define HARNESS_CLI_GATE_H

#include "analysis/compare/compare.h"
#include "analysis/compare/thresholds.h"
#include "harness/plan/plan.h"

enum { GATE_WORDS_SIZE = 320 };

/* Where a calibration is kept unless another file is named. */
extern const char gate_default_file[];

struct gate {
    struct calibration calibration; /* no cells: there is none */
    char words[GATE_WORDS_SIZE];    /* where it comes from, or why there is none */
};

/* Reads the calibration in `path` (NULL: the default file, if there is one; "off": none).
 * One of another machine than env.json describes is not used, and the words say so. -1:
 * the file cannot be read. */
int gate_open(struct gate *gate, const char *path, const json_t *env, struct err *err);

/* Lets go of the calibration if it is of a plan that measures something else than this
 * one; the words say so. -1: no memory. */
int gate_fit_plan(struct gate *gate, const struct conditions *now, struct err *err);

void gate_close(struct gate *gate); /* fine for all zeros */

/* The calibration, or NULL. */
const struct calibration *gate_calibration(const struct gate *gate);

/* The cells that a calibration chooses from, as --cells has them: each concurrent
 * strategy that is no reference, at each of the gate's levels. Owner: the caller, free();
 * NULL: no memory. */
char *gate_candidates(void);

/* Picks the cells worth gating on: the calibrated ones, or else the concurrent strategies
 * of the article at two levels. */
int gate_pick(const struct gate *gate, struct plan *plan, struct err *err);

/* Is every cell that gates decided by these rows of the plan's two variants: slower, or
 * surely not, with `looks` planned? */
int gate_decided(const struct gate *gate, const struct plan *plan, unsigned analyses,
                 const struct runs *runs, bool *decided, struct err *err);

#endif
