/* main.c - finds the command, reads its options, prints errors and returns the exit
 * status. No other file does any of this. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptors.h"
#include "base/suggest.h"
#include "base/terminal.h"
#include "harness/cli/command.h"
#include "harness/sweep/libraries.h"
#include "strategies/strategy.h"

const struct command *const commands[] = {
    &run_command,   &plan_command,     &list_command,      &env_command,
    &serve_command, &summary_command,  &compare_command,   &calibrate_command,
    &check_command, &timeline_command, &plot_command,      &report_command,
    &cell_command,  &demo_command,     &reference_command, NULL,
};

/* Commands for internal use have no usage line. */
static const char *usage_of(const struct command *command)
{
    return command->usage ? command->usage : command->name;
}

static void print_help_of(const struct command *command)
{
    (void)printf("Usage: %s\n", usage_of(command));
    if (command->summary)
        (void)printf("%s\n", command->summary);
    if (command->options)
        (void)printf("\n");
    options_print_help(command->options, stdout);
    if (command->notes)
        (void)printf("\n%s", command->notes);
}

static bool takes_strategies(const struct option_list *options)
{
    static const char name[] = "strategy";
    const char *closest = options_suggest(options, name);

    return closest && !strcmp(closest, name);
}

static int not_an_option(const char *operand, const struct command *command,
                         const struct option_list *options, struct err *err)
{
    const struct strategy *strategy = strategy_find(operand);
    const char *option = options_suggest(options, operand);

    if (!options)
        return err_set(err, "bench %s takes no arguments; drop '%.80s'", command->name,
                       operand);
    if (strategy && takes_strategies(options))
        return err_set(err, "'%s' is not an option; did you mean '--strategy %s'?",
                       operand, strategy->name);
    if (option)
        return err_set(err, "'%s' is not an option; did you mean '--%s'?", operand,
                       option);
    return err_set(err, "'%.80s' is not an option; see bench %s --help", operand,
                   command->name);
}

/* The rest of a command line that is read by another table: "-- OPTIONS". */
static enum options_result read_behind(const struct command *command, void *request,
                                       struct typed *typed, struct err *err)
{
    struct typed behind;
    enum options_result result;

    if (!command->behind || !typed->operand_count)
        return OPTIONS_OK;
    /* options_parse() begins behind the name of a program, which is "--" here. */
    result = options_parse(command->behind, run_command.name,
                           (int)typed->operand_count + 1, typed->operands - 1, false,
                           request, &behind, err);
    if (result == OPTIONS_OK && behind.operand_count) {
        (void)not_an_option(behind.operands[0], command, command->behind, err);
        return OPTIONS_WRONG;
    }
    *typed = behind;
    return result;
}

static enum options_result read_request(const struct command *command, int argc,
                                        char **argv, void *request, struct typed *typed,
                                        struct err *err)
{
    enum options_result result;

    if (options_begin(command->options, request, err) ||
        (command->begin && command->begin(request, err)))
        return OPTIONS_WRONG;
    result = options_parse(command->options, command->name, argc, argv, true, request,
                           typed, err);
    if (result == OPTIONS_OK && command->prepare && command->prepare(request, err))
        result = OPTIONS_WRONG;
    if (result == OPTIONS_OK)
        result = options_parse(command->options, command->name, argc, argv, false,
                               request, typed, err);
    if (result == OPTIONS_OK)
        result = read_behind(command, request, typed, err);
    if (result != OPTIONS_OK || command->takes_operands || !typed->operand_count)
        return result;
    (void)not_an_option(typed->operands[0], command, command->options, err);
    return OPTIONS_WRONG;
}

static int carry_out(const struct command *command, int argc, char **argv,
                     struct err *err)
{
    void *request = calloc(1, command->request_bytes + 1);
    int status = EXIT_USAGE;
    struct typed typed;

