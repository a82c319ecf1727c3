/* command_summary.c - bench summary: the summary of recorded runs, for people and for
 * other programs. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "analysis/report/github_benchmark.h"
#include "analysis/report/hyperfine.h"
#include "analysis/report/summary_csv.h"
#include "analysis/report/summary_json.h"
#include "analysis/report/summary_markdown.h"
#include "analysis/report/table.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/read_summary.h"
#include "harness/cli/view_options.h"

/* -- formats ------------------------------------------------------------------- */

/* name, what writes it */
#define FORMATS(X)                        \
    X("table", table_print)               \
    X("csv", summary_csv_write)           \
    X("markdown", summary_markdown_write) \
    X("json", summary_json_write)         \
    X("hyperfine", hyperfine_write)       \
    X("github", github_benchmark_write)

static summary_write_fn *const formats[] = {
#define X(name, write) write,
    FORMATS(X)
#undef X
};

static const char *const format_names[] = {
#define X(name, write) name,
    FORMATS(X)
#undef X
        NULL};

struct request {
    int format;
    double allowed_errors;
    struct view_request view;
};

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("format", "FORMAT", "table",
           "table, for people; csv, one line per cell; markdown; json, as\n"
           "docs/schema/summary.schema.json has it; hyperfine, as its\n"
           "--export-json; github, for github-action-benchmark",
           .type = {.kind = VALUE_WORD, .words = format_names}, VALUE_AT(format)),
    OPTION("allow-errors", "PERCENT", "0%",
           ALLOW_ERRORS_HELP "; the share is shown beside every figure",
           PERCENT(allowed_errors)),
};

static const struct option_part parts[] = {
    OPTION_PART(NULL, specs, 0, OPTION_ANY_GROUP),
    OPTION_PART(NULL, view_specs, offsetof(struct request, view), OPTION_ANY_GROUP),
};

static const struct option_list options = {parts, sizeof(parts) / sizeof(parts[0])};

/* -- the command --------------------------------------------------------------- */

/* Data is written unchanged, but not to a terminal, which would obey control characters.
 * A table has none. */
static int print(char *bytes, size_t size, bool is_table, struct err *err)
{
    if (isatty(STDOUT_FILENO) && !is_table)
        terminal_write_lines(stdout, bytes);
    else
        (void)fwrite(bytes, 1, size, stdout);
    free(bytes);
    return ferror(stdout) ? err_errno(err, "cannot write the summary") : 0;
}

static int write_summary(const struct request *request, const struct summary *summary,
                         struct err *err)
{
    struct view view = view_on(&request->view, stdout);
    summary_write_fn *write = formats[request->format];
    struct text text;
    char *bytes;
    size_t size;
    int result;

    if (text_open(&text, err))
        return -1;
    result = write(summary, &view, text.out, err);
    bytes = text_close(&text, &size, result ? NULL : err);
    if (result || !bytes) {
        free(bytes);
        return -1;
    }
    return print(bytes, size, write == table_print, err);
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    const struct request *request = object;
    struct summary summary = {0};
    bool mixed = false;
    int result;

    if (request->view.chart && formats[request->format] != table_print) {
        (void)err_set(err, "--chart goes with --format table only");
        return EXIT_USAGE;
    }
    result = read_summary(&summary, typed, request->allowed_errors, &mixed, err);
    if (!result)
        result = write_summary(request, &summary, err);
    summary_free(&summary);
    return mixed ? EXIT_NOT_COMPARABLE : result ? EXIT_USAGE : EXIT_ALL_GOOD;
}

const struct command summary_command = {
    .name = "summary",
    .usage = "bench summary [options] RUNS.csv|DIRECTORY ...",
    .summary = "Prints the tables of recorded runs; several runs are combined into one.",
    .notes = "Exit status: 0 success; 2 usage; 5 the runs were measured under different "
             "conditions.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .takes_operands = true,
    .run = run,
};
