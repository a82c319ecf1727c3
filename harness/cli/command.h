/* command.h - struct command, which each subcommand fills in, and the exit statuses.
 * main.c lists the commands; it reads the command line, and no other file calls one. */
#ifndef HARNESS_CLI_COMMAND_H
#define HARNESS_CLI_COMMAND_H

#include "base/err.h"
#include "harness/cli/options.h"

/* The exit statuses of the program: EXIT_ALL_GOOD and on. */
enum {
#define EXIT_STATUS(name, status, meaning) EXIT_##name = (status),
#include "harness/cli/exit_status.def"
#undef EXIT_STATUS
};

/* A command works on a request: its own struct, into which the options are read. */
struct command {
    const char *name;
    const char *usage;   /* "bench run [options]"; NULL: for internal use */
    const char *summary; /* one line */
    const char *notes;   /* printed below the options in the help; NULL: nothing */
    const struct option_list *options; /* NULL: none */
    const struct option_list *behind;  /* of what follows "--"; NULL: operands */
    size_t request_bytes;
    bool takes_operands;

    /* Operands for completion, by index; NULL behind the last. NULL: they are files. */
    const char *(*operand)(size_t index);

    /* Completes a zeroed request whose options have their initial values. Optional. */
    int (*begin)(void *request, struct err *err);

    /* The early options have been read: the others are read on top of what this sets.
     * Optional. */
    int (*prepare)(void *request, struct err *err);

    /* Returns the exit status. A message in `err` is printed with every status; "" if
     * there is none. */
    int (*run)(void *request, const struct typed *typed, struct err *err);

    /* Frees what is not a value of an option. Optional. */
    void (*end)(void *request);
};

/* `bench` without arguments: a run of a few seconds. */
extern const struct command first_look_command;

extern const struct command run_command, plan_command, list_command, serve_command,
    env_command, summary_command, compare_command, calibrate_command, cell_command,
    demo_command, timeline_command, plot_command, report_command, reference_command,
    check_command;

/* All of them, NULL-terminated: in main.c. */
extern const struct command *const commands[];

#endif
