/* session.c - see session.h. */
#include "harness/sweep/session.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/random.h"
#include "harness/cell/interrupt.h"
#include "harness/machine/loopback.h"
#include "harness/plan/plan_json.h"
#include "harness/sweep/env.h"
#include "harness/sweep/preflight.h"
#include "harness/sweep/raw.h"
#include "harness/sweep/search.h"

/* -- hooks of the sweep -------------------------------------------------------- */

static int on_measure(void *user, const struct cell *cell,
                      struct measurement *measurement, struct err *err)
{
    struct session *session = user;
    const struct session_listener *listener = &session->sinks.listener;
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
    /* In a row, counters that could not be read would look like those that the kernel
     * does not have. */
    if (file_lacked_memory()) {
        measurement_free(measurement);
        return err_set(err, "no memory to read the counters of the kernel");
    }
    measurement->memory_probe = memory_probe;
    if (listener->measured)
        listener->measured(listener->user, cell);
    return 0;
}

static void on_begin(void *user, const struct cell *cell)
{
    const struct session_listener *listener = &((struct session *)user)->sinks.listener;

    if (listener->begin)
        listener->begin(listener->user, cell);
}

static int on_row(void *user, const struct cell *cell, const struct row *row,
                  struct err *err)
{
    struct session *session = user;
    const struct session_listener *listener = &session->sinks.listener;

    (void)cell;
    if (output_row(&session->output, row, err) || runs_add(&session->runs, row, err))
        return -1;
    if (listener->row)
        listener->row(listener->user, row);
    return 0;
}

static int on_requests(void *user, const struct row *row,
                       const struct measurement *measurement, struct err *err)
{
    struct session *session = user;

    return session->raw ? raw_write(session->raw, row, measurement, err) : 0;
}

/* Records how much of the budget is used and which interim analyses were made: a resumed
 * sweep must not get them again. */
static void put_budget(struct session *session, uint64_t now_ns)
{
    json_t *budget;

    if (!session->plan->budget_ns)
        return;
    budget = json_object();
    json_put_number(&budget, "used_s",
                    clock_seconds(budget_used_ns(&session->budget, now_ns)));
    json_put_number(&budget, "longest_round_s",
                    clock_seconds(session->budget.longest_round_ns));
    json_put_count(&budget, "interim_analyses", session->budget.analyses);
    json_put_count(&budget, "planned_analyses", plan_analyses(session->plan));
    json_put(&session->env, "budget", budget);
}

/* With a budget: is it spent, or is everything decided? */
static int on_round_over(void *user, bool *stop, struct err *err)
{
    struct session *session = user;
    const struct session_listener *listener = &session->sinks.listener;
    uint64_t now_ns = clock_ns();
    bool has_room = budget_has_room(&session->budget, now_ns);

    if (listener->decide && plan_analyses(session->plan) > 1 &&
        budget_analysis_is_due(&session->budget, now_ns) &&
        listener->decide(listener->user, &session->runs, &session->decided, err))
        return -1;
    *stop = session->decided || !has_room;
    put_budget(session, now_ns);
    return session->plan->budget_ns
               ? output_json(&session->output, "env.json", session->env, err)
               : 0;
}

/* -- before anything is written ------------------------------------------------ */

void session_name(char run_id[SESSION_RUN_ID_SIZE], int64_t now_s)
{
    struct random random = {clock_ns() ^ (uint64_t)getpid()};
    char time[CLOCK_TEXT_SIZE];

    clock_compact_utc(now_s, time);
    (void)snprintf(run_id, SESSION_RUN_ID_SIZE, "%s-%04x", time,
                   (unsigned)random_below(&random, 0x10000));
}

static json_t *list_warnings(const struct preflight_warnings *warnings)
{
    json_t *list = json_array();

    for (size_t i = 0; i < warnings->count; i++)
        json_add(&list, json_string(warnings->lines[i]));
    return list;
}

/* Joins this part of a sweep to the earlier ones. */
static int join_earlier(struct session *session, const char *now, struct err *err)
{
    struct resume *resume = &session->resume;

    if (resume_check(resume, session->plan_json, session->env, err) ||
        resume_merge_env(resume, &session->env, now, err))
        return -1;
    (void)snprintf(session->run_id, sizeof(session->run_id), "%s", resume_run_id(resume));
    resume_skip_done(resume, session->plan, &session->cells);
    session->rows_before = resume->runs.count;
    session->runs = resume->runs; /* taken over */
    resume->runs = (struct runs){0};
    return 0;
}

static int describe(struct session *session, const char *now, struct err *err)
{
    session->env = env_facts(&session->limits);
    env_add_plan(&session->env, session->plan);
    json_put(&session->env, "warnings", list_warnings(&session->warnings));
    json_put_text(&session->env, "run_id", session->run_id);
    json_put_text(&session->env, "started", now);
    session->plan_json = plan_to_json(session->plan);
    if (!session->env || !session->plan_json)
        return err_set(err, "no memory to describe the sweep");
    return conditions_hash(json_object_get(session->plan_json, "plan"), session->env,
                           session->conditions, err);
}

