/* command_compare.c - `bench compare`: did it get slower? */
#include <stdio.h>
#include <string.h>

#include "analysis/compare/compare_env.h"
#include "analysis/report/compare_json.h"
#include "analysis/report/compare_markdown.h"
#include "analysis/report/compare_table.h"
#include "analysis/report/compare_text.h"
#include "analysis/report/junit.h"
#include "analysis/rows/one_table.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate.h"
#include "harness/cli/option_values.h"
#include "harness/cli/retry.h"

/* -- the command line ---------------------------------------------------------- */

/* Where a comparison is written besides the terminal; NULL: nowhere. */
struct exports {
    const char *markdown, *json, *junit;
};

struct command {
    struct compare_options options;
    const char *base, *head; /* variants of one sweep; NULL: not named */
    const char *base_libcurl, *head_libcurl;
    const char *calibration;
    unsigned retries;
    bool all, has_threshold;
    struct exports exports;
};

static int set_base(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->base = value;
    return 0;
}

static int set_head(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->head = value;
    return 0;
}

static int set_base_libcurl(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->base_libcurl = value;
    return 0;
}

static int set_new_libcurl(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->head_libcurl = value;
    return 0;
}

static int set_metric(void *target, const char *value, struct err *err)
{
    return metric_parse_list(((struct command *)target)->options.gates, value, err);
}

static int set_threshold(void *target, const char *value, struct err *err)
{
    struct command *command = target;

    command->has_threshold = true;
    return option_share(&command->options.threshold, value, err);
}

static int set_alpha(void *target, const char *value, struct err *err)
{
    double *alpha = &((struct command *)target)->options.alpha;

    if (option_share(alpha, value, err))
        return -1;
    return *alpha > 0 && *alpha <= 0.5
               ? 0
               : err_set(err, "'%s' is not above 0 and at most 0.5", value);
}

static int set_retry(void *target, const char *value, struct err *err)
{
    return option_unsigned(&((struct command *)target)->retries, value, 0, 10, err);
}

static int set_calibration(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->calibration = value;
    return 0;
}

static int set_all(void *target, const char *value, struct err *err)
{
    (void)value;
    (void)err;
    ((struct command *)target)->all = true;
    return 0;
}

static int set_markdown(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->exports.markdown = value;
    return 0;
}

static int set_json(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->exports.json = value;
    return 0;
}

static int set_junit(void *target, const char *value, struct err *err)
{
    (void)err;
    ((struct command *)target)->exports.junit = value;
    return 0;
}

static const struct option_spec specs[] = {
    {"base", "VARIANT",
     "the variant that is the measure; of two runs needed only where\n"
     "the first has several",
     set_base},
    {"new", "VARIANT", "the variant that is judged; likewise", set_head},
    {"metric", "LIST",
     "what can fail the gate, with commas: cost, overhead, cpu, memory,\n"
     "connections, switches  [cpu,overhead]",
     set_metric},
    {"threshold", "SHARE",
     "changes up to this are of no interest  [5%, or what is\n"
     "calibrated for a cell, if that is more]",
     set_threshold},
    {"alpha", "SHARE", "chance of a false alarm in all comparisons together  [5%]",
     set_alpha},
    {"retry", "N",
     "measure what would fail again, N times, before it does; of one\nsweep only  [0]",
     set_retry},
    {"calibration", "FILE|off", "of bench calibrate  [results/calibration.json]",
     set_calibration},
    {"base-libcurl", "VERSION", "which libcurl base must have run with",
     set_base_libcurl},
    {"new-libcurl", "VERSION", "which libcurl new must have run with", set_new_libcurl},
    {"all", NULL, "print the metrics that gate nothing, too", set_all},
    {"markdown", "FILE|-", "write it as Markdown, too", set_markdown},
    {"json", "FILE|-", "write it as docs/schema/compare.schema.json has it", set_json},
    {"junit", "FILE|-", "write it as a JUnit report", set_junit},
};

const struct command_spec compare_command = {
    .usage =
        "bench compare [options] BASE NEW\n       bench compare [options] RUNS --base "
        "VARIANT --new VARIANT",
    .summary = "Tells whether one side got slower than the other, by more than noise.",
    .options = specs,
    .option_count = sizeof(specs) / sizeof(specs[0]),
    .notes = "Exit status: 0 nothing got slower; 1 something did; 2 usage; 3 cannot "
             "tell: too\n"
             "few rounds, or too much noise; 4 rows are missing, failed or invalid; 5 "
             "the two\n"
             "sides are not comparable. docs/compare.md says how to read it.\n",
};

/* -- what is compared ---------------------------------------------------------- */

