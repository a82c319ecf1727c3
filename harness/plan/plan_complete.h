/* plan_complete.h - what a plan leaves open is chosen on this machine. */
#ifndef HARNESS_PLAN_PLAN_COMPLETE_H
#define HARNESS_PLAN_PLAN_COMPLETE_H

#include "harness/plan/plan.h"

/* Chooses strategies, levels, seed, CPUs, workers and timeout where the plan leaves them
 * open, looks up names, and checks the plan. Afterwards its plan.json says what is
 * measured. */
int plan_complete(struct plan *plan, struct err *err);

/* Its first part: all strategies and the levels of the article, unless some are chosen or
 * are to be those of a calibration. */
int plan_choose_selection(struct plan *plan, struct err *err);

#endif
