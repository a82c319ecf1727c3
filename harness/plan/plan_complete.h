/* plan_complete.h - chooses on this machine the fields that a plan leaves open. */
#ifndef HARNESS_PLAN_PLAN_COMPLETE_H
#define HARNESS_PLAN_PLAN_COMPLETE_H

#include "harness/plan/plan.h"

/* Chooses strategies, levels, seed, CPUs, workers and timeout where the plan leaves them
 * open, looks up names, and checks the plan. Afterwards its plan.json describes the
 * measurement completely. */
int plan_complete(struct plan *plan, struct err *err);

/* The first part of it: chooses all strategies and the article's levels, unless the plan
 * names some or leaves them to a calibration. */
int plan_choose_selection(struct plan *plan, struct err *err);

#endif
