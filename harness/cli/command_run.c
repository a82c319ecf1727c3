/* command_run.c - `bench run`: from the command line to rows on disk and a table. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/random.h"
#include "harness/cell/interrupt.h"
#include "harness/cell/memory_probe.h"
#include "harness/cli/commands.h"
#include "harness/cli/consent.h"
#include "harness/cli/gate.h"
#include "harness/cli/progress.h"
#include "harness/cli/run_options.h"
#include "harness/cli/run_screen.h"
#include "harness/plan/budget.h"
#include "harness/sweep/env.h"
#include "harness/sweep/output.h"
#include "harness/sweep/raw.h"
#include "harness/sweep/resume.h"
#include "harness/sweep/sweep.h"

enum { RUN_ID_SIZE = CLOCK_TEXT_SIZE + 8 };

/* Everything that a sweep needs from beginning to end. */
struct session {
    struct run_options options;
    struct machine_limits limits;
    struct cell_list cells;
    struct preflight_warnings warnings;
    struct measurer measurer;
    struct memory_probe_book memory_probes;
    struct gate gate; /* what decides that a budget need not be spent */
    struct budget budget;
    struct resume resume; /* of what was measured before, with --resume */
    struct output output;
    struct raw *raw;  /* NULL: no requests.csv */
    struct runs runs; /* what has been measured, for the table */
    struct progress progress;
    struct sweep_tally tally;
    struct run_screen screen;
    FILE *nowhere; /* for --quiet; NULL: not needed */
    int64_t started_s;
    char new_run_id[RUN_ID_SIZE];
    const char *run_id;
    json_t *env;
};

/* -- hooks of the sweep -------------------------------------------------------- */

static int on_measure(void *user, const struct cell *cell,
                      struct measurement *measurement, struct err *err)
{
    struct session *session = user;

    struct memory_probe memory_probe = {0};
    enum cell_end end = CELL_ENDED;

    if (cell->round && memory_probe_get(&session->memory_probes, &session->measurer, cell,
                                        &memory_probe, &end, err))
        return -1;
    if (end == CELL_INTERRUPTED) {
        *measurement = (struct measurement){.end = end};
        return 0;
    }
    if (measure_cell(&session->measurer, cell, measurement, err))
        return -1;
    measurement->memory_probe = memory_probe;
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
    run_screen_row(&session->screen, row);
    return 0;
}

static int on_requests(void *user, const struct row *row,
                       const struct measurement *measurement, struct err *err)
{
    struct session *session = user;

    return session->raw ? raw_write(session->raw, row, measurement, err) : 0;
}

/* With a budget: is it spent, or is all decided that was to be decided? */
static int on_round_over(void *user, bool *stop, struct err *err)
{
    struct session *session = user;
    const struct plan *plan = &session->options.plan;
    uint64_t now_ns = clock_ns();
    bool has_room = budget_has_room(&session->budget, now_ns);
    bool decided = false;

    if (plan_analyses(plan) > 1 && budget_analysis_is_due(&session->budget, now_ns) &&
        gate_decided(&session->gate, plan, plan_analyses(plan), &session->runs, &decided,
                     err))
        return -1;
    *stop = decided || !has_room;
    if (decided)
        (void)fprintf(session->screen.out, "every cell is decided\n");
    return 0;
}

/* -- from beginning to end ----------------------------------------------------- */

static int begin(struct session *session, struct err *err)
{
    struct random random = {clock_ns() ^ (uint64_t)getpid()};
    char time[CLOCK_TEXT_SIZE];

    session->started_s = clock_wall_s();
    clock_compact_utc(session->started_s, time);
    (void)snprintf(session->new_run_id, sizeof(session->new_run_id), "%s-%04x", time,
                   (unsigned)random_below(&random, 0x10000));
    session->run_id = session->new_run_id;
    session->screen.out = stdout;
    if (session->options.quiet) {
        session->nowhere = fopen("/dev/null", "we");
        if (!session->nowhere)
            return err_errno(err, "cannot open /dev/null");
        session->screen.out = session->nowhere;
    }
    if (!session->options.quiet && session->options.csv_path &&
        !strcmp(session->options.csv_path, "-"))
        session->screen.out = stderr;
    session->screen.plan = &session->options.plan;
    session->screen.cells = &session->cells;
    session->screen.limits = &session->limits;
    session->screen.warnings = &session->warnings;
    session->screen.runs = &session->runs;
    session->screen.gate_words = session->gate.words;
    /* Each line is seen as it comes, also in a log. */
    (void)setvbuf(session->screen.out, NULL, _IOLBF, 0);
    return 0;
}

/* What is known of this machine's noise, for a sweep that asks for it, and with the
 * profile for it the cells that are worth the time. */
static int open_gate(struct session *session, struct err *err)
{
    struct run_options *options = &session->options;

    if (!options->gate.picks_cells && !options->gate.budget_ns)
        return 0;
    if (gate_open(&session->gate, options->gate.calibration_path, session->env, err))
        return -1;
    return options->gate.picks_cells ? gate_pick(&session->gate, &options->plan, err) : 0;
}

