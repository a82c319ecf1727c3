/* plan_values.h - reading and writing of the fields of a plan that are more than a
 * number, a word or a text. `object` is what plan_fields.c says. */
#ifndef HARNESS_PLAN_PLAN_VALUES_H
#define HARNESS_PLAN_PLAN_VALUES_H

#include "base/value.h"

/* Of a struct plan. */
extern const struct value_ops plan_strategies_ops, plan_levels_ops, plan_cells_ops,
    plan_variants_ops, plan_budget_ops, plan_seed_ops;

/* Of one member. */
extern const struct value_ops plan_pin_ops, plan_delay_ops, plan_body_ops, plan_fault_ops,
    plan_labels_ops;

#endif
