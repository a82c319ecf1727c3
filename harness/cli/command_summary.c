/* command_summary.c - bench summary: what recorded runs come to, for people and for other
 * programs. */
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
#include "analysis/rows/one_table.h"
#include "base/terminal.h"
#include "base/text.h"
#include "base/value_table.h"
#include "harness/cli/command.h"
#include "strategies/strategy.h"

/* -- formats ------------------------------------------------------------------- */

/* name, what writes it: from the summary, or from the summary and the runs */
#define FORMATS(X)                              \
    X("table", table_print, NULL)               \
    X("csv", summary_csv_write, NULL)           \
    X("markdown", summary_markdown_write, NULL) \
    X("json", summary_json_write, NULL)         \
    X("hyperfine", NULL, hyperfine_write)       \
    X("github", github_benchmark_write, NULL)

static const struct format {
    int (*write)(const struct summary *summary, FILE *out, struct err *err);
    int (*write_runs)(const struct summary *summary, const struct runs *runs, FILE *out,
                      struct err *err);
} formats[] = {
#define X(name, write, write_runs) {(write), (write_runs)},
    FORMATS(X)
#undef X
};

static const char *const format_names[] = {
#define X(name, write, write_runs) name,
    FORMATS(X)
#undef X
        NULL};

struct request {
    int format;
};

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("format", "FORMAT", "table",
           "table, for people; csv, one line per cell; markdown; json, as\n"
           "docs/schema/summary.schema.json has it; hyperfine, as its\n"
           "--export-json; github, for github-action-benchmark",
           .type = {.kind = VALUE_WORD, .words = format_names}, VALUE_AT(format)),
};

static const struct option_list options = OPTIONS_OF(specs);

/* -- the command --------------------------------------------------------------- */

/* Data goes out as it is, but not to a terminal, which would obey it. */
static int print(char *bytes, size_t size, struct err *err)
{
    if (isatty(STDOUT_FILENO))
        terminal_write_lines(stdout, bytes);
    else
        (void)fwrite(bytes, 1, size, stdout);
    free(bytes);
    return ferror(stdout) ? err_errno(err, "cannot write the summary") : 0;
}

static int write_summary(const struct format *format, const struct runs *runs,
                         struct err *err)
{
    const char *order[64];
    struct summary summary;
    struct text text;
    char *bytes = NULL;
    size_t size;
    int result;

    strategy_names(order, sizeof(order) / sizeof(order[0]));
    if (summary_make(&summary, runs, order, err))
        return -1;
    result = text_open(&text, err);
    if (!result) {
        result = format->write ? format->write(&summary, text.out, err)
                               : format->write_runs(&summary, runs, text.out, err);
        bytes = text_close(&text, &size, result ? NULL : err);
    }
    summary_free(&summary);
    if (result || !bytes) {
        free(bytes);
        return -1;
    }
    return print(bytes, size, err);
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    const struct format *format = &formats[((struct request *)object)->format];
    struct runs runs = {0};
    bool mixed = false;
    int result;

    if (!typed->operand_count) {
        (void)err_set(err, "give a runs.csv, or a directory that holds one");
        return EXIT_USAGE;
    }
    result = one_table_read(&runs, typed->operands, typed->operand_count, &mixed, err);
    if (!result)
        result = write_summary(format, &runs, err);
    runs_free(&runs);
    return mixed ? EXIT_NOT_COMPARABLE : result ? EXIT_USAGE : EXIT_ALL_GOOD;
}

const struct command summary_command = {
    .name = "summary",
    .usage = "bench summary [options] RUNS.csv|DIRECTORY ...",
    .summary =
        "Prints the table of a run again, from its files; several are taken together.",
    .notes = "Exit status: 0; 2 usage; 5 the runs were measured under different "
             "conditions.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .takes_operands = true,
    .run = run,
};
