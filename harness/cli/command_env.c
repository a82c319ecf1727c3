/* command_env.c - `bench env`: this machine and this build. */
#include "base/json.h"
#include "harness/cli/command.h"
#include "harness/sweep/env.h"

static int run(void *request, const struct typed *typed, struct err *err)
{
    struct machine_limits limits = machine_limits_now();

    (void)request;
    (void)typed;
    return json_write(env_facts(&limits), stdout, err) ? EXIT_INCOMPLETE : EXIT_ALL_GOOD;
}

const struct command env_command = {
    .name = "env",
    .usage = "bench env",
    .summary = "Prints as JSON the facts about machine and build that a run records.",
    .run = run,
};
