/* command_compare.c - `bench compare`: did it get slower? */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/compare/compare_env.h"
#include "analysis/report/compare_json.h"
#include "analysis/report/compare_markdown.h"
#include "analysis/report/compare_table.h"
#include "analysis/report/compare_text.h"
#include "analysis/report/junit.h"
#include "analysis/rows/one_table.h"
#include "base/file.h"
#include "base/suggest.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/compare_status.h"
#include "harness/cli/gate.h"
#include "harness/cli/retry.h"

/* -- the command line ---------------------------------------------------------- */

struct request {
    struct compare_options options;
    char *base, *head; /* variants of one sweep; NULL: not named */
    char *base_libcurl, *head_libcurl;
    char *calibration;
    unsigned retries;
    bool all, yes, trust;
    char *markdown, *json, *junit; /* reports in files; NULL: none */
};

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("base", "VARIANT", "",
           "the variant to compare with; for two runs needed only if the\n"
           "first has several",
           TEXT(base)),
    OPTION("head", "VARIANT", "",
           "the variant that is judged; for two runs needed only if the\n"
           "second has several",
           TEXT(head), .alias = "new"),
    OPTION("metric", "LIST", "cpu,overhead",
           "metrics that can fail the gate, of cost, overhead, cpu, p50, p99,\n"
           "memory, connections, switches; separated by commas; of rows with a\n"
           "rate or a duration cpu,p99 by default",
           OTHER(options.gates, metrics_ops)),
    OPTION("threshold", "SHARE", "5%",
           "largest change that is no regression; not given: for all cells\n"
           "together the calibrated threshold or 3%, per cell the calibrated\n"
           "threshold if it is above the default",
           SHARE(options.threshold)),
    OPTION("alpha", "SHARE", "5%",
           "probability of a false alarm in all comparisons together",
           SHARE(options.alpha)),
    OPTION("strict", NULL, "",
           "require a decision in every cell, as for two unpaired runs; else\n"
           "in all cells together, and no cell may hide more than 25% (or its\n"
           "threshold, if that is higher)",
           FLAG(options.by_cells)),
    OPTION("retry", "N", "0",
           "before the gate fails, measure again what would fail it, up to N\n"
           "times; for two variants of one run",
           UNSIGNED(retries, 0, 10, NULL)),
    OPTION("yes", NULL, "", "with --retry: allow load on remote hosts without asking",
           FLAG(yes)),
    OPTION("trust", NULL, "",
           "with --retry: accept programs, plugins and environment variables\n"
           "that plan.json names, although other users may write the file",
           FLAG(trust)),
    OPTION("calibration", "FILE|off", "",
           "file from bench calibrate [" GATE_DEFAULT_FILE "]", TEXT(calibration)),
    OPTION("base-libcurl", "VERSION", "", "libcurl version that base must have run with",
           TEXT(base_libcurl)),
    OPTION("head-libcurl", "VERSION", "", "libcurl version that head must have run with",
           TEXT(head_libcurl), .alias = "new-libcurl"),
    OPTION("all", NULL, "", "also print metrics that cannot fail the gate", FLAG(all)),
    OPTION("markdown", "FILE|-", "", "also write a Markdown report", TEXT(markdown)),
    OPTION("json", "FILE|-", "",
           "also write a JSON report (docs/schema/compare.schema.json)", TEXT(json)),
    OPTION("junit", "FILE|-", "", "also write a JUnit report", TEXT(junit)),
};

static const struct option_list options = OPTIONS_OF(specs);

/* -- the two sides ------------------------------------------------------------- */

/* The files, and the comparison made of them. */
struct comparing {
    struct request *request;
    bool has_threshold;                /* it was typed */
    const char *base_path, *head_path; /* the same for two variants of one sweep */
    struct runs base_runs, head_runs;  /* head: only of two sweeps */
    struct conditions base_conditions, head_conditions;
    struct gate gate;
    struct comparison comparison;
    FILE *screen;          /* standard output, unless an export goes there */
    const char *order[64]; /* the strategies, for all comparisons; NULL at the end */
};