/* What the typed options, and those of the sweep to go on with, come to. */
static int complete_options(struct session *session, int argc, char **argv,
                            struct err *err)
{
    struct run_options *options = &session->options;

    session->limits = machine_limits_now();
    session->env = env_machine(&session->limits, err);
    if (!session->env)
        return -1;
    if (options->resume) {
        if (!options->out_dir)
            return err_set(err, "--resume needs --out DIR: which sweep is to go on?");
        if (resume_open(&session->resume, options->out_dir, err) ||
            resume_options(&session->resume, argc, argv, options, err))
            return -1;
        session->run_id = resume_run_id(&session->resume);
    }
    return open_gate(session, err) || run_options_complete(options, err) ? -1 : 0;
}

/* Joins this part of a sweep to the earlier ones. */
static int join_earlier(struct session *session, const char *now, struct err *err)
{
    const struct resume *resume = &session->resume;

    if (resume_check(resume, session->env, err) ||
        resume_merge_env(resume, session->env, now, err))
        return -1;
    resume_skip_done(resume, &session->cells);
    session->screen.rows_before = resume->runs.count;
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

static int fit_gate(struct session *session, struct err *err)
{
    struct conditions now;
    int result;

    if (conditions_from(&now, NULL, session->env, err))
        return -1;
    result = gate_fit_plan(&session->gate, &now, err);
    conditions_free(&now);
    return result;
}

/* Everything that can be found wrong before anything is started or written. */
static int prepare(struct session *session, int argc, char **argv, struct err *err)
{
    char started[CLOCK_TEXT_SIZE];
    json_t *plan;

    if (plan_cells(&session->options.plan, &session->cells, err) ||
        preflight_check(&session->options.plan, &session->cells, &session->limits, err))
        return -1;
    preflight_warn(&session->options.plan, &session->cells, &session->limits,
                   &session->warnings);
    plan = env_plan(&session->options, argc, argv, err);
    if (!plan)
        return -1;
    clock_iso_utc(session->started_s, started);
    (void)json_object_set_new(plan, "warnings", list_warnings(&session->warnings));
    (void)json_object_set_new(session->env, "plan", plan);
    if (fit_gate(session, err))
        return -1;
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
                                .requests = on_requests,
                                .round_over = on_round_over};
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
    budget_start(&session->budget, session->options.plan.budget_ns, clock_ns());
    result = sweep_run(&session->options.plan, &session->cells, &session->limits,
                       session->run_id, &hooks, &session->tally, err);
    progress_clear(&session->progress);
    clock_iso_utc(clock_wall_s(), ended);
    state = result ? "failed" : session->tally.interrupted ? "interrupted" : "complete";
    (void)json_object_set_new(session->env, "ended", json_string(ended));
    (void)json_object_set_new(session->env, "rounds",
                              json_integer(session->tally.rounds));
    (void)json_object_set_new(session->env, "state", json_string(state));
    if (output_env(&session->output, session->env, result ? NULL : err))
        return -1;
    return result;
}

static int status_of(const struct session *session, int result)
{
    if (session->tally.interrupted)
        return EXIT_INTERRUPTED;
    return result || run_screen_count(&session->screen, STATUS_FAILED) ||
                   run_screen_count(&session->screen, STATUS_INVALID)
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
    run_screen_plan(&session->screen);
    result = run_sweep(session, err);
    if (run_screen_result(&session->screen, session->output.dir, session->raw,
                          result ? NULL : err))
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

/* Says what goes to other machines, and asks. */
static int obtain_consent(const struct session *session, struct err *err)
{
    const struct run_options *options = &session->options;
    enum consent_mode mode = options->dry_run      ? CONSENT_SHOW
                             : options->target.yes ? CONSENT_GIVEN
                                                   : CONSENT_ASK;

    return consent_require(&options->plan, &session->cells, &session->limits, mode,
                           session->screen.out, err);
}

static int run(struct session *session, int argc, char **argv, struct err *err)
{
    int status;

    if (run_options_defaults(&session->options, err))
        return EXIT_INCOMPLETE;
    if (!command_line(&run_command, argc, argv, &session->options, NULL, &status, err))
        return status;
    if (begin(session, err) || complete_options(session, argc, argv, err) ||
        prepare(session, argc, argv, err) || obtain_consent(session, err))
        return EXIT_USAGE;
    if (!session->options.dry_run)
        return carry_out(session, err);
    run_screen_plan(&session->screen);
    run_screen_cells(&session->screen);
    return EXIT_ALL_GOOD;
}

int command_run(int argc, char **argv, struct err *err)
{
    struct session session = {.cells = {0}};
    int status = run(&session, argc, argv, err);

    (void)raw_close(session.raw, NULL);
    (void)output_close(&session.output, NULL);
    measurer_close(&session.measurer);
    memory_probe_book_free(&session.memory_probes);
    gate_close(&session.gate);
    if (session.nowhere)
        (void)fclose(session.nowhere);
    cell_list_free(&session.cells);
    runs_free(&session.runs);
    run_options_free(&session.options);
    resume_close(&session.resume);
    json_decref(session.env);
    return status;
}
