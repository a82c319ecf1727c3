/* command_reference.c - `bench reference`: prints all commands and options as Markdown,
 * from which scripts/docs writes docs/options.md, or as a completion for bash. */
#include <stdio.h>

#include "base/value_table.h"
#include "harness/cli/command.h"

struct request {
    int form;
};

enum { FORM_MARKDOWN, FORM_BASH };

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("form", "markdown|bash", "markdown",
           "Markdown for the docs, or a completion for bash",
           WORD(form, "markdown", "bash")),
};

static const struct option_list options = OPTIONS_OF(specs);

/* One command. Those with the options of `bench run` refer to its tables. */
static void print_command(const struct command *command)
{
    (void)printf("\n## `bench %s`\n\n%s\n\n```\n%s\n```\n", command->name,
                 command->summary, command->usage);
    if (command != &run_command && command->options == run_command.options)
        (void)printf("\nIt takes the [options of `bench run`](#bench-run).\n");
    else
        options_print_markdown(command->options, stdout);
}

static void print_markdown(void)
{
    (void)printf("# Commands and options\n\n"
                 "<!-- Written by scripts/docs from the program's own tables. -->\n\n"
                 "`bench COMMAND --help` lists the same options. Without a command,\n"
                 "`bench` takes the options of `bench run`. Brackets in the column\n"
                 "\"meaning\" contain a default that is not a value of the option.\n");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            print_command(commands[i]);
    (void)printf(
        "\n## Exit status\n\n"
        "| status | meaning |\n|---|---|\n"
        "| %d | success; of `bench compare`: nothing got slower |\n"
        "| %d | `bench compare`: something got slower |\n"
        "| %d | wrong usage, or no cell can run |\n"
        "| %d | cannot tell: too few rounds, or too much noise |\n"
        "| %d | some cell failed, was invalid or is missing |\n"
        "| %d | not comparable: another machine, other conditions or libraries |\n"
        "| %d | interrupted |\n",
        EXIT_ALL_GOOD, EXIT_REGRESSION, EXIT_USAGE, EXIT_CANNOT_TELL, EXIT_INCOMPLETE,
        EXIT_NOT_COMPARABLE, EXIT_INTERRUPTED);
}

static void print_bash(void)
{
    (void)printf("_bench() {\n    local words\n    case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->usage)
            continue;
        (void)printf("    %s) words='", commands[i]->name);
        options_print_names(commands[i]->options, stdout);
        (void)printf("' ;;\n");
    }
    (void)printf("    *) words='");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            (void)printf("%s ", commands[i]->name);
    options_print_names(run_command.options, stdout);
    (void)printf("' ;;\n    esac\n"
                 "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- "
                 "\"${COMP_WORDS[COMP_CWORD]}\")\n}\n"
                 "complete -o default -F _bench bench\n");
}

static int run(void *request, const struct typed *typed, struct err *err)
{
    (void)typed;
    (void)err;
    if (((struct request *)request)->form == FORM_BASH)
        print_bash();
    else
        print_markdown();
    return EXIT_ALL_GOOD;
}

const struct command reference_command = {
    .name = "reference",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .run = run,
};
