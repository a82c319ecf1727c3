/* gate_options.h - the options of `bench run` about measuring for a gate. */
#ifndef HARNESS_CLI_GATE_OPTIONS_H
#define HARNESS_CLI_GATE_OPTIONS_H

#include "harness/cli/options.h"
#include "harness/plan/plan.h"

/* What was typed; the target of the group. All zeros: nothing. */
struct gate_options {
    uint64_t budget_ns;           /* 0: none */
    bool budget_per_variant;      /* it is of each variant, not of all */
    bool spend_budget;            /* also when every cell is decided */
    bool picks_cells;             /* the cells are those of gate.h */
    const char *calibration_path; /* NULL: the default one; "off": none */
};

extern const struct option_group gate_option_group;

/* Puts the budget into the plan, whose variants are known by now. */
void gate_options_complete(const struct gate_options *options, struct plan *plan);

#endif
