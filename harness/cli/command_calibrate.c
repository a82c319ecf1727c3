/* command_calibrate.c - `bench calibrate`: how noisy is this machine, and what can a gate
 * on it see? */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/calibrate.h"
#include "base/clock.h"
#include "base/directory.h"
#include "base/parse.h"
#include "harness/cli/arguments.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate.h"
#include "harness/cli/option_values.h"
#include "harness/plan/budget.h"

struct command {
    struct calibration_goal goal;
    const char *budget, *file, *out;
};

/* -- the command line ---------------------------------------------------------- */

static int set_budget(void *target, const char *value, struct err *err)
{
    uint64_t ns;

    ((struct command *)target)->budget = value;
    return parse_duration(value, &ns, err);
}

static int set_side(void *target, const char *value, struct err *err)
{
    struct command *command = target;
    uint64_t ns;

    if (parse_duration(value, &ns, err))
        return -1;
    command->goal.seconds_a_side = clock_seconds(ns);
    return ns ? 0 : err_set(err, "0 leaves no time");
}

static int set_metric(void *target, const char *value, struct err *err)
{
    return metric_parse_list(((struct command *)target)->goal.gates, value, err);
}

static int set_threshold(void *target, const char *value, struct err *err)
{
    return option_share(&((struct command *)target)->goal.threshold, value, err);
}

static int set_file(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->file = value;
    return 0;
}

static int set_out(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->out = value;
    return 0;
}

static const struct option_spec specs[] = {
    {"budget", "DURATION", "how long it may take  [5m]", set_budget},
    {"side", "DURATION", "how long the gate may take for each side  [90s]", set_side},
    {"metric", "LIST", "what the gate will look at  [cpu,overhead]", set_metric},
    {"threshold", "SHARE", "the least change that is of interest  [5%]", set_threshold},
    {"file", "FILE", "where it is written  [results/calibration.json]", set_file},
    {"out", "DIR", "where its rows go  [results/calibration-<UTC time>]", set_out},
};

const struct command_spec calibrate_command = {
    .usage = "bench calibrate [options] [-- OPTIONS OF bench run]",
    .summary = "Measures the same thing twice, to learn how noisy this machine is.",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
    .notes = "Exit status: 0 it is written; 2 usage; 3 no cell is quiet enough to gate "
             "on; 4 it\n"
             "could not be measured or written.\n"
             "What follows -- changes what is measured, such as --delay, --requests or\n"
             "--cells; the gate must then measure the same.\n",
};

/* -- measuring ----------------------------------------------------------------- */

/* Two variants that are the same thing, for as long as the budget lasts. */
static int measure(const struct command *command, const char *dir, int argc, char **argv,
                   struct err *err)
{
    struct arguments arguments = {0};
    char *cells = gate_candidates();
    int status = EXIT_INCOMPLETE;

    if (!cells) {
        (void)err_errno(err, "no memory for the cells to calibrate");
        return status;
    }
    arguments_add(&arguments, "run");
    arguments_add(&arguments, "--profile=ci");
    arguments_add(&arguments, "--calibration=off");
    arguments_add(&arguments, "--cells=%s", cells);
    arguments_add(&arguments, "--variant=a");
    arguments_add(&arguments, "--variant=b");
    arguments_add(&arguments, "--budget=%s", command->budget);
    arguments_add(&arguments, "--stop=budget");
    arguments_add(&arguments, "--out=%s", dir);
    arguments_add(&arguments, "--quiet");
    for (int i = 0; i < argc; i++)
        arguments_add(&arguments, "%s", argv[i]);
    if (!arguments_check(&arguments, err))
        status = command_run(arguments.count, arguments.items, err);
    arguments_free(&arguments);
    free(cells);
    return status;
}

/* -- what comes out ------------------------------------------------------------ */

static void print_share(double share)
{
    if (isfinite(share))
        (void)printf(" %7.1f %%", 100 * share);
    else
        (void)printf(" %9s", "");
}

