/* gate_options.c - see gate_options.h. */
#include "harness/cli/gate_options.h"

#include "harness/cli/option_values.h"

static int set_budget(void *target, const char *value, struct err *err)
{
    struct gate_options *options = target;

    options->budget_per_variant = false;
    return option_limit(&options->budget_ns, value, err);
}

static int set_stop(void *target, const char *value, struct err *err)
{
    static const char *const words[] = {"decided", "budget", NULL};
    struct gate_options *options = target;
    int word;

    if (option_word(&word, value, words, err))
        return -1;
    options->spend_budget = word == 1;
    return 0;
}

static int set_calibration(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct gate_options *)target)->calibration_path = value;
    return 0;
}

static const struct option_spec specs[] = {
    {"budget", "DURATION",
     "begin no round that would not fit into it; with two variants\n"
     "stop when every cell is decided  [off]",
     set_budget},
    {"stop", "decided|budget", "when to stop with two variants and a budget  [decided]",
     set_stop},
    {"calibration", "FILE|off",
     "what bench calibrate found out, for the profile ci and for\n"
     "what is decided  [results/calibration.json]",
     set_calibration},
};

const struct option_group gate_option_group = {
    .title = "For a gate",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
};

void gate_options_complete(const struct gate_options *options, struct plan *plan)
{
    plan->spend_budget = options->spend_budget;
    plan->budget_ns = options->budget_ns;
    if (options->budget_per_variant)
        plan->budget_ns *= plan->variant_count;
}