    if (!request) {
        (void)err_errno(err, "no memory for the options");
        return EXIT_INCOMPLETE;
    }
    switch (read_request(command, argc, argv, request, &typed, err)) {
    case OPTIONS_HELP:
        print_help_of(command);
        status = EXIT_ALL_GOOD;
        break;
    case OPTIONS_OK:
        status = command->run(request, &typed, err);
        break;
    case OPTIONS_WRONG:
        break;
    }
    if (command->end)
        command->end(request);
    options_end(command->options, request);
    free(request);
    return status;
}

static int print_help(void)
{
    (void)printf(
        "bench " BENCH_VERSION
        " - measures how long fetching N web pages takes per concurrency model\n\n"
        "Usage: bench [command] [options]\n\n");
    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            (void)printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    (void)printf(
        "\nWithout arguments, bench takes a first look of about ten seconds. Options\n"
        "without a command are those of bench run. bench COMMAND --help lists the\n"
        "options of a command.\n");
    return EXIT_ALL_GOOD;
}

/* The version of libcurl, and its TLS library, change what is measured. */
static int print_version(void)
{
    struct libraries libraries = libraries_in_use();

    (void)printf(
        "bench " BENCH_VERSION "\n"
        "libcurl/%s (%s) libevent/%s jansson/%s OpenSSL/%s zlib/%s libdeflate/%s\n",
        libraries.libcurl, libraries.tls ? libraries.tls : "without TLS",
        libraries.libevent, libraries.jansson, libraries.openssl, libraries.zlib,
        libraries.libdeflate);
    return EXIT_ALL_GOOD;
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (!strcmp(commands[i]->name, name))
            return commands[i];
    return NULL;
}

static int unknown_command(const char *name, struct err *err)
{
    struct suggestion suggestion = suggest_begin(name, strlen(name));
    struct suggestion strategy = suggestion;

    for (size_t i = 0; commands[i]; i++)
        if (commands[i]->usage)
            suggest_offer(&suggestion, commands[i]->name);
    for (size_t i = 0; strategies[i]; i++)
        suggest_offer(&strategy, strategies[i]->name);
    if (strategy.best && (!suggestion.best || !strategy.distance))
        (void)err_set(err, "unknown command '%s'; did you mean 'bench --strategy %s'?",
                      name, strategy.best);
    else
        (void)suggest_unknown(err, "command", &suggestion, "see bench --help");
    return EXIT_USAGE;
}

static int print_help_about(const char *name, struct err *err)
{
    const struct command *command = command_find(name);

    if (!command)
        return unknown_command(name, err);
    print_help_of(command);
    return EXIT_ALL_GOOD;
}

static int dispatch(int argc, char **argv, struct err *err)
{
    const struct command *command;

    /* Options without a command are those of `run`; its own help is at `bench run
     * --help`. */
    if (argc < 2)
        return carry_out(&first_look_command, argc, argv, err);
    if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
        return argc > 2 && argv[2][0] != '-' ? print_help_about(argv[2], err)
                                             : print_help();
    if (!strcmp(argv[1], "--version"))
        return print_version();
    if (argv[1][0] == '-')
        return carry_out(&run_command, argc, argv, err);
    command = command_find(argv[1]);
    return command ? carry_out(command, argc - 1, argv + 1, err)
                   : unknown_command(argv[1], err);
}

int main(int argc, char **argv)
{
    struct err err = {""};
    int status = EXIT_INCOMPLETE;

    /* Beyond a limit on file sizes a write fails with a message instead of a signal, here
     * and in every process started from here. */
    (void)sigaction(SIGXFSZ, &(struct sigaction){.sa_handler = SIG_IGN}, NULL);
    if (!descriptors_fill_standard(&err))
        status = dispatch(argc, argv, &err);

    if (err.text[0]) {
        (void)fprintf(stderr, "bench: ");
        terminal_write(stderr, err.text);
        (void)fprintf(stderr, "\n");
    }
    if ((fflush(stdout) || ferror(stdout)) && !status) {
        (void)fprintf(stderr, "bench: cannot write to standard output\n");
        status = EXIT_INCOMPLETE;
    }
    return status;
}
