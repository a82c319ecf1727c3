/* command_reference.c - `bench reference`: prints all commands and options as Markdown,
 * from which scripts/docs writes docs/options.md; as the man page; or as a completion for
 * bash. */
#include <stdio.h>
#include <string.h>

#include "base/value_table.h"
#include "harness/cli/command.h"
#include "harness/cli/completion.h"
#include "harness/cli/manual.h"
#include "harness/plan/levels.h"
#include "harness/plan/profile.h"

struct request {
    int form;
};

enum { FORM_MARKDOWN, FORM_MAN, FORM_BASH };

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("form", "markdown|man|bash", "markdown",
           "Markdown for the docs, a man page, or a completion for bash",
           WORD(form, "markdown", "man", "bash")),
};

static const struct option_list options = OPTIONS_OF(specs);

/* The levels that a profile sets, without "...". */
static void print_levels(const char *name, const char *text)
{
    struct levels levels;

    if (!strstr(text, "...") || levels_parse(&levels, &levels_kind, text, NULL))
        return;
    (void)printf("\nThe levels of `%s` are ", name);
    levels_write(&levels, stdout);
    (void)printf(".\n");
}

static void print_profiles(void)
{
    const struct profile *profile;

    (void)printf(
        "\n### Profiles\n\n"
        "`--profile NAME` sets these options. `bench` without arguments measures\n"
        "the profile `quick`.\n\n"
        "| profile | options |\n|---|---|\n");
    for (size_t i = 0; (profile = profile_at(i)); i++) {
        (void)printf("| `%s` | `", profile->name);
        for (size_t j = 0; profile->settings[j].option; j++)
            (void)printf("%s--%s %s", j ? " " : "", profile->settings[j].option,
                         profile->settings[j].value);
        (void)printf("` |\n");
    }
    for (size_t i = 0; (profile = profile_at(i)); i++)
        for (size_t j = 0; profile->settings[j].option; j++)
            if (!strcmp(profile->settings[j].option, "levels"))
                print_levels(profile->name, profile->settings[j].value);
}

/* One command. Those with the options of `bench run` refer to its tables. */
static void print_command(const struct command *command)
{
    (void)printf("\n## `bench %s`\n\n%s\n\n```\n%s\n```\n", command->name,
                 command->summary, command->usage);
    if (command != &run_command && command->options == run_command.options)
        (void)printf("\nIt takes the [options of `bench run`](#bench-run).\n");
    else
        options_print_markdown(command->options, stdout);
    if (command == &run_command)
        print_profiles();
}

static void print_markdown(void)
{
    (void)printf(
        "# Commands and options\n\n"
        "<!-- Written by scripts/docs from the program's own tables. -->\n\n"
        "`bench COMMAND --help` and, once it is installed, `man bench` list the\n"
        "same options. Without a command, `bench` takes the options of\n"
        "`bench run`. Brackets in the column \"meaning\" contain a default that\n"
        "is not a value of the option.\n");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            print_command(commands[i]);
    (void)printf("\n## Exit status\n\n| status | meaning |\n|---|---|\n"
#define EXIT_STATUS(name, status, meaning) "| " #status " | " meaning " |\n"
#include "harness/cli/exit_status.def"
#undef EXIT_STATUS
    );
}

static int run(void *request, const struct typed *typed, struct err *err)
{
    (void)typed;
    (void)err;
    switch (((struct request *)request)->form) {
    case FORM_MAN:
        manual_print(stdout);
        break;
    case FORM_BASH:
        completion_print(stdout);
        break;
    default:
        print_markdown();
    }
    return EXIT_ALL_GOOD;
}

const struct command reference_command = {
    .name = "reference",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .run = run,
};
