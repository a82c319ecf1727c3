/* command_calibrate.c - `bench calibrate`: how noisy is this machine, and which changes
 * can a gate on it detect? */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/calibrate.h"
#include "base/clock.h"
#include "base/directory.h"
#include "base/terminal.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/consent.h"
#include "harness/cli/gate.h"
#include "harness/cli/run_request.h"
#include "harness/cli/run_screen.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_fields.h"
#include "harness/sweep/session.h"

struct request {
    struct run_request run; /* first: what follows "--" is read into it */
    struct calibration_goal goal;
    uint64_t budget_ns, side_ns;
    char *file, *out;
};

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("budget", "DURATION", "5m", "time that the calibration may take",
           DURATION(budget_ns, 1, UINT64_MAX / 64, NULL)),
    OPTION("side", "DURATION", "30s", "time that the gate may take per side",
           DURATION(side_ns, 1, UINT64_MAX / 64, NULL)),
    OPTION("metric", "LIST", "cpu,overhead", "metrics that the gate will judge",
           OTHER(goal.gates, metrics_ops)),
    OPTION("threshold", "SHARE", "5%", "the smallest change of interest",
           SHARE(goal.threshold)),
    OPTION("file", "FILE", GATE_DEFAULT_FILE, "file for the calibration", TEXT(file)),
    OPTION("out", "DIR", "", "directory for the rows [results/calibration-<run id>]",
           TEXT(out)),
};

static const struct option_list options = OPTIONS_OF(specs);

/* -- measuring ----------------------------------------------------------------- */

/* Two equal variants of the cells that a gate may choose from. The options behind "--"
 * change this plan. */
static int begin(void *object, struct err *err)
{
    struct plan *plan = &((struct request *)object)->run.plan;

    *plan = plan_defaults();
    value_reset(plan, plan_field_find("variant"));
    return plan_set(plan, "profile", "ci", err) ||
                   plan_set(plan, "calibration", "off", err) ||
                   plan_set(plan, "variant", "a", err) ||
                   plan_set(plan, "variant", "b", err) ||
                   plan_set(plan, "stop", "budget", err) ||
                   gate_pick_candidates(plan, err)
               ? -1
               : 0;
}

/* For as long as the budget lasts. Returns the exit status. */
static int measure(struct request *request, const char *dir, struct err *err)
{
    struct session_sinks sinks = {.dir = dir,
                                  .listener = {.cell_line = run_screen_cell_line}};
    struct session session;
    int status = EXIT_USAGE;

    request->run.plan.budget_ns = request->budget_ns;
    request->run.plan.budget_per_variant = false;
    if (plan_complete(&request->run.plan, err))
        return EXIT_USAGE;
    if (!session_open(&session, &request->run.plan, &sinks, err) &&
        !consent_require(&session, request->run.yes ? CONSENT_GIVEN : CONSENT_ASK, stdout,
                         err) &&
        !session_start(&session, err)) {
        status = session_run(&session, err) ? EXIT_INCOMPLETE : EXIT_ALL_GOOD;
        if (session_finish(&session, status ? NULL : err))
            status = EXIT_INCOMPLETE;
        if (session.tally.interrupted)
            status = EXIT_INTERRUPTED;
    }
    session_close(&session);
    return status;
}

/* -- results ------------------------------------------------------------------- */

static void print_share(double share)
{
    if (isfinite(share))
        (void)printf(" %7.1f %%", 100 * share);
    else
        (void)printf(" %9s", "");
}

static void print_metrics(const struct calibration_metric list[METRIC_COUNT],
                          const struct calibration_goal *goal)
{
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        if (!goal->gates[metric])
            continue;
        print_share(list[metric].noise);
        if (isfinite(list[metric].rounds))
            (void)printf(" %7.0f", list[metric].rounds);
        else
            (void)printf(" %7s", "");
        print_share(list[metric].threshold);
    }
    (void)printf("\n");
}

