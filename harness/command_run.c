/* command_run.c - `bench run`: from the command line to rows on disk and a table. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/parse.h"
#include "base/random.h"
#include "harness/census.h"
#include "harness/commands.h"
#include "harness/env.h"
#include "harness/interrupt.h"
#include "harness/output.h"
#include "harness/progress.h"
#include "harness/raw.h"
#include "harness/resume.h"
#include "harness/run_options.h"
#include "harness/sweep.h"
#include "results/table.h"

enum { RUN_ID_SIZE = CLOCK_TEXT_SIZE + 8 };

/* Everything that a sweep needs from beginning to end. */
struct session {
    struct run_options options;
    struct machine_limits limits;
    struct cell_list cells;
    struct preflight_warnings warnings;
    struct measurer measurer;
    struct census_book censuses;
    struct resume resume; /* of what was measured before, with --resume */
    struct output output;
    struct raw *raw;  /* NULL: no requests.csv */
    struct runs runs; /* what has been measured, for the table */
    struct progress progress;
    struct sweep_tally tally;
    FILE *screen; /* standard output, unless the rows go there */
    int64_t started_s;
    char new_run_id[RUN_ID_SIZE];
    const char *run_id;
    json_t *env;
};

/* -- what the terminal shows --------------------------------------------------- */

static void print_plan(const struct session *session)
{
    const struct plan *plan = &session->options.plan;
    unsigned long seconds = (unsigned long)session->cells.predicted_s;
    char *levels = levels_text(&plan->levels);
    char delay[DURATION_TEXT_SIZE];

    (void)fprintf(session->screen, "%zu strategies x %zu levels", plan->strategy_count,
                  plan->levels.count);
    if (plan->variant_count > 1)
        (void)fprintf(session->screen, " x %zu variants", plan->variant_count);
    (void)fprintf(session->screen, ", %u rounds: %zu cells, about %lu:%02lu min\n",
                  plan->rounds, session->cells.count, seconds / 60, seconds % 60);
    (void)fprintf(session->screen, "levels %s\n", levels ? levels : "");
    if (session->options.resume)
        (void)fprintf(session->screen, "%zu rows are there already\n",
                      session->resume.runs.count);
    if (plan->url)
        (void)fprintf(session->screen, "requests go to %s", plan->url);
    else
        (void)fprintf(session->screen, "embedded origin with a delay of %s",
                      duration_text(plan->delay_ns, delay));
    if (!plan->url && plan->capacity)
        (void)fprintf(session->screen, ", %zu at a time", plan->capacity);
    (void)fprintf(session->screen, ", %s connections, seed %" PRIu64 "\n",
                  plan->reuse_connections ? "kept" : "fresh", plan->seed);
    (void)fprintf(session->screen, "%s\n", plan->pin.words);
    for (size_t i = 0; i < session->warnings.count; i++)
        (void)fprintf(session->screen, "warning: %s\n", session->warnings.lines[i]);
    free(levels);
}

static void print_cells(const struct session *session)
{
    (void)fprintf(session->screen, "%5s %8s  %-20s %7s %9s  %s\n", "round", "position",
                  "strategy", "level", "requests", "predicted");
    for (size_t i = 0; i < session->cells.count; i++) {
        const struct cell *cell = &session->cells.cells[i];
        struct verdict verdict;

        (void)fprintf(session->screen, "%5u %8u  %-20s %7u %9" PRIu64 "  ", cell->round,
                      cell->position, cell->strategy->name, cell->level, cell->requests);
        if (session->options.plan.variant_count > 1)
            (void)fprintf(session->screen, "%-12s ", cell->variant->name);
        if (cell->skipped)
            (void)fprintf(session->screen, "skipped: over --max-cell\n");
        else if (preflight_forbids(&session->options.plan, cell, &session->limits,
                                   &verdict))
            (void)fprintf(session->screen, "infeasible: %s\n", verdict.reason);
        else
            (void)fprintf(session->screen, "%.3f s\n", clock_seconds(cell->predicted_ns));
    }
}

/* The article's words, when there is a time; else why not. */
static void print_row(const struct session *session, const struct row *row)
{
    const char *status = row_text(row, COLUMN_status);

    (void)fprintf(session->screen, "%-20s Number: %-6" PRIu64 " ",
                  row_text(row, COLUMN_strategy), row_count(row, COLUMN_level));
    if (session->options.plan.variant_count > 1)
        (void)fprintf(session->screen, "%-12s ", row_text(row, COLUMN_variant));
    if (!strcmp(status, status_word(STATUS_VALID)))
        (void)fprintf(session->screen, "Cost time: %.3f  %s\n",
                      row_number(row, COLUMN_cost_s), row_text(row, COLUMN_notes));
    else
        (void)fprintf(session->screen, "%s: %s\n", status, row_text(row, COLUMN_reason));
}

/* Rows of one status, those of earlier parts of the sweep included. */
static size_t count_status(const struct session *session, enum row_status status)
{
    size_t count = 0;

    for (size_t i = 0; i < session->runs.count; i++)
        count += !strcmp(row_text(&session->runs.rows[i], COLUMN_status),
                         status_word(status));
    return count;
}