static bool is_one_sweep(const struct comparing *comparing)
{
    return comparing->base_path == comparing->head_path;
}

static bool is_directory(const char *path)
{
    struct stat info;

    return !stat(path, &info) && S_ISDIR(info.st_mode);
}

static int check_usage(struct comparing *comparing, const struct typed *typed,
                       struct err *err)
{
    const struct request *request = comparing->request;
    bool two_variants = request->base && request->head &&
                        strcmp(request->base, request->head) != 0;

    if (!(request->options.alpha > 0 && request->options.alpha <= 0.5))
        return err_set(err, "--alpha must be above 0 and at most 50%%");
    if (typed->operand_count == 1 && two_variants) {
        if (request->retries && !is_directory(typed->operands[0]))
            return err_set(err,
                           "--retry needs the plan.json of a run: give its "
                           "directory instead of '%s'",
                           typed->operands[0]);
        comparing->base_path = comparing->head_path = typed->operands[0];
        return 0;
    }
    if (typed->operand_count == 1 && request->base && request->head)
        return err_set(err,
                       "--base and --head are both '%s': name two different variants",
                       request->base);
    if (typed->operand_count == 1)
        return err_set(err, "one run needs two variants: add --base A --head B");
    if (typed->operand_count != 2)
        return err_set(err, "give two runs, or one with --base A --head B");
    if (request->retries)
        return err_set(err, "--retry works only on two variants of one run, which it "
                            "measures again together; drop it for two runs");
    comparing->base_path = typed->operands[0];
    comparing->head_path = typed->operands[1];
    return one_table_same_file(comparing->base_path, comparing->head_path)
               ? err_set(err, "'%s' is compared with itself: give two runs",
                         comparing->base_path)
               : 0;
}

/* Whether no row before it has the same variant. */
static bool is_new_variant(const struct runs *runs, size_t index)
{
    const char *name = row_text(&runs->rows[index], COLUMN_variant);

    for (size_t i = 0; i < index; i++)
        if (!strcmp(row_text(&runs->rows[i], COLUMN_variant), name))
            return false;
    return true;
}

static int check_variant(const struct runs *runs, const char *variant, const char *path,
                         struct err *err)
{
    struct suggestion close = suggest_begin(variant, strlen(variant));
    char names[200] = "";

    for (size_t i = 0; i < runs->count; i++) {
        const char *name = row_text(&runs->rows[i], COLUMN_variant);

        if (!strcmp(name, variant))
            return 0;
        if (is_new_variant(runs, i))
            (void)text_append_item(names, sizeof(names), "%s", name);
        suggest_offer(&close, name);
    }
    (void)err_set(err, "%s has no variant '%s'; it has %s", path, variant, names);
    return suggest_append(err, variant, (const char *const[]){close.best, NULL});
}

/* For two sweeps each side is one variant: the one that was named, or else the only one.
 * Rows of two variants cannot be rounds of one cell. */
static int check_one_variant(const struct runs *runs, const char *variant,
                             const char *path, const char *option, struct err *err)
{
    if (variant)
        return check_variant(runs, variant, path, err);
    for (size_t i = 1; i < runs->count; i++) {
        const char *first = row_text(&runs->rows[0], COLUMN_variant);
        const char *other = row_text(&runs->rows[i], COLUMN_variant);

        if (strcmp(first, other) != 0)
            return err_set(err, "%s has the variants '%s' and '%s': choose one with %s",
                           path, first, other, option);
    }
    return 0;
}

/* A search ends at the first majority and goes on at rates that follow from it, so the
 * rounds of a rate are no fair sample of it. */
static int check_no_search(const struct runs *runs, const char *path, struct err *err)
{
    for (size_t i = 0; i < runs->count; i++)
        if (row_text(&runs->rows[i], COLUMN_find_rate)[0])
            return err_set(err,
                           "%s is a search (--find-rate), whose rates depend on its own "
                           "results; measure both sides with --rates",
                           path);
    return 0;
}

