/* plan_values.h - parsers and writers for the fields of a plan that are more than a
 * number, a word or a text. plan_fields.c says to which object each applies. */
#ifndef HARNESS_PLAN_PLAN_VALUES_H
#define HARNESS_PLAN_PLAN_VALUES_H

#include "base/value.h"

/* For a struct plan. */
extern const struct value_ops plan_strategies_ops, plan_levels_ops, plan_rates_ops,
    plan_find_rate_ops, plan_cells_ops, plan_variants_ops, plan_budget_ops, plan_seed_ops;

/* For one member. */
extern const struct value_ops plan_pin_ops, plan_delay_ops, plan_body_ops, plan_fault_ops,
    plan_labels_ops;

#endif
