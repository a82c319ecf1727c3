/* command_reference.c - `bench reference`: all commands and options in forms for other
 * programs. scripts/docs writes docs/options.md with it, and a shell completes with it.
 */
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

static void print_markdown(void)
{
    (void)printf("# Commands and options\n\n"
                 "<!-- Written by scripts/docs from the program's own tables. -->\n");
    for (size_t i = 0; commands[i]; i++) {
        if (!commands[i]->usage)
            continue;
        (void)printf("\n## `bench %s`\n\n%s\n", commands[i]->name, commands[i]->summary);
        options_print_markdown(commands[i]->options, stdout);
    }
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
