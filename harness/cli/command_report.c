/* command_report.c - bench report: recorded runs as one HTML page. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare_env.h"
#include "analysis/report/html_report.h"
#include "base/text.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/gate.h"
#include "harness/cli/output_file.h"
#include "harness/cli/read_summary.h"
#include "harness/cli/shell_quote.h"

struct request {
    struct plot_set show;
    char *out; /* NULL: beside the first run */
    double allowed_errors;
};

#define VALUE_OWNER struct request

VALUE_PARSER(parse_show, plot_parse_list)

static const struct value_ops show_ops = {.parse = parse_show, .listed_in_help = true};

static const struct value_spec specs[] = {
    OPTION("out", "FILE|-", "", "output file [report.html beside the first runs.csv]",
           TEXT(out)),
    OPTION("show", "LIST", "",
           "plots to include, as for bench plot, which see for the default;\n"
           "they need gnuplot",
           OTHER(show, show_ops)),
    OPTION("allow-errors", "PERCENT", "0%", ALLOW_ERRORS_HELP, PERCENT(allowed_errors)),
};

static const struct option_list options = OPTIONS_OF(specs);

/* -- base against head --------------------------------------------------------- */

/* The comparison, and all that it borrows from. */
struct judged {
    struct runs runs;
    struct conditions conditions;
    struct gate gate;
    struct comparison comparison;
    bool is_there;
};

static bool has_variant(const struct summary *summary, const char *variant)
{
    for (size_t i = 0; i < summary->count; i++)
        if (!strcmp(summary->cells[i].variant, variant))
            return true;
    return false;
}

/* As bench compare --base base --head head does it. */
static int judge(struct judged *judged, const char *path, const char *const *order,
                 struct err *err)
{
    struct compare_source base = {"base", &judged->runs, "base"};
    struct compare_source head = {"head", &judged->runs, "head"};
    struct compare_options how = compare_options_default();

    if (runs_read(&judged->runs, path, err) ||
        conditions_read(&judged->conditions, path, err))
        return -1;
    if (judged->conditions.env &&
        (gate_open(&judged->gate, NULL, judged->conditions.env, err) ||
         gate_fit_conditions(&judged->gate, &judged->conditions, err)))
        return -1;
    how.calibration = gate_calibration(&judged->gate);
    how.analyses = conditions_analyses(&judged->conditions);
    how.order = order;
    if (comparison_make(&judged->comparison, &base, &head, &how, err))
        return -1;
    judged->is_there = true;
    return compare_env_check_claims(&judged->comparison, &base, &head,
                                    &judged->conditions, err);
}

static void judged_free(struct judged *judged)
{
    comparison_free(&judged->comparison);
    gate_close(&judged->gate);
    conditions_free(&judged->conditions);
    runs_free(&judged->runs);
}

/* -- the page ------------------------------------------------------------------ */

/* The command that measures a run again; NULL: no memory. Owner: the caller, free(). */
static char *command_of(const char *runs, struct err *err)
{
    struct text text;
    char *name = output_path(NULL, runs, "", err);
    char *command = NULL;

    if (name && !text_open(&text, err)) {
        (void)fputs("bench run --plan ", text.out);
        shell_quote(text.out, name[0] ? name : ".");
        command = text_close(&text, NULL, err);
    }
    free(name);
    return command;
}

static void free_commands(char **repeats, size_t count)
{
    for (size_t i = 0; repeats && i < count; i++)
        free(repeats[i]);
    free(repeats);
}

static char **commands_of(const struct typed *typed, struct err *err)
{
    char **repeats = calloc(typed->operand_count, sizeof(*repeats));

    if (!repeats) {
        (void)err_errno(err, "no memory for the report");
        return NULL;
    }
    for (size_t i = 0; i < typed->operand_count; i++) {
        repeats[i] = command_of(typed->operands[i], err);
        if (!repeats[i]) {
            free_commands(repeats, typed->operand_count);
            return NULL;
        }
    }
    return repeats;
}

/* NULL: an error. Owner: the caller, free(). */
static char *make_page(const struct html_report *report, size_t *size, struct err *err)
{
    struct text text;

    if (text_open(&text, err))
        return NULL;
    if (html_report_write(report, text.out, err)) {
        text_drop(&text);
        return NULL;
    }
    return text_close(&text, size, err);
}

/* -- the file ------------------------------------------------------------------ */

static int write_file(const struct request *request, const struct html_report *report,
                      struct err *err)
{
    static const struct output_kind kind = OUTPUT_KIND(HTML_REPORT_HEAD,
                                                       "a report of bench");
    char *path = output_path(request->out, report->paths[0], "report.html", err);
    char *page = NULL;
    size_t size;
    int result = -1;

    if (path && !output_check(path, &kind, err))
        page = make_page(report, &size, err);
    if (page)
        result = output_write(path, page, size, err);
    if (!result)
        output_print(path);
    free(page);
    free(path);
    return result;
}

/* -- the command --------------------------------------------------------------- */

static int report_on(const struct request *request, const struct typed *typed,
                     const struct summary *summary, struct err *err)
{
    const char *order[STRATEGY_ORDER_MAX];
    struct judged judged = {.is_there = false};
    char **repeats = commands_of(typed, err);
    struct plot_set show = plot_set_of(&request->show, summary);
    struct html_report report = {
        .summary = summary,
        .order = strategy_order(order),
        .paths = typed->operands,
        .commands = repeats,
        .path_count = typed->operand_count,
        .show = &show,
    };
    int result = repeats ? 0 : -1;

    if (!result && typed->operand_count == 1 && has_variant(summary, "base") &&
        has_variant(summary, "head"))
        result = judge(&judged, typed->operands[0], order, err);
    report.comparison = judged.is_there ? &judged.comparison : NULL;
    report.basis = judged.gate.text;
    if (!result)
        result = write_file(request, &report, err);
    judged_free(&judged);
    free_commands(repeats, typed->operand_count);
    return result;
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct summary summary = {0};
    const struct request *request = object;
    bool mixed = false;
    int result = read_summary(&summary, typed, request->allowed_errors, &mixed, err);

    if (!result)
        result = report_on(request, typed, &summary, err);
    summary_free(&summary);
    return mixed ? EXIT_NOT_COMPARABLE : result ? EXIT_USAGE : EXIT_ALL_GOOD;
}

const struct command report_command = {
    .name = "report",
    .usage = "bench report [options] RUNS.csv|DIRECTORY ...",
    .summary = "Writes recorded runs as one HTML page that needs no network.",
    .notes = "Several runs are combined into one.\n"
             "Exit status: 0 success; 2 usage; 5 the runs were measured under different "
             "conditions.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .takes_operands = true,
    .run = run,
};
