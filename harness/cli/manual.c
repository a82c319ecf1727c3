/* manual.c - see manual.h. */
#include "harness/cli/manual.h"

#include <string.h>

#include "harness/cli/command.h"
#include "harness/cli/troff.h"
#include "strategies/strategy.h"

/* Something with its description, as a row of a list. */
struct entry {
    const char *name, *text;
};

static const struct entry examples[] = {
    {"bench", "A first look of about ten seconds."},
    {"bench --strategy all --levels 1,3,5,...,500",
     "Every strategy at the levels of the article."},
    {"bench --strategy article --levels 10 --delay 5s --rounds 1",
     "The six strategies of the article against a slow server."},
    {"bench --rates 500,1000,2000 --duration 2s",
     "An open loop: that many requests become due per second, for two seconds."},
    {"bench --url 'http://127.0.0.1:8080/detail/{1..100}'",
     "Fetches from another server."},
    {"bench --variant old --variant new:LD_LIBRARY_PATH=/opt/curl/lib --out o\n"
     "bench compare --base old --head new o",
     "Measures two builds of libcurl in the same rounds; is one slower?"},
    {"bench summary --goal cpu --show cost,cpu,memory o",
     "Prints the tables of a recorded run."},
};

static const struct entry files[] = {
    {"results/RUN/runs.csv", "One row per cell and round; RUN is a run id, or the "
                             "directory is that of `--out`."},
    {"results/RUN/plan.json",
     "The plan of the run; `bench run --plan` measures it again."},
    {"results/RUN/env.json", "Facts about the machine, the build and its libraries."},
    {"results/RUN/requests.csv", "With `--raw`: one row per request."},
    {"results/calibration.json",
     "Written by `bench calibrate`; `bench compare` reads it."},
};

static const struct entry variables[] = {
    {"COLUMNS", "The width of tables; without it, that of the terminal."},
    {"NO_COLOR", "If it is not empty, the output has no colours."},
};

/* -- parts of a page ------------------------------------------------------------ */

static void print_section(FILE *out, const char *macro, const char *title)
{
    (void)fprintf(out, "%s \"", macro);
    troff_write(out, title, TROFF_ARGUMENT);
    (void)fprintf(out, "\"\n");
}

static void print_paragraph(FILE *out, const char *text)
{
    (void)fprintf(out, ".PP\n");
    troff_write(out, text, TROFF_FILLED);
    (void)fprintf(out, "\n");
}

static void print_verbatim(FILE *out, const char *text)
{
    (void)fprintf(out, ".nf\n");
    troff_write(out, text, TROFF_VERBATIM);
    (void)fprintf(out, "%s.fi\n", text[strlen(text) - 1] == '\n' ? "" : "\n");
}

/* A row of a list, of which the description follows. */
static void print_term(FILE *out, const char *prefix, const char *name,
                       const char *argument)
{
    (void)fprintf(out, ".TP\n\\fB");
    troff_write(out, prefix, TROFF_ARGUMENT);
    troff_write(out, name, TROFF_ARGUMENT);
    (void)fprintf(out, "\\fR");
    if (argument) {
        (void)fprintf(out, " \\fI");
        troff_write(out, argument, TROFF_ARGUMENT);
        (void)fprintf(out, "\\fR");
    }
    (void)fprintf(out, "\n");
}

static void print_entries(FILE *out, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        print_term(out, "", entries[i].name, NULL);
        troff_write(out, entries[i].text, TROFF_FILLED);
        (void)fprintf(out, "\n");
    }
}

#define PRINT_ENTRIES(out, entries) \
    print_entries(out, entries, sizeof(entries) / sizeof((entries)[0]))

/* -- commands ------------------------------------------------------------------- */

/* Usage lines, of which all but the first are indented. */
static void print_usage(FILE *out, const char *usage)
{
    while (*usage) {
        size_t length = strcspn(usage, "\n");
        char line[256];

        (void)snprintf(line, sizeof(line), "%.*s", (int)length, usage);
        troff_write(out, line, TROFF_VERBATIM);
        (void)fprintf(out, "\n");
        usage += length;
        usage += strspn(usage, "\n ");
    }
}

static void print_option(FILE *out, const struct value_spec *spec)
{
    char prefix[8];

    (void)snprintf(prefix, sizeof(prefix), "%s--", option_short(spec));
    print_term(out, prefix, spec->option, spec->argument);
    troff_write(out, spec->help, TROFF_FILLED);
    (void)fprintf(out, "\n");
    if (spec->initial && spec->initial[0]) {
        (void)fprintf(out, "[\\fB");
        troff_write(out, spec->initial, TROFF_ARGUMENT);
        (void)fprintf(out, "\\fR]\n");
    }
}

