/* main.c - finds the subcommand; the only place that prints errors. */
#include <stdio.h>
#include <string.h>

#include "base/descriptors.h"
#include "harness/cli/commands.h"
#include "harness/cli/run_options.h"

/* Ordered as in the help. Those without a summary are not for people. */
static const struct {
    const char *name;
    command_fn *run;
    const struct command_spec *spec;
} commands[] = {
    {"run", command_run, &run_command},
    {"list", command_list, &list_command},
    {"serve", command_serve, &serve_command},
    {"env", command_env, &env_command},
    {"summary", command_summary, &summary_command},
    {"compare", command_compare, &compare_command},
    {"calibrate", command_calibrate, &calibrate_command},
    {"cell", command_cell, NULL},
};

enum { COMMAND_COUNT = sizeof(commands) / sizeof(commands[0]) };

static int print_help(void)
{
    (void)printf("bench " BENCH_VERSION
                 " - how long fetching N pages takes, organised in different ways\n\n"
                 "Usage: bench [command] [options]\n\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (commands[i].spec)
            (void)printf("  %-10s %s\n", commands[i].name, commands[i].spec->summary);
    (void)printf(
        "\nWithout a command it is `bench run`; bench COMMAND --help tells more.\n");
    return 0;
}

static int unknown_command(const char *name, struct err *err)
{
    char names[128] = "";
    size_t used = 0;

    for (size_t i = 0; i < COMMAND_COUNT && used < sizeof(names); i++)
        if (commands[i].spec)
            used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
                                     i ? ", " : "", commands[i].name);
    return err_set(err, "there is no command '%s'; there are %s", name, names);
}

static int dispatch(int argc, char **argv, struct err *err)
{
    /* Options without a command are those of `run`; its own help is at `bench run
     * --help`. */
    if (argc < 2)
        return command_run(argc, argv, err);
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
        return print_help();
    if (!strcmp(argv[1], "--version")) {
        (void)printf("bench " BENCH_VERSION "\n");
        return 0;
    }
    if (argv[1][0] == '-')
        return command_run(argc, argv, err);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (!strcmp(commands[i].name, argv[1]))
            return commands[i].run(argc - 1, argv + 1, err);
    (void)unknown_command(argv[1], err);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    struct err err = {""};
    int status = EXIT_INCOMPLETE;

    if (!descriptors_fill_standard(&err))
        status = dispatch(argc, argv, &err);

    if (err.text[0])
        (void)fprintf(stderr, "bench: %s\n", err.text);
    if ((fflush(stdout) || ferror(stdout)) && !status) {
        (void)fprintf(stderr, "bench: cannot write to standard output\n");
        status = EXIT_INCOMPLETE;
    }
    return status;
}
