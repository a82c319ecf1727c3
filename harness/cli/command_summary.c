/* command_summary.c - bench summary: what recorded runs come to, for people and for other
 * programs. */
#include <stdio.h>
#include <string.h>

#include "analysis/report/github_benchmark.h"
#include "analysis/report/hyperfine.h"
#include "analysis/report/summary_csv.h"
#include "analysis/report/summary_json.h"
#include "analysis/report/summary_markdown.h"
#include "analysis/report/table.h"
#include "analysis/rows/one_table.h"
#include "harness/cli/commands.h"
#include "strategies/strategy.h"

/* -- formats ------------------------------------------------------------------- */

/* One that the summary is enough for, or one that wants the runs too. */
static const struct format {
    const char *name;
    int (*write)(const struct summary *summary, FILE *out, struct err *err);
    int (*write_runs)(const struct summary *summary, const struct runs *runs, FILE *out,
                      struct err *err);
} formats[] = {
    {"table", table_print, NULL},
    {"csv", summary_csv_write, NULL},
    {"markdown", summary_markdown_write, NULL},
    {"json", summary_json_write, NULL},
    {"hyperfine", NULL, hyperfine_write},
    {"github", github_benchmark_write, NULL},
};

struct summary_options {
    const struct format *format;
};

static int set_format(void *target, const char *value, struct err *err)
{
    struct summary_options *options = target;

    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++)
        if (!strcmp(formats[i].name, value)) {
            options->format = &formats[i];
            return 0;
        }
    return err_set(err, "'%s' is none of table, csv, markdown, json, hyperfine, github",
                   value);
}

static const struct option_spec summary_specs[] = {
    {"format", "FORMAT",
     "table, for people; csv, one line a cell; markdown; json, as\n"
     "docs/schema/summary.schema.json has it; hyperfine, as its\n"
     "--export-json; github, for github-action-benchmark  [table]",
     set_format},
};

const struct command_spec summary_command = {
    .usage = "bench summary [options] RUNS.csv|DIRECTORY ...",
    .summary =
        "Prints the table of a run again, from its files; several are taken together.",
    .options = summary_specs,
    .option_count = 1,
};

/* -- the command --------------------------------------------------------------- */

static int write_summary(const struct format *format, const struct runs *runs,
                         struct err *err)
{
    const char *order[64];
    struct summary summary;
    int result;

    strategy_names(order, sizeof(order) / sizeof(order[0]));
    if (summary_make(&summary, runs, order, err))
        return -1;
    result = format->write ? format->write(&summary, stdout, err)
                           : format->write_runs(&summary, runs, stdout, err);
    summary_free(&summary);
    return result;
}

int command_summary(int argc, char **argv, struct err *err)
{
    struct summary_options options = {.format = &formats[0]};
    struct runs runs = {0};
    bool mixed = false;
    int result;
    int first;
    int status;

    if (!command_line(&summary_command, argc, argv, &options, &first, &status, err))
        return status;
    if (first >= argc) {
        (void)err_set(err, "give a runs.csv, or a directory that holds one");
        return EXIT_USAGE;
    }
    result = one_table_read(&runs, argv + first, (size_t)(argc - first), &mixed, err);
    if (!result)
        result = write_summary(options.format, &runs, err);
    runs_free(&runs);
    return mixed ? EXIT_NOT_COMPARABLE : result ? EXIT_USAGE : EXIT_ALL_GOOD;
}
