/* resume.c - see resume.h. */
#include "harness/sweep/resume.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* -- what is recorded ---------------------------------------------------------- */

static int read_env(struct resume *resume, struct err *err)
{
    json_error_t error;
    char *path = NULL;
    int result = 0;

    if (asprintf(&path, "%s/env.json", resume->dir) < 0)
        return err_errno(err, "no memory for a path");
    resume->env = json_load_file(path, 0, &error);
    if (!resume->env)
        result = err_set(err, "%s: %s; --resume needs the --out of an earlier run", path,
                         error.text);
    else if (!json_is_string(json_object_get(resume->env, "run_id")) ||
             !json_is_array(
                 json_object_get(json_object_get(resume->env, "plan"), "arguments")))
        result = err_set(err, "%s is of no run of bench", path);
    free(path);
    return result;
}

static int read_rows(struct resume *resume, struct err *err)
{
    char *path = NULL;
    int result;

    if (asprintf(&path, "%s/runs.csv", resume->dir) < 0)
        return err_errno(err, "no memory for a path");
    result = runs_read_whole_lines(&resume->runs, path, &resume->rows_bytes, err);
    free(path);
    return result;
}

static int read_arguments(struct resume *resume, struct err *err)
{
    const json_t *list = json_object_get(json_object_get(resume->env, "plan"),
                                         "arguments");
    size_t count = json_array_size(list);

    resume->arguments = calloc(count + 2, sizeof(*resume->arguments));
    if (!resume->arguments)
        return err_errno(err, "no memory for a command line");
    /* getopt_long() reorders the array, never the texts. */
    resume->arguments[resume->argument_count++] = (char *)"run";
    for (size_t i = 0; i < count; i++) {
        const char *text = json_string_value(json_array_get(list, i));

        if (!text)
            return err_set(err, "%s/env.json: its arguments are no texts", resume->dir);
        resume->arguments[resume->argument_count++] = (char *)text;
    }
    return 0;
}

int resume_open(struct resume *resume, const char *dir, struct err *err)
{
    *resume = (struct resume){.dir = dir};
    return read_env(resume, err) || read_rows(resume, err) || read_arguments(resume, err)
               ? -1
               : 0;
}

void resume_close(struct resume *resume)
{
    free(resume->arguments);
    runs_free(&resume->runs);
    json_decref(resume->env);
    *resume = (struct resume){0};
}

const char *resume_run_id(const struct resume *resume)
{
    return json_string_value(json_object_get(resume->env, "run_id"));
}

/* -- what is to be measured ---------------------------------------------------- */

int resume_options(const struct resume *resume, int argc, char **argv,
                   struct run_options *options, struct err *err)
{
    const json_t *seed = json_object_get(json_object_get(resume->env, "plan"), "seed");
    int first;

    run_options_free(options);
    if (run_options_defaults(options, err))
        return -1;
    if (options_parse(&run_command, resume->argument_count, resume->arguments, options,
                      &first, err) != OPTIONS_OK)
        return err_prefix(err, "%s/env.json", resume->dir);
    options->target.yes = false; /* whoever agreed then is asked again */
    if (!options->has_seed && json_is_integer(seed)) {
        options->plan.seed = (uint64_t)json_integer_value(seed);
        options->has_seed = true;
    }
    return options_parse(&run_command, argc, argv, options, &first, err) == OPTIONS_OK
               ? 0
               : -1;
}

/* -- whether it is the same ---------------------------------------------------- */

/* What may differ: the words that were typed; what changes by itself. */
static const char *const volatile_keys[] = {"arguments",    "warnings",     "lookups",
                                            "load_average", "memory_bytes", NULL};

static bool is_volatile(const char *key)
{
    for (size_t i = 0; volatile_keys[i]; i++)
        if (!strcmp(volatile_keys[i], key))
            return true;
    return false;
}

static int refuse(const struct resume *resume, const char *group, const char *key,
                  const json_t *was, const json_t *is, struct err *err)
{
    char *was_text = was ? json_dumps(was, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
    char *is_text = is ? json_dumps(is, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    (void)err_set(
        err,
        "cannot go on with %s: %s.%s was %.60s and is %.60s now; rows of the two "
        "must not be mixed: give another --out, without --resume",
        resume->dir, group, key, was_text ? was_text : "absent",
        is_text ? is_text : "absent");
    free(was_text);
    free(is_text);
    return -1;
}

/* One way: every key of `a` must be the same in `b`. `a` is the recorded one if `back` is
 * false. */
static int compare(const struct resume *resume, const char *group, json_t *a, json_t *b,
                   bool back, struct err *err)
{
    const char *key;
    json_t *value;

    json_object_foreach(a, key, value)
    {
        json_t *other = json_object_get(b, key);

        if (!is_volatile(key) && !(other && json_equal(value, other)))
            return refuse(resume, group, key, back ? other : value, back ? value : other,
                          err);
    }
    return 0;
}

int resume_check(const struct resume *resume, const json_t *env, struct err *err)
{
    static const char *const groups[] = {"plan",      "machine",         "bench",
                                         "libraries", "libcurl_options", NULL};

    for (size_t i = 0; groups[i]; i++) {
        json_t *was = json_object_get(resume->env, groups[i]);
        json_t *is = json_object_get(env, groups[i]);

        if (compare(resume, groups[i], was, is, false, err) ||
            compare(resume, groups[i], is, was, true, err))
            return -1;
    }
    return 0;
}

/* -- what is left -------------------------------------------------------------- */

static bool is_row_of(const struct row *row, const struct cell *cell)
{
    return row_count(row, COLUMN_round) == cell->round &&
           row_count(row, COLUMN_level) == cell->level &&
           !strcmp(row_text(row, COLUMN_strategy), cell->strategy->name) &&
           !strcmp(row_text(row, COLUMN_variant), cell->variant->name);
}

static bool is_done(const struct resume *resume, const struct cell *cell)
{
    for (size_t i = 0; i < resume->runs.count; i++)
        if (is_row_of(&resume->runs.rows[i], cell))
            return true;
    return false;
}

void resume_skip_done(const struct resume *resume, struct cell_list *cells)
{
    size_t left = 0;

    for (size_t i = 0; i < cells->count; i++) {
        if (is_done(resume, &cells->cells[i]))
            cells->predicted_s -= clock_seconds(cells->cells[i].predicted_ns);
        else
            cells->cells[left++] = cells->cells[i];
    }
    cells->count = left;
    if (!left)
        cells->predicted_s = 0;
}

int resume_merge_env(const struct resume *resume, json_t *env, const char *now,
                     struct err *err)
{
    json_t *recorded_plan = json_object_get(resume->env, "plan");
    json_t *plan = json_object_get(env, "plan");
    json_t *times = json_object_get(resume->env, "resumed");

    times = times ? json_incref(times) : json_array();
    if (json_array_append_new(times, json_string(now)) ||
        json_object_set_new(env, "resumed", times) ||
        json_object_set(env, "started", json_object_get(resume->env, "started")) ||
        json_object_set(env, "run_id", json_object_get(resume->env, "run_id")) ||
        json_object_set(plan, "arguments", json_object_get(recorded_plan, "arguments")))
        return err_set(err, "no memory to describe the sweep");
    return 0;
}