int session_open(struct session *session, const struct plan *plan,
                 const struct session_sinks *sinks, struct err *err)
{
    int64_t now_s = clock_wall_s();
    char now[CLOCK_TEXT_SIZE];

    *session = (struct session){.plan = plan, .sinks = *sinks};
    session->limits = machine_limits_now();
    clock_iso_utc(now_s, now);
    session_name(session->run_id, now_s);
    if (plan->raw && sinks->csv_path && !sinks->dir)
        return err_set(err, "--raw writes requests.csv into a directory, but --csv alone "
                            "makes none; give --out too");
    if (sinks->resume && resume_open(&session->resume, sinks->dir, err))
        return -1;
    if (!plan->url && loopback_check(err))
        return -1;
    if (plan_cells(plan, &session->cells, err) ||
        preflight_check(plan, &session->cells, &session->limits, err))
        return -1;
    preflight_warn(plan, &session->cells, &session->limits, &session->warnings);
    if (describe(session, now, err))
        return -1;
    return sinks->resume ? join_earlier(session, now, err) : 0;
}

/* -- measuring ----------------------------------------------------------------- */

int session_start(struct session *session, struct err *err)
{
    static const struct runs no_runs;
    struct output_options options = {
        .dir = session->sinks.dir,
        .csv_path = session->sinks.csv_path,
        .run_id = session->run_id,
        .earlier = session->sinks.resume ? &session->runs : NULL,
        .earlier_bytes = session->resume.rows_bytes,
    };

    if (measurer_open(&session->measurer, session->plan, err) ||
        output_open(&session->output, &options, err))
        return -1;
    session->measurer.lines.user = session->sinks.listener.user;
    session->measurer.lines.pass_on = session->sinks.listener.cell_line;
    if (session->plan->raw &&
        raw_open(&session->raw, session->output.dir,
                 session->output.begun_again ? &no_runs : options.earlier, err))
        return -1;
    return output_json(&session->output, "plan.json", session->plan_json, err) ||
                   output_json(&session->output, "env.json", session->env, err)
               ? -1
               : 0;
}

static int record_end(struct session *session, const char *state, struct err *err)
{
    char ended[CLOCK_TEXT_SIZE];
    unsigned rounds = session->tally.rounds;

    if (rounds < resume_rounds(&session->resume))
        rounds = resume_rounds(&session->resume);
    clock_iso_utc(clock_wall_s(), ended);
    json_put_text(&session->env, "ended", ended);
    json_put_count(&session->env, "rounds", rounds);
    json_put_text(&session->env, "state", state);
    put_budget(session, clock_ns());
    return output_json(&session->output, "env.json", session->env, err);
}

int session_run(struct session *session, struct err *err)
{
    struct sweep_hooks hooks = {.user = session,
                                .measure = on_measure,
                                .begin = on_begin,
                                .row = on_row,
                                .requests = on_requests,
                                .round_over = on_round_over};
    struct record_source source = {session->run_id, session->conditions, session->plan};
    int result;

    if (interrupt_install(err))
        return -1;
    /* Orphans of a crashed cell become our children, so that they can be reaped. */
    if (prctl(PR_SET_CHILD_SUBREAPER, 1))
        return err_errno(err, "cannot become the reaper of orphaned processes");
    budget_start(&session->budget, plan_budget_ns(session->plan), clock_ns());
    resume_budget(&session->resume, &session->budget);
    result = plan_searches(session->plan)
                 ? search_run(&source, &session->limits, &hooks, &session->runs,
                              &session->tally, err)
                 : sweep_run(&source, &session->cells, &session->limits, &hooks,
                             &session->tally, err);
    if (record_end(session,
                   result                       ? "failed"
                   : session->tally.interrupted ? "interrupted"
                                                : "complete",
                   result ? NULL : err))
        return -1;
    return result;
}

int session_finish(struct session *session, struct err *err)
{
    int result = raw_close(session->raw, err);

    session->raw = NULL;
    if (output_close(&session->output, result ? NULL : err))
        result = -1;
    return result;
}

size_t session_count(const struct session *session, enum row_status status)
{
    size_t count = 0;

    for (size_t i = 0; i < session->runs.count; i++)
        count += !strcmp(row_text(&session->runs.rows[i], COLUMN_status),
                         status_word(status));
    return count;
}

void session_close(struct session *session)
{
    (void)session_finish(session, NULL);
    measurer_close(&session->measurer);
    memory_probe_book_free(&session->memory_probes);
    cell_list_free(&session->cells);
    runs_free(&session->runs);
    resume_close(&session->resume);
    json_decref(session->plan_json);
    json_decref(session->env);
    session->plan_json = session->env = NULL;
}