/* The files, and what is made of them. */
struct session {
    struct command command;
    const char *base_path, *head_path; /* the same for two variants of one sweep */
    struct runs base_runs, head_runs;  /* new: only of two sweeps */
    struct conditions base_conditions, head_conditions;
    struct gate gate;
    struct comparison comparison;
    FILE *screen;          /* standard output, unless an export goes there */
    const char *order[64]; /* the strategies, for all comparisons; NULL at the end */
};

static bool is_one_sweep(const struct session *session)
{
    return session->base_path == session->head_path;
}

static int check_usage(struct session *session, int argc, char **argv, int first,
                       struct err *err)
{
    struct command *command = &session->command;
    int count = argc - first;

    if (count == 1 && command->base && command->head &&
        strcmp(command->base, command->head) != 0) {
        session->base_path = session->head_path = argv[first];
        return 0;
    }
    if (count == 1)
        return err_set(err, "of one sweep name two variants: --base A --new B");
    if (count != 2)
        return err_set(err, "give two runs, or one with --base A --new B");
    if (command->retries)
        return err_set(err,
                       "--retry is for two variants of one sweep; what %s was "
                       "measured with may not be there any more",
                       argv[first]);
    session->base_path = argv[first];
    session->head_path = argv[first + 1];
    return one_table_same_file(session->base_path, session->head_path)
               ? err_set(err, "'%s' is compared with itself", session->base_path)
               : 0;
}

static int check_variant(const struct runs *runs, const char *variant, const char *path,
                         struct err *err)
{
    char names[200] = "";
    size_t used = 0;

    for (size_t i = 0; i < runs->count; i++) {
        const char *name = row_text(&runs->rows[i], COLUMN_variant);

        if (!strcmp(name, variant))
            return 0;
        if (!strstr(names, name) && used < sizeof(names))
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
                                     used ? ", " : "", name);
    }
    return err_set(err, "%s has no variant '%s'; it has %s", path, variant, names);
}

/* Of two sweeps each side is one variant: the one that was named, or else the only one.
 * Rows of two variants are no rounds of one cell. */
static int check_one_variant(const struct runs *runs, const char *variant,
                             const char *path, const char *option, struct err *err)
{
    if (variant)
        return check_variant(runs, variant, path, err);
    for (size_t i = 1; i < runs->count; i++) {
        const char *first = row_text(&runs->rows[0], COLUMN_variant);
        const char *other = row_text(&runs->rows[i], COLUMN_variant);

        if (strcmp(first, other) != 0)
            return err_set(err, "%s has the variants %s and %s: say which with %s", path,
                           first, other, option);
    }
    return 0;
}

static int read_files(struct session *session, struct err *err)
{
    const struct command *command = &session->command;

    if (runs_read(&session->base_runs, session->base_path, err) ||
        conditions_read(&session->base_conditions, session->base_path, err))
        return -1;
    if (!is_one_sweep(session))
        return runs_read(&session->head_runs, session->head_path, err) ||
                       conditions_read(&session->head_conditions, session->head_path,
                                       err) ||
                       check_one_variant(&session->base_runs, command->base,
                                         session->base_path, "--base", err) ||
                       check_one_variant(&session->head_runs, command->head,
                                         session->head_path, "--new", err)
                   ? -1
                   : 0;
    return check_variant(&session->base_runs, command->base, session->base_path, err) ||
                   check_variant(&session->base_runs, command->head, session->base_path,
                                 err)
               ? -1
               : 0;
}

/* What was calibrated on the machine that has measured, unless a threshold was typed. */
static int open_gate(struct session *session, struct err *err)
{
    const struct command *command = &session->command;
    const char *path = command->calibration;

    if (command->has_threshold && !path)
        path = "off";
    if (!session->base_conditions.env)
        return 0;
    if (gate_open(&session->gate, path, session->base_conditions.env, err) ||
        gate_fit_plan(&session->gate, &session->base_conditions, err))
        return -1;
    session->command.options.calibration = gate_calibration(&session->gate);
    return 0;
}

