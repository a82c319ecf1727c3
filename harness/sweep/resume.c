/* resume.c - see resume.h. */
#include "harness/sweep/resume.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows/conditions.h"
#include "base/clock.h"
#include "base/json.h"

/* -- what is recorded ---------------------------------------------------------- */

static char *path_of(const struct resume *resume, const char *name, struct err *err)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", resume->dir, name) >= 0)
        return path;
    (void)err_errno(err, "no memory for a path");
    return NULL;
}

static int read_json(const struct resume *resume, const char *name, json_t **json,
                     struct err *err)
{
    char *path = path_of(resume, name, err);
    int result = path ? json_read_file(json, path, err) : -1;

    free(path);
    return result;
}

static int read_files(struct resume *resume, struct err *err)
{
    if (read_json(resume, "env.json", &resume->env, err) ||
        read_json(resume, "plan.json", &resume->plan_json, err))
        return err_prefix(err, "--resume needs the --out of an earlier run");
    return json_is_string(json_object_get(resume->env, "run_id"))
               ? 0
               : err_set(err,
                         "%s/env.json has no run_id; give the --out of an earlier run",
                         resume->dir);
}

int resume_open(struct resume *resume, const char *dir, struct err *err)
{
    char *path;
    int result;

    *resume = (struct resume){.dir = dir};
    if (read_files(resume, err))
        return -1;
    path = path_of(resume, "runs.csv", err);
    result = path ? runs_read_whole_lines(&resume->runs, path, &resume->rows_bytes, err)
                  : -1;
    free(path);
    return result;
}

void resume_close(struct resume *resume)
{
    runs_free(&resume->runs);
    json_decref(resume->plan_json);
    json_decref(resume->env);
    *resume = (struct resume){0};
}

const char *resume_run_id(const struct resume *resume)
{
    return json_string_value(json_object_get(resume->env, "run_id"));
}

unsigned resume_rounds(const struct resume *resume)
{
    return (unsigned)json_integer_value(json_object_get(resume->env, "rounds"));
}

/* -- comparing with now -------------------------------------------------------- */

int resume_check(const struct resume *resume, const json_t *plan_json, const json_t *env,
                 struct err *err)
{
    struct conditions was = {0};
    struct conditions is = {0};
    struct difference difference = {.key = ""};
    int result = -1;

    if (!conditions_from(&was, json_object_get(resume->plan_json, "plan"), resume->env,
                         err) &&
        !conditions_from(&is, json_object_get(plan_json, "plan"), (json_t *)env, err) &&
        !conditions_differ(&was, &is, CONDITIONS_RESUME, &difference, err))
        result = difference.key[0]
                     ? err_set(err,
                               "cannot resume %s: %s was %s and is %s now, and their "
                               "rows must not be mixed; give another --out without "
                               "--resume",
                               resume->dir, difference.key, difference.a, difference.b)
                     : 0;
    conditions_free(&was);
    conditions_free(&is);
    return result;
}

/* -- what is left -------------------------------------------------------------- */

static bool is_row_of(const struct row *row, const struct cell *cell)
{
    return row_count(row, COLUMN_round) == cell->round &&
           row_count(row, COLUMN_level) == cell->level &&
           row_count(row, COLUMN_rate_rps) == cell->rate && /* 0: empty */
           !strcmp(row_text(row, COLUMN_strategy), cell->strategy->name) &&
           !strcmp(row_text(row, COLUMN_variant), cell->variant->name);
}

/* The last round to measure. A complete sweep has all rounds that its budget allowed,
 * which may be fewer than the plan has; only a larger number of rounds asks for more. */
static unsigned last_round(const struct resume *resume, const struct plan *plan)
{
    const char *state = json_string_value(json_object_get(resume->env, "state"));
    const json_t *rounds = json_object_get(json_object_get(resume->plan_json, "plan"),
                                           "rounds");
    bool has_grown = plan->rounds && plan->rounds != (unsigned)json_integer_value(rounds);

    return state && !strcmp(state, "complete") && !has_grown ? resume_rounds(resume)
                                                             : UINT_MAX;
}

static bool has_row(const struct resume *resume, const struct cell *cell)
{
    for (size_t i = 0; i < resume->runs.count; i++)
        if (is_row_of(&resume->runs.rows[i], cell))
            return true;
    return false;
}

/* The list of a search has only the ends, so what is left is told from the number of
 * rows. */
static void expect_rest_of_search(const struct resume *resume, struct cell_list *cells)
{
    size_t before = cells->expected;
    size_t done = resume->runs.count < before ? resume->runs.count : before;

    cells->expected -= done;
    if (before)
        cells->predicted_s *= (double)cells->expected / (double)before;
}

void resume_skip_done(const struct resume *resume, const struct plan *plan,
                      struct cell_list *cells)
{
    double search_s;
    unsigned last = last_round(resume, plan);
    size_t left = 0;
    bool measures = false;

    if (plan_searches(plan))
        expect_rest_of_search(resume, cells);
    search_s = cells->predicted_s;
    for (size_t i = 0; i < cells->count; i++) {
        const struct cell *cell = &cells->cells[i];

        if (cell->round > last || has_row(resume, cell)) {
            cells->predicted_s -= clock_seconds(cell->predicted_ns);
            continue;
        }
        measures |= cell->round > 0;
        cells->cells[left++] = *cell;
    }
    /* Warm-up leaves no rows, and is useless when nothing follows. */
    cells->count = measures ? left : 0;
    if (!cells->count)
        cells->predicted_s = 0;
    if (plan_searches(plan))
        cells->predicted_s = search_s;
}

/* A number of seconds from a file, as ns; 0 where it is none. */
static uint64_t seconds_ns(const json_t *object, const char *key)
{
    double seconds = json_get_number(object, key);

    return seconds > 0 && seconds < 1e9 ? (uint64_t)(seconds * 1e9) : 0;
}

void resume_budget(const struct resume *resume, struct budget *budget)
{
    const json_t *used = json_object_get(resume->env, "budget");

    if (used)
        budget_continue(
            budget, seconds_ns(used, "used_s"), seconds_ns(used, "longest_round_s"),
            (unsigned)json_integer_value(json_object_get(used, "interim_analyses")));
}

int resume_merge_env(const struct resume *resume, json_t **env, const char *now,
                     struct err *err)
{
    const char *const kept[] = {"started", "run_id", "budget"};
    json_t *times = json_deep_copy(json_object_get(resume->env, "resumed"));

    if (!times)
        times = json_array();
    json_add(&times, json_string(now));
    json_put(env, "resumed", times);
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
        if (json_object_get(resume->env, kept[i]))
            json_put(env, kept[i], json_incref(json_object_get(resume->env, kept[i])));
    return *env ? 0 : err_set(err, "no memory to describe the sweep");
}