static void print_options(FILE *out, const struct option_list *list)
{
    for (size_t i = 0; list && i < list->part_count; i++) {
        const struct option_part *part = &list->parts[i];

        if (part->title)
            print_section(out, ".SS", part->title);
        for (size_t j = 0; j < part->count; j++)
            if (option_part_has(part, &part->specs[j]))
                print_option(out, &part->specs[j]);
    }
}

static void print_command(FILE *out, const struct command *command)
{
    char title[64];

    (void)snprintf(title, sizeof(title), "BENCH %s", command->name);
    for (char *at = title; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    print_section(out, ".SH", title);
    troff_write(out, command->summary, TROFF_FILLED);
    (void)fprintf(out, "\n.PP\n.nf\n");
    print_usage(out, command->usage);
    (void)fprintf(out, ".fi\n");
    if (command != &run_command && command->options == run_command.options)
        print_paragraph(out, "It takes the options of `bench run`.");
    else
        print_options(out, command->options);
    if (command->notes) {
        (void)fprintf(out, ".PP\n");
        print_verbatim(out, command->notes);
    }
}

/* -- the page ------------------------------------------------------------------- */

static void print_head(FILE *out)
{
    (void)fprintf(out, ".\\\" Written by bench reference --form man.\n"
                       ".TH BENCH 1 " BENCH_DATE " \"bench " BENCH_VERSION
                       "\" \"User Commands\"\n"
                       ".SH NAME\n"
                       "bench \\- measure how long fetching web pages takes per "
                       "concurrency model\n"
                       ".SH SYNOPSIS\n.nf\n");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            print_usage(out, commands[i]->usage);
    print_usage(out, "bench help [COMMAND]\nbench --version");
    (void)fprintf(out, ".fi\n.SH DESCRIPTION\n");
    troff_write(out,
                "`bench` measures how long fetching N web pages takes, and how much of "
                "that depends on the concurrency model: one after another, threads, "
                "processes, an event loop, coroutines. It fetches from an embedded "
                "server with a known delay, or from addresses that you name, and every "
                "result row says whether you can trust it.",
                TROFF_FILLED);
    (void)fprintf(out, "\n");
    print_paragraph(out,
                    "Without arguments, `bench` takes a first look of about ten seconds. "
                    "Options without a command are those of `bench run`. Brackets "
                    "behind the description of an option contain its default.");
    print_section(out, ".SH", "COMMANDS");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            print_entries(out, &(struct entry){commands[i]->name, commands[i]->summary},
                          1);
    print_entries(out,
                  &(struct entry){"help", "Prints the help of a command: `bench help "
                                          "COMMAND` or `bench COMMAND --help`."},
                  1);
}

static void print_strategies(FILE *out)
{
    print_section(out, ".SH", "STRATEGIES");
    for (size_t i = 0; strategies[i]; i++)
        print_entries(out, &(struct entry){strategies[i]->name, strategies[i]->summary},
                      1);
}

static void print_exit_statuses(FILE *out)
{
    static const struct entry statuses[] = {
#define EXIT_STATUS(name, status, meaning) {#status, meaning},
#include "harness/cli/exit_status.def"
#undef EXIT_STATUS
    };

    print_section(out, ".SH", "EXIT STATUS");
    PRINT_ENTRIES(out, statuses);
}

static void print_examples(FILE *out)
{
    print_section(out, ".SH", "EXAMPLES");
    for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
        if (i)
            (void)fprintf(out, ".PP\n");
        troff_write(out, examples[i].text, TROFF_FILLED);
        (void)fprintf(out, "\n");
        (void)fprintf(out, ".PP\n.RS 4\n");
        print_verbatim(out, examples[i].name);
        (void)fprintf(out, ".RE\n");
    }
}

void manual_print(FILE *out)
{
    print_head(out);
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            print_command(out, commands[i]);
    print_strategies(out);
    print_exit_statuses(out);
    print_section(out, ".SH", "ENVIRONMENT");
    PRINT_ENTRIES(out, variables);
    print_section(out, ".SH", "FILES");
    PRINT_ENTRIES(out, files);
    print_examples(out);
    print_section(out, ".SH", "SEE ALSO");
    (void)fprintf(out, "\\fBcurl\\fR(1), \\fBgnuplot\\fR(1), \\fBlibcurl\\fR(3)\n");
    print_paragraph(out, "The documents that this page names, such as docs/results.md, "
                         "are installed in share/doc/bench: below /usr by the Debian "
                         "package, else below the prefix of the installation.");
}