static int compare(struct session *session, struct err *err)
{
    struct command *command = &session->command;
    struct compare_source base = {session->base_path, &session->base_runs, command->base};
    struct compare_source head = {session->head_path, &session->head_runs, command->head};
    const struct conditions *claims = NULL; /* of one sweep: what its variants claim */

    if (is_one_sweep(session)) {
        base = (struct compare_source){command->base, &session->base_runs, command->base};
        head = (struct compare_source){command->head, &session->base_runs, command->head};
        claims = &session->base_conditions;
        command->options.analyses = conditions_analyses(claims);
    } else {
        command->options.selections_differ = !conditions_same_selection(
            &session->base_conditions, &session->head_conditions);
    }
    strategy_names(session->order, sizeof(session->order) / sizeof(session->order[0]));
    command->options.order = session->order;
    if (comparison_make(&session->comparison, &base, &head, &command->options, err))
        return -1;
    if (!is_one_sweep(session) &&
        compare_env_check(&session->comparison, &session->base_conditions,
                          &session->head_conditions, err))
        return -1;
    return compare_env_check_claims(&session->comparison, &base, &head, claims, err) ||
                   compare_env_check_version(&session->comparison, &base,
                                             command->base_libcurl, err) ||
                   compare_env_check_version(&session->comparison, &head,
                                             command->head_libcurl, err)
               ? -1
               : 0;
}

/* -- again --------------------------------------------------------------------- */

/* Measures again what would fail. Returns 0, EXIT_INTERRUPTED, or -1. */
static int retry(struct session *session, struct err *err)
{
    struct retry_source source = {session->base_path, session->base_conditions.env,
                                  session->command.base, session->command.head};
    struct comparison *comparison = &session->comparison;
    int result = 0;

    for (unsigned i = 0; i < session->command.retries && !result; i++) {
        if (compare_problem_count(comparison, COMPARE_NOT_COMPARABLE) ||
            !retry_is_needed(comparison))
            break;
        if (!source.env)
            return err_set(err, "--retry needs the env.json beside the rows");
        (void)fprintf(session->screen, "measuring again what would fail\n");
        result = retry_once(comparison, &source, &session->command.options, err);
    }
    return result;
}

/* -- what comes out ------------------------------------------------------------ */

typedef int write_fn(const struct comparison *comparison, FILE *out, struct err *err);

static int write_markdown(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_markdown_write(comparison, NULL, out, err);
}

static int export(const struct comparison *comparison, const char *path, write_fn *write,
                  struct err *err)
{
    FILE *out;
    int result;

    if (!path)
        return 0;
    out = strcmp(path, "-") ? fopen(path, "we") : stdout;
    if (!out)
        return err_errno(err, "cannot write %s", path);
    result = write(comparison, out, err);
    if ((out == stdout ? fflush(out) : fclose(out)) && !result)
        result = err_errno(err, "cannot write %s", path);
    return result;
}

static bool takes_stdout(const struct exports *exports)
{
    const char *const paths[] = {exports->markdown, exports->json, exports->junit};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (paths[i] && !strcmp(paths[i], "-"))
            return true;
    return false;
}

static int write_all(const struct session *session, struct err *err)
{
    const struct comparison *comparison = &session->comparison;
    const struct exports *exports = &session->command.exports;

    if (compare_table_write(comparison, session->command.all, session->screen, err) ||
        export(comparison, exports->markdown, write_markdown, err) ||
        export(comparison, exports->json, compare_json_write, err) ||
        export(comparison, exports->junit, junit_write, err))
        return -1;
    if (session->gate.words[0])
        (void)fprintf(session->screen, "%s\n", session->gate.words);
    return 0;
}

int compare_status(const struct comparison *comparison)
{
    if (compare_problem_count(comparison, COMPARE_NOT_COMPARABLE))
        return EXIT_NOT_COMPARABLE;
    if (compare_count(comparison, COMPARE_SLOWER))
        return EXIT_REGRESSION;
    if (compare_problem_count(comparison, COMPARE_INCOMPLETE))
        return EXIT_INCOMPLETE;
    return compare_open_count(comparison) ? EXIT_CANNOT_TELL : EXIT_ALL_GOOD;
}

static int run(struct session *session, int argc, char **argv, struct err *err)
{
    int retried;
    int status;
    int first;

    session->command.options = compare_options_default();
    if (!command_line(&compare_command, argc, argv, &session->command, &first, &status,
                      err))
        return status;
    session->screen = takes_stdout(&session->command.exports) ? stderr : stdout;
    if (check_usage(session, argc, argv, first, err) || read_files(session, err) ||
        open_gate(session, err) || compare(session, err))
        return EXIT_USAGE;
    retried = retry(session, err);
    if (retried == EXIT_INTERRUPTED)
        return EXIT_INTERRUPTED;
    return retried || write_all(session, err) ? EXIT_USAGE
                                              : compare_status(&session->comparison);
}

int command_compare(int argc, char **argv, struct err *err)
{
    struct session session = {.base_path = NULL};
    int status = run(&session, argc, argv, err);

    comparison_free(&session.comparison);
    gate_close(&session.gate);
    conditions_free(&session.base_conditions);
    conditions_free(&session.head_conditions);
    runs_free(&session.base_runs);
    runs_free(&session.head_runs);
    return status;
}