static int print_result(const struct session *session, struct err *err)
{
    const char *order[PLAN_STRATEGIES_MAX + 1] = {NULL};
    struct summary summary;
    int result;

    for (size_t i = 0; i < session->options.plan.strategy_count; i++)
        order[i] = session->options.plan.strategies[i]->name;
    if (summary_make(&summary, &session->runs, order, err))
        return -1;
    result = table_print(&summary, session->screen, err);
    summary_free(&summary);
    (void)fprintf(session->screen, "\n%zu rows:", session->runs.count);
    for (int i = 0; i < STATUS_COUNT; i++)
        if (count_status(session, (enum row_status)i))
            (void)fprintf(session->screen, " %zu %s",
                          count_status(session, (enum row_status)i),
                          status_word((enum row_status)i));
    (void)fprintf(session->screen, "\n");
    if (session->output.dir)
        (void)fprintf(session->screen, "%s/runs.csv\n%s/env.json\n", session->output.dir,
                      session->output.dir);
    if (session->raw)
        (void)fprintf(session->screen, "%s/requests.csv\n", session->output.dir);
    return result;
}

/* -- hooks of the sweep -------------------------------------------------------- */

static int on_measure(void *user, const struct cell *cell,
                      struct measurement *measurement, struct err *err)
{
    struct session *session = user;

    struct census census = {0};
    enum cell_end end = CELL_ENDED;

    if (cell->round &&
        census_get(&session->censuses, &session->measurer, cell, &census, &end, err))
        return -1;
    if (end == CELL_INTERRUPTED) {
        *measurement = (struct measurement){.end = end};
        return 0;
    }
    if (measure_cell(&session->measurer, cell, measurement, err))
        return -1;
    measurement->census = census;
    progress_advance(&session->progress, clock_seconds(cell->predicted_ns));
    return 0;
}

static void on_begin(void *user, const struct cell *cell)
{
    struct session *session = user;

    progress_show(&session->progress, cell->strategy->name, cell->level);
}

static int on_row(void *user, const struct cell *cell, const struct row *row,
                  struct err *err)
{
    struct session *session = user;

    (void)cell;
    if (output_row(&session->output, row, err) || runs_add(&session->runs, row, err))
        return -1;
    progress_clear(&session->progress);
    print_row(session, row);
    return 0;
}

static int on_requests(void *user, const struct row *row,
                       const struct measurement *measurement, struct err *err)
{
    struct session *session = user;

    return session->raw ? raw_write(session->raw, row, measurement, err) : 0;
}

/* -- from beginning to end ----------------------------------------------------- */

static void begin(struct session *session)
{
    struct random random = {clock_ns() ^ (uint64_t)getpid()};
    char time[CLOCK_TEXT_SIZE];

    session->started_s = clock_wall_s();
    clock_compact_utc(session->started_s, time);
    (void)snprintf(session->new_run_id, sizeof(session->new_run_id), "%s-%04x", time,
                   (unsigned)random_below(&random, 0x10000));
    session->run_id = session->new_run_id;
    session->screen = stdout;
    if (session->options.csv_path && !strcmp(session->options.csv_path, "-"))
        session->screen = stderr;
    /* Each line is seen as it comes, also in a log. */
    (void)setvbuf(session->screen, NULL, _IOLBF, 0);
}

/* What the typed options, and those of the sweep to go on with, come to. */
static int complete_options(struct session *session, int argc, char **argv,
                            struct err *err)
{
    struct run_options *options = &session->options;

    if (options->resume) {
        if (!options->out_dir)
            return err_set(err, "--resume needs --out DIR: which sweep is to go on?");
        if (resume_open(&session->resume, options->out_dir, err) ||
            resume_options(&session->resume, argc, argv, options, err))
            return -1;
        session->run_id = resume_run_id(&session->resume);
    }
    return run_options_complete(options, err);
}

/* Joins this part of a sweep to the earlier ones. */
static int join_earlier(struct session *session, const char *now, struct err *err)
{
    const struct resume *resume = &session->resume;

    if (resume_check(resume, session->env, err) ||
        resume_merge_env(resume, session->env, now, err))
        return -1;
    resume_skip_done(resume, &session->cells);
    for (size_t i = 0; i < resume->runs.count; i++)
        if (runs_add(&session->runs, &resume->runs.rows[i], err))
            return -1;
    return 0;
}

static json_t *list_warnings(const struct preflight_warnings *warnings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < warnings->count; i++)
        (void)json_array_append_new(list, json_string(warnings->lines[i]));
    return list;
}