static int read_files(struct comparing *comparing, struct err *err)
{
    const struct request *request = comparing->request;

    if (runs_read(&comparing->base_runs, comparing->base_path, err) ||
        check_no_search(&comparing->base_runs, comparing->base_path, err) ||
        conditions_read(&comparing->base_conditions, comparing->base_path, err))
        return -1;
    if (!is_one_sweep(comparing))
        return runs_read(&comparing->head_runs, comparing->head_path, err) ||
                       check_no_search(&comparing->head_runs, comparing->head_path,
                                       err) ||
                       conditions_read(&comparing->head_conditions, comparing->head_path,
                                       err) ||
                       check_one_variant(&comparing->base_runs, request->base,
                                         comparing->base_path, "--base", err) ||
                       check_one_variant(&comparing->head_runs, request->head,
                                         comparing->head_path, "--head", err)
                   ? -1
                   : 0;
    return check_variant(&comparing->base_runs, request->base, comparing->base_path,
                         err) ||
                   check_variant(&comparing->base_runs, request->head,
                                 comparing->base_path, err)
               ? -1
               : 0;
}

/* Opens the calibration of the machine that measured. A typed threshold replaces the
 * default calibration. */
static int open_gate(struct comparing *comparing, struct err *err)
{
    const struct request *request = comparing->request;
    const char *path = request->calibration;

    if (comparing->has_threshold) {
        comparing->request->options.overall_threshold = request->options.threshold;
        path = path ? path : "off";
    }
    if (!comparing->base_conditions.env)
        return 0;
    if (gate_open(&comparing->gate, path, comparing->base_conditions.env, err) ||
        gate_fit_conditions(&comparing->gate, &comparing->base_conditions, err))
        return -1;
    comparing->request->options.calibration = gate_calibration(&comparing->gate);
    return 0;
}

static int compare(struct comparing *comparing, struct err *err)
{
    struct request *request = comparing->request;
    struct compare_source base = {comparing->base_path, &comparing->base_runs,
                                  request->base};
    struct compare_source head = {comparing->head_path, &comparing->head_runs,
                                  request->head};
    const struct conditions *claims = NULL; /* of one sweep: claims of its variants */

    if (is_one_sweep(comparing)) {
        base = (struct compare_source){request->base, &comparing->base_runs,
                                       request->base};
        head = (struct compare_source){request->head, &comparing->base_runs,
                                       request->head};
        claims = &comparing->base_conditions;
        request->options.analyses = conditions_analyses(claims);
    } else {
        bool same;

        if (conditions_same_selection(&comparing->base_conditions,
                                      &comparing->head_conditions, &same, err))
            return -1;
        request->options.selections_differ = !same;
    }
    strategy_names(comparing->order,
                   sizeof(comparing->order) / sizeof(comparing->order[0]));
    request->options.order = comparing->order;
    if (comparison_make(&comparing->comparison, &base, &head, &request->options, err))
        return -1;
    if (!is_one_sweep(comparing) &&
        compare_env_check(&comparing->comparison, &comparing->base_conditions,
                          &comparing->head_conditions, err))
        return -1;
    return compare_env_check_claims(&comparing->comparison, &base, &head, claims, err) ||
                   compare_env_check_version(&comparing->comparison, &base,
                                             request->base_libcurl, err) ||
                   compare_env_check_version(&comparing->comparison, &head,
                                             request->head_libcurl, err)
               ? -1
               : 0;
}

/* -- retry --------------------------------------------------------------------- */

/* Measures again what would fail. Returns 0, EXIT_INTERRUPTED, or -1. */
static int retry(struct comparing *comparing, struct err *err)
{
    const struct request *request = comparing->request;
    struct comparison *comparison = &comparing->comparison;
    struct retry_source source = {
        .dir = comparing->base_path,
        .base = request->base,
        .head = request->head,
        .yes = request->yes,
        .trust = request->trust,
        .screen = comparing->screen,
    };
    int result = 0;

    for (unsigned i = 0; i < request->retries && !result; i++) {
        if (compare_problem_count(comparison, COMPARE_NOT_COMPARABLE) ||
            !retry_is_needed(comparison))
            break;
        (void)fprintf(comparing->screen, "measuring again what would fail the gate\n");
        result = retry_once(comparison, &source, &request->options, err);
    }
    return result;
}

