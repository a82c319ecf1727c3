/* command_check.c - `bench check`: tells the author of a model from outside what is wrong
 * with it, line by line. */
#include <stdio.h>
#include <stdlib.h>

#include "base/terminal.h"
#include "base/value_table.h"
#include "harness/check/conformance.h"
#include "harness/check/contract.h"
#include "harness/cli/command.h"
#include "harness/plan/outside.h"

struct request {
    char *program, *plugin, *only;
    unsigned left_out, met, noted;
};

#define VALUE_OWNER struct request

static const struct value_spec specs[] = {
    OPTION("program", "NAME=COMMAND", "",
           "a program: measures a cell per requirement of the protocol", TEXT(program)),
    OPTION("plugin", "FILE.so", "",
           "a shared object: checks each requirement of its interface", TEXT(plugin)),
    OPTION("only", "TEXT", "",
           "with --plugin: only requirements whose name contains TEXT", TEXT(only)),
};

static const struct option_part parts[] = {
    OPTION_PART(NULL, specs, 0, OPTION_ANY_GROUP),
};
static const struct option_list options = {parts, sizeof(parts) / sizeof(parts[0])};

/* One line per requirement, as soon as it is known. */
static void on_verdict(void *user, const char *name, enum contract_verdict verdict,
                       const char *reason)
{
    static const char *const words[] = {
        [CONTRACT_MET] = "ok",
        [CONTRACT_FAILED] = "FAILED",
        [CONTRACT_LEFT_OUT] = "left out",
        [CONTRACT_NOTE] = "note",
    };
    struct request *request = user;

    request->met += verdict == CONTRACT_MET;
    request->left_out += verdict == CONTRACT_LEFT_OUT;
    request->noted += verdict == CONTRACT_NOTE;
    (void)printf("%-8s  %s%s", words[verdict], name, reason[0] ? ": " : "");
    terminal_write(stdout, reason);
    (void)printf("\n");
    (void)fflush(stdout);
}

/* Shows the sum and returns the exit status; `result` and `failed` are of the check. */
static int conclude(const struct request *request, int result, unsigned failed,
                    struct err *err)
{
    if (result > 0)
        (void)err_set(err, "interrupted");
    if (result)
        return result > 0 ? EXIT_INTERRUPTED : EXIT_USAGE;
    if (!request->met && !failed && !request->left_out && !request->noted) {
        (void)err_set(err, "--only: no requirement contains '%.80s'", request->only);
        return EXIT_USAGE;
    }
    (void)printf("%u met, %u failed, %u left out\n", request->met, failed,
                 request->left_out);
    return failed ? EXIT_INCOMPLETE : EXIT_ALL_GOOD;
}

static int check_plugin(struct request *request, struct err *err)
{
    struct contract_listener listener = {request, on_verdict};
    struct plugin_table table;
    unsigned failed;
    int result;

    if (plugin_table_read(&table, request->plugin, err)) {
        (void)err_prefix(err, "--plugin");
        return EXIT_USAGE;
    }
    /* A name that `bench run` would refuse. */
    if (outside_check_name(table.strategy.name, err)) {
        (void)err_prefix(err, "--plugin: %.200s", request->plugin);
        free(table.text);
        return EXIT_USAGE;
    }
    (void)printf("%s: ", table.strategy.name);
    terminal_write(stdout, table.strategy.summary);
    (void)printf("\n");
    result = contract_check(&table, request->only, &listener, &failed, err);
    free(table.text);
    return conclude(request, result, failed, err);
}

static int check_program(struct request *request, struct err *err)
{
    struct contract_listener listener = {request, on_verdict};
    unsigned failed;
    int result = conformance_check(request->program, &listener, &failed, err);

    return conclude(request, result, failed, err);
}

static int run(void *object, const struct typed *typed, struct err *err)
{
    struct request *request = object;

    (void)typed;
    if (request->plugin && request->program) {
        (void)err_set(err, "--program and --plugin: check one at a time");
        return EXIT_USAGE;
    }
    if (request->only && !request->plugin) {
        (void)err_set(err, "--only needs --plugin; a program is checked as a whole");
        return EXIT_USAGE;
    }
    if (request->plugin)
        return check_plugin(request, err);
    if (request->program)
        return check_program(request, err);
    (void)err_set(err,
                  "nothing to check; give --program NAME=COMMAND or --plugin FILE.so");
    return EXIT_USAGE;
}

const struct command check_command = {
    .name = "check",
    .usage = "bench check [options]",
    .summary = "Checks a model from outside, and says what is wrong with it.",
    .notes = "Exit status: 0 all met; 2 usage, or it cannot be loaded; 4 some failed.\n",
    .options = &options,
    .request_bytes = sizeof(struct request),
    .run = run,
};
