/* commands.h - the subcommands. Each reads its command line and returns the exit status.
 */
#ifndef HARNESS_CLI_COMMANDS_H
#define HARNESS_CLI_COMMANDS_H

#include <stdbool.h>

#include "analysis/compare/compare.h"
#include "base/err.h"
#include "harness/cli/options.h"

/* The exit statuses of the program. */
enum {
    EXIT_ALL_GOOD = 0,
    EXIT_REGRESSION = 1,
    EXIT_USAGE = 2,          /* or nothing feasible at all */
    EXIT_CANNOT_TELL = 3,    /* too few rounds, or too much noise */
    EXIT_INCOMPLETE = 4,     /* some cell failed, was invalid or is missing */
    EXIT_NOT_COMPARABLE = 5, /* another machine, other options, other libraries */
    EXIT_INTERRUPTED = 130,
};

/* argv[0] is the name of the command. Words in `err` are printed by main(), whatever the
 * status; "" when there are none. */
typedef int command_fn(int argc, char **argv, struct err *err);

command_fn command_run, command_list, command_serve, command_env, command_summary,
    command_compare, command_calibrate, command_cell;

extern const struct command_spec list_command, serve_command, env_command,
    summary_command, compare_command, calibrate_command;

/* The exit status that a comparison comes to. What cannot be compared says nothing; a
 * regression that was found is one, whatever else is missing; and what is missing is not
 * passed by what could not be told. */
int compare_status(const struct comparison *comparison);

/* Reads the options of a command. True: go on. False: `*status` is the exit status, and
 * the help was printed or the words say what is wrong. Arguments that are no options are
 * only allowed when `first` is not NULL. */
bool command_line(const struct command_spec *command, int argc, char **argv, void *target,
                  int *first, int *status, struct err *err);

#endif