/* -- reports ------------------------------------------------------------------- */

typedef int write_fn(const struct comparison *comparison, FILE *out, struct err *err);

static int write_markdown(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_markdown_write(comparison, NULL, out, err);
}

static int export(const struct comparison *comparison, const char *path, write_fn *write,
                  struct err *err)
{
    struct text text;
    char *bytes;
    size_t size;
    int result;

    if (!path)
        return 0;
    if (text_open(&text, err))
        return -1;
    if (write(comparison, text.out, err)) {
        text_drop(&text);
        return -1;
    }
    bytes = text_close(&text, &size, err);
    if (!bytes)
        return -1;
    if (strcmp(path, "-") != 0)
        result = file_replace(path, bytes, size, err);
    else
        result = fwrite(bytes, 1, size, stdout) == size && !fflush(stdout)
                     ? 0
                     : err_errno(err, "cannot write to standard output");
    free(bytes);
    return result;
}

static bool takes_stdout(const struct request *request)
{
    const char *const paths[] = {request->markdown, request->json, request->junit};

    for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        if (paths[i] && !strcmp(paths[i], "-"))
            return true;
    return false;
}

static int write_all(const struct comparing *comparing, struct err *err)
{
    const struct comparison *comparison = &comparing->comparison;
    const struct request *request = comparing->request;

    if (compare_table_write(comparison, request->all, comparing->screen, err) ||
        export(comparison, request->markdown, write_markdown, err) ||
        export(comparison, request->json, compare_json_write, err) ||
        export(comparison, request->junit, junit_write, err))
        return -1;
    if (comparing->gate.text[0]) {
        terminal_write(comparing->screen, comparing->gate.text);
        (void)fputc('\n', comparing->screen);
    }
    return 0;
}

static int judge(struct comparing *comparing, const struct typed *typed, struct err *err)
{
    int retried;

    comparing->screen = takes_stdout(comparing->request) ? stderr : stdout;
    comparing->has_threshold = options_typed(typed, "threshold");
    comparing->request->options.gates_by_default = !options_typed(typed, "metric");
    if (check_usage(comparing, typed, err) || read_files(comparing, err) ||
        open_gate(comparing, err) || compare(comparing, err))
        return EXIT_USAGE;
    retried = retry(comparing, err);
    if (retried == EXIT_INTERRUPTED)
        return EXIT_INTERRUPTED;
    return retried || write_all(comparing, err) ? EXIT_USAGE
                                                : compare_status(&comparing->comparison);
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct comparing comparing = {.request = object};
    int status = judge(&comparing, typed, err);

    comparison_free(&comparing.comparison);
    gate_close(&comparing.gate);
    conditions_free(&comparing.base_conditions);
    conditions_free(&comparing.head_conditions);
    runs_free(&comparing.base_runs);
    runs_free(&comparing.head_runs);
    return status;
}

/* Sets defaults that are not in the table of options. */
static int begin(void *object, struct err *err)
{
    struct request *request = object;
    struct compare_options defaults = compare_options_default();

    (void)err;
    request->options.analyses = defaults.analyses;
    request->options.overall_threshold = defaults.overall_threshold;
    return 0;
}

const struct command compare_command = {
    .name = "compare",
    .usage = "bench compare [options] BASE HEAD\n       bench compare [options] RUNS "
             "--base VARIANT --head VARIANT",
    .summary = "Tells whether head is slower than base by more than noise.",
    .notes =
        "BASE, HEAD and RUNS are a runs.csv, or the directory of a run.\n"
        "Exit status: 0 nothing is slower; 1 something is; 2 usage; 3 cannot tell: too\n"
        "few rounds, or too much noise; 4 rows are missing, failed or invalid; 5 the "
        "two\n"
        "sides are not comparable. docs/compare.md explains the output.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .takes_operands = true,
    .begin = begin,
    .run = run,
};