/* Everything that can be found wrong before anything is started or written. */
static int prepare(struct session *session, int argc, char **argv, struct err *err)
{
    char started[CLOCK_TEXT_SIZE];
    json_t *plan;

    session->limits = machine_limits_now();
    if (plan_cells(&session->options.plan, &session->cells, err) ||
        preflight_check(&session->options.plan, &session->cells, &session->limits, err))
        return -1;
    preflight_warn(&session->options.plan, &session->cells, &session->limits,
                   &session->warnings);
    session->env = env_machine(&session->limits, err);
    plan = env_plan(&session->options, argc, argv, err);
    if (!session->env || !plan) {
        json_decref(plan);
        return -1;
    }
    clock_iso_utc(session->started_s, started);
    (void)json_object_set_new(plan, "warnings", list_warnings(&session->warnings));
    (void)json_object_set_new(session->env, "plan", plan);
    (void)json_object_set_new(session->env, "run_id", json_string(session->run_id));
    (void)json_object_set_new(session->env, "started", json_string(started));
    return session->options.resume ? join_earlier(session, started, err) : 0;
}

static FILE *progress_stream(enum progress_mode mode)
{
    bool wanted = mode == PROGRESS_ALWAYS ||
                  (mode == PROGRESS_AUTO && isatty(STDERR_FILENO));

    return wanted ? stderr : NULL;
}

static int run_sweep(struct session *session, struct err *err)
{
    struct sweep_hooks hooks = {.user = session,
                                .measure = on_measure,
                                .begin = on_begin,
                                .row = on_row,
                                .requests = on_requests};
    char ended[CLOCK_TEXT_SIZE];
    const char *state;
    int result;

    if (interrupt_install(err))
        return -1;
    /* Orphans of a crashed cell become our children, so that they can be reaped. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1))
        return err_errno(err, "cannot become the reaper of orphans");
    progress_start(&session->progress, progress_stream(session->options.progress),
                   session->cells.count, session->cells.predicted_s);
    result = sweep_run(&session->options.plan, &session->cells, &session->limits,
                       session->run_id, &hooks, &session->tally, err);
    progress_clear(&session->progress);
    clock_iso_utc(clock_wall_s(), ended);
    state = result ? "failed" : session->tally.interrupted ? "interrupted" : "complete";
    (void)json_object_set_new(session->env, "ended", json_string(ended));
    (void)json_object_set_new(session->env, "state", json_string(state));
    if (output_env(&session->output, session->env, result ? NULL : err))
        return -1;
    return result;
}

static int status_of(const struct session *session, int result)
{
    if (session->tally.interrupted)
        return EXIT_INTERRUPTED;
    return result || count_status(session, STATUS_FAILED) ||
                   count_status(session, STATUS_INVALID)
               ? EXIT_INCOMPLETE
               : EXIT_ALL_GOOD;
}

static void say_interrupted(const struct session *session, struct err *err)
{
    if (session->output.dir)
        (void)err_set(err,
                      "interrupted; what was measured is recorded: go on with bench "
                      "--resume --out %s",
                      session->output.dir);
    else
        (void)err_set(err, "interrupted; what was measured until then is recorded");
}

/* The sweep itself, once it is known that it can be done. Returns the exit status. */
static int carry_out(struct session *session, struct err *err)
{
    struct output_options output = {
        .dir = session->options.out_dir,
        .csv_path = session->options.csv_path,
        .wall_s = session->started_s,
        .earlier = session->options.resume ? &session->resume.runs : NULL,
        .earlier_bytes = session->resume.rows_bytes,
    };
    int result;

    if (measurer_open(&session->measurer, &session->options.plan, err) ||
        output_open(&session->output, &output, err) ||
        (session->options.raw &&
         raw_open(&session->raw, session->output.dir, output.earlier, err)) ||
        output_env(&session->output, session->env, err))
        return EXIT_USAGE;
    print_plan(session);
    result = run_sweep(session, err);
    if (print_result(session, result ? NULL : err))
        result = -1;
    if (session->tally.interrupted && !result)
        say_interrupted(session, err);
    if (raw_close(session->raw, result ? NULL : err))
        result = -1;
    session->raw = NULL;
    if (output_close(&session->output, result ? NULL : err))
        result = -1;
    return status_of(session, result);
}

static int run(struct session *session, int argc, char **argv, struct err *err)
{
    int status;

    if (run_options_defaults(&session->options, err))
        return EXIT_INCOMPLETE;
    if (!command_line(&run_command, argc, argv, &session->options, NULL, &status, err))
        return status;
    begin(session);
    if (complete_options(session, argc, argv, err) || prepare(session, argc, argv, err))
        return EXIT_USAGE;
    if (!session->options.dry_run)
        return carry_out(session, err);
    print_plan(session);
    print_cells(session);
    return EXIT_ALL_GOOD;
}

int command_run(int argc, char **argv, struct err *err)
{
    struct session session = {.cells = {0}};
    int status = run(&session, argc, argv, err);

    (void)raw_close(session.raw, NULL);
    (void)output_close(&session.output, NULL);
    measurer_close(&session.measurer);
    census_book_free(&session.censuses);
    cell_list_free(&session.cells);
    runs_free(&session.runs);
    run_options_free(&session.options);
    resume_close(&session.resume);
    json_decref(session.env);
    return status;
}
