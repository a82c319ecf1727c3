/* options.c - see options.h. */
#include "harness/cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

/* Values that getopt_long() gives back for the option at index i, and for --help. */
enum { FIRST_OPTION = 1000, HELP_OPTION = 999 };

/* -- all options of a command -------------------------------------------------- */

static size_t count_options(const struct command_spec *command)
{
    size_t count = command->option_count;

    for (size_t i = 0; i < command->part_count; i++)
        count += command->parts[i].group->option_count;
    return count;
}

/* The option at `index` of them all; `*target` becomes what it sets. */
static const struct option_spec *option_at(const struct command_spec *command,
                                           size_t index, void **target)
{
    const struct option_part *part = command->parts;

    if (index < command->option_count)
        return &command->options[index];
    index -= command->option_count;
    for (; index >= part->group->option_count; part++)
        index -= part->group->option_count;
    if (*target)
        *target = (char *)*target + part->offset;
    return &part->group->options[index];
}

static int unknown_option(const struct command_spec *command, const char *typed,
                          struct err *err)
{
    size_t count = count_options(command);
    char names[640] = "";
    size_t used = 0;

    for (size_t i = 0; i < count && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, "%s--%s",
                                 i ? ", " : "",
                                 option_at(command, i, &(void *){NULL})->name);
    return err_set(err, "unknown option %s; there are %s", typed,
                   count ? names : "none but --help");
}

static int set_option(const struct command_spec *command, size_t index, const char *value,
                      void *target, struct err *err)
{
    const struct option_spec *option = option_at(command, index, &target);

    return option->set(target, value, err) ? err_prefix(err, "--%s", option->name) : 0;
}

/* -- reading a command line ---------------------------------------------------- */

/* One result of getopt_long() that is not an end. */
static enum options_result take(const struct command_spec *command, int value,
                                char **argv, void *target, struct err *err)
{
    const char *typed = argv[optind - 1];

    if (value == HELP_OPTION || value == 'h')
        return OPTIONS_HELP;
    if (value == ':') {
        (void)err_set(err, "%s needs a value; see bench --help", typed);
        return OPTIONS_WRONG;
    }
    if (value < FIRST_OPTION) {
        /* optopt is set when the option is known but has a value that it does not take.
         */
        char short_name[] = {'-', (char)optopt, '\0'};

        if (optopt >= HELP_OPTION)
            (void)err_set(err, "%s takes no value", typed);
        else
            (void)unknown_option(command, optopt ? short_name : typed, err);
        return OPTIONS_WRONG;
    }
    return set_option(command, (size_t)(value - FIRST_OPTION), optarg, target, err)
               ? OPTIONS_WRONG
               : OPTIONS_OK;
}

enum options_result options_parse(const struct command_spec *command, int argc,
                                  char **argv, void *target, int *first, struct err *err)
{
    size_t count = count_options(command);
    struct option *options = calloc(count + 2, sizeof(*options));
    enum options_result result = OPTIONS_OK;
    int value;

    if (!options) {
        (void)err_errno(err, "no memory for the options");
        return OPTIONS_WRONG;
    }
    for (size_t i = 0; i < count; i++) {
        const struct option_spec *option = option_at(command, i, &(void *){NULL});

        options[i] = (struct option){
            .name = option->name,
            .has_arg = option->argument ? required_argument : no_argument,
            .val = FIRST_OPTION + (int)i,
        };
    }
    options[count] = (struct option){
        .name = "help", .has_arg = no_argument, .val = HELP_OPTION};
    opterr = 0;
    optind = 0; /* glibc: begin anew */
    while (result == OPTIONS_OK &&
           (value = getopt_long(argc, argv, ":h", options, NULL)) >= 0)
        result = take(command, value, argv, target, err);
    *first = optind;
    free(options);
    return result;
}

int options_set(const struct command_spec *command, const char *name, const char *value,
                void *target, struct err *err)
{
    for (size_t i = 0; i < count_options(command); i++)
        if (!strcmp(option_at(command, i, &(void *){NULL})->name, name))
            return set_option(command, i, value, target, err);
    return unknown_option(command, name, err);
}

/* -- the help ------------------------------------------------------------------ */

static void print_option(const struct option_spec *option, FILE *out)
{
    const char *line = option->help;
    char name[64];

    (void)snprintf(name, sizeof(name), "--%s%s%s", option->name,
                   option->argument ? " " : "", option->argument ? option->argument : "");
    (void)fprintf(out, strlen(name) >= 28 ? "  %s\n%-30s" : "  %-28s%s", name, "");
    for (;;) {
        size_t length = strcspn(line, "\n");

        (void)fprintf(out, "%.*s\n", (int)length, line);
        if (!line[length])
            break;
        line += length + 1;
        (void)fprintf(out, "%-30s", "");
    }
}

void options_print_help(const struct command_spec *command, FILE *out)
{
    (void)fprintf(out, "Usage: %s\n%s\n\n", command->usage, command->summary);
    for (size_t i = 0; i < command->option_count; i++)
        print_option(&command->options[i], out);
    for (size_t i = 0; i < command->part_count; i++) {
        const struct option_group *group = command->parts[i].group;

        (void)fprintf(out, "\n%s:\n", group->title);
        for (size_t j = 0; j < group->option_count; j++)
            print_option(&group->options[j], out);
    }
    if (command->notes)
        (void)fprintf(out, "\n%s", command->notes);
}
