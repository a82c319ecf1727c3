/* options.h - command lines: a table of options, and getopt_long() over it. */
#ifndef HARNESS_CLI_OPTIONS_H
#define HARNESS_CLI_OPTIONS_H

#include <stddef.h>
#include <stdio.h>

#include "base/err.h"

/* One option, "--name" or "--name ARGUMENT". */
struct option_spec {
    const char *name;
    const char *argument; /* what the help calls it; NULL: it takes none */
    const char *help;     /* one line, or lines separated by '\n' */

    /* Stores `value` (NULL without an argument) in what the command keeps. On -1 the
     * words are about the value; the option's name is put in front of them. */
    int (*set)(void *target, const char *value, struct err *err);
};

/* Options that belong together, kept in a table and a structure of their own. */
struct option_group {
    const char *title; /* a heading in the help */
    const struct option_spec *options;
    size_t option_count;
};

/* A group as a part of a command: what it sets lies at `offset` in the command's target.
 */
struct option_part {
    const struct option_group *group;
    size_t offset;
};

/* A command and its options. */
struct command_spec {
    const char *usage;   /* "bench run [options]" */
    const char *summary; /* one line */
    const struct option_spec *options;
    size_t option_count;
    const struct option_part *parts; /* more options, behind these; may be NULL */
    size_t part_count;
    const char *notes; /* what follows the options in the help; may be NULL */
};

enum options_result { OPTIONS_OK, OPTIONS_HELP, OPTIONS_WRONG };

/* Reads argv[1] and on into `target`. `*first` becomes the index of the first argument
 * that is no option. Wrong: one line in `err` that names what is valid. */
enum options_result options_parse(const struct command_spec *command, int argc,
                                  char **argv, void *target, int *first, struct err *err);

/* Sets one option by its name, as if it had been typed. */
int options_set(const struct command_spec *command, const char *name, const char *value,
                void *target, struct err *err);

void options_print_help(const struct command_spec *command, FILE *out);

#endif