static void print_cell(const struct calibration_cell *cell,
                       const struct calibration_goal *goal)
{
    (void)printf("%c %-20s %6" PRIu64 " %7.3f s", cell->gates ? '*' : ' ', cell->strategy,
                 cell->level, cell->seconds);
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        if (!goal->gates[metric])
            continue;
        print_share(cell->metrics[metric].noise);
        if (isfinite(cell->metrics[metric].rounds))
            (void)printf(" %7.0f", cell->metrics[metric].rounds);
        else
            (void)printf(" %7s", "");
        print_share(cell->metrics[metric].threshold);
    }
    (void)printf("\n");
}

static void print_calibration(const struct calibration *calibration,
                              const struct calibration_goal *goal)
{
    (void)printf("\n%-38s", "");
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        if (goal->gates[metric])
            (void)printf(" %-27s", metrics[metric].title);
    (void)printf("\n  %-20s %6s %9s", "strategy", "level", "visit");
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        if (goal->gates[metric])
            (void)printf(" %9s %7s %9s", "noise", "rounds", "sees");
    (void)printf("\n");
    for (size_t i = 0; i < calibration->count; i++)
        print_cell(&calibration->cells[i], goal);
    (void)printf(
        "\n*       worth gating on: %u rounds of these fit into %g s for each side\n"
        "noise   standard deviation of one round's ratio between two equal sides\n"
        "rounds  that it takes to tell that equal sides differ by no more than %g %%\n"
        "sees    the difference that the planned rounds can exclude: the threshold\n",
        calibration->rounds, goal->seconds_a_side, 100 * goal->threshold);
}

static int write_calibration(const struct command *command,
                             struct calibration *calibration, struct err *err)
{
    print_calibration(calibration, &command->goal);
    if (directory_make_for(command->file, err) ||
        calibration_write(calibration, command->file, err))
        return -1;
    (void)printf("%s\n", command->file);
    return 0;
}

/* Returns the exit status. */
static int calibrate(const struct command *command, const char *dir, struct err *err)
{
    struct calibration calibration = {0};
    int status = EXIT_INCOMPLETE;
    struct runs runs = {0};

    if (!runs_read(&runs, dir, err)) {
        if (calibration_make(&calibration, &runs, &command->goal, err))
            status = EXIT_CANNOT_TELL;
        else if (!conditions_read(&calibration.conditions, dir, err) &&
                 !write_calibration(command, &calibration, err))
            status = EXIT_ALL_GOOD;
    }
    calibration_free(&calibration);
    runs_free(&runs);
    return status;
}

static char *directory(const struct command *command)
{
    char time[CLOCK_TEXT_SIZE];
    char *dir = NULL;

    clock_compact_utc(clock_wall_s(), time);
    if (command->out)
        return strdup(command->out);
    return asprintf(&dir, "results/calibration-%s", time) < 0 ? NULL : dir;
}

int command_calibrate(int argc, char **argv, struct err *err)
{
    struct command command = {
        .goal = {.seconds_a_side = 90},
        .budget = "5m",
        .file = gate_default_file,
    };
    struct compare_options defaults = compare_options_default();
    char *dir;
    int status;
    int first;

    command.goal.alpha = defaults.alpha / BUDGET_ANALYSES;
    command.goal.threshold = defaults.threshold;
    memcpy(command.goal.gates, defaults.gates, sizeof(defaults.gates));
    if (!command_line(&calibrate_command, argc, argv, &command, &first, &status, err))
        return status;
    dir = directory(&command);
    if (!dir) {
        (void)err_errno(err, "no memory for a path");
        return EXIT_INCOMPLETE;
    }
    status = measure(&command, dir, argc - first, argv + first, err);
    /* Cells with rows that are not valid are not gated on. */
    if (status == EXIT_ALL_GOOD || status == EXIT_INCOMPLETE)
        status = calibrate(&command, dir, err);
    free(dir);
    return status;
}