static void print_cell(const struct calibration_cell *cell,
                       const struct calibration_goal *goal)
{
    (void)printf("%c %-20s %6" PRIu64 " %7.3f s", cell->gates ? '*' : ' ', cell->strategy,
                 cell->level, cell->seconds);
    print_metrics(cell->metrics, goal);
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
            (void)printf(" %9s %7s %9s", "noise", "rounds", "threshold");
    (void)printf("\n");
    for (size_t i = 0; i < calibration->count; i++)
        print_cell(&calibration->cells[i], goal);
    (void)printf("%-38s", "* all of these together");
    print_metrics(calibration->overall, goal);
    (void)printf(
        "\n*          worth gating on: %u rounds of these fit into %g s per side\n"
        "noise      standard deviation of the ratio of two equal sides in one round\n"
        "rounds     needed to exclude a difference of %g %% in a cell, of %g %% in all "
        "of\n"
        "           them together\n"
        "threshold  the difference that the planned rounds can exclude\n",
        calibration->rounds, goal->seconds_a_side, 100 * goal->threshold,
        100 * COMPARE_OVERALL_THRESHOLD_LEAST);
}

/* Cells with rows that are not valid are not gated on. Returns the exit status. */
static int calibrate(const struct request *request, const char *dir, struct err *err)
{
    struct calibration calibration = {0};
    int status = EXIT_INCOMPLETE;
    struct runs runs = {0};

    if (!runs_read(&runs, dir, err)) {
        status = EXIT_CANNOT_TELL;
        if (!calibration_make(&calibration, &runs, &request->goal, err)) {
            print_calibration(&calibration, &request->goal);
            status = conditions_read(&calibration.conditions, dir, err) ||
                             directory_make_for(request->file, err) ||
                             calibration_write(&calibration, request->file, err)
                         ? EXIT_INCOMPLETE
                         : EXIT_ALL_GOOD;
        }
    }
    if (status == EXIT_ALL_GOOD) {
        terminal_write(stdout, request->file);
        (void)fputc('\n', stdout);
    }
    calibration_free(&calibration);
    runs_free(&runs);
    return status;
}

static char *directory(const struct request *request)
{
    char run_id[SESSION_RUN_ID_SIZE];
    char *dir = NULL;

    if (request->out)
        return strdup(request->out);
    session_name(run_id, clock_wall_s());
    return asprintf(&dir, "results/calibration-%s", run_id) < 0 ? NULL : dir;
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct request *request = object;
    struct compare_options defaults = compare_options_default();
    char *dir = directory(request);
    int status;

    request->goal.alpha = compare_part_of_alpha(defaults.alpha, BUDGET_ANALYSES, false);
    request->goal.seconds_a_side = clock_seconds(request->side_ns);
    if (!dir) {
        (void)err_errno(err, "no memory for a path");
        return EXIT_INCOMPLETE;
    }
    status = run_request_check(&request->run, typed, err) ? EXIT_USAGE
                                                          : measure(request, dir, err);
    if (status == EXIT_ALL_GOOD)
        status = calibrate(request, dir, err);
    if (status == EXIT_INTERRUPTED)
        (void)err_set(err, "interrupted; %s was not written; the rows so far are in %s",
                      request->file, dir);
    else if (status != EXIT_ALL_GOOD && status != EXIT_USAGE)
        (void)err_prefix(err, "%s was not written; the rows are in %s", request->file,
                         dir);
    free(dir);
    return status;
}

static void end(void *object)
{
    options_end(&run_options, &((struct request *)object)->run);
    run_request_end(&((struct request *)object)->run);
}

const struct command calibrate_command = {
    .name = "calibrate",
    .usage = "bench calibrate [options] [-- OPTIONS OF bench run]",
    .summary = "Measures the same build twice to find out how noisy this machine is.",
    .notes =
        "Exit status: 0 the calibration is written; 2 usage; 3 no cell is quiet enough "
        "to\n"
        "gate on; 4 measuring or writing failed.\n"
        "Options of bench run behind -- change the measured cells, such as --delay,\n"
        "--requests or --cells; the gate must then use the same ones. --yes goes there, "
        "too.\n",
    .options = &options,
    .behind = &measured_options,
    .request_bytes = sizeof(struct request),
    .begin = begin,
    .run = run,
    .end = end,
};
