/* command_list.c - `bench list`: the strategies. */
#include <stdio.h>

#include "harness/cli/command.h"
#include "strategies/outside/shipped.h"
#include "strategies/strategy.h"

static int run(void *request, const struct typed *typed, struct err *err)
{
    (void)request;
    (void)typed;
    (void)err;
    for (size_t i = 0; strategies[i]; i++) {
        char costs[STRATEGY_TEXT_SIZE];
        char limit[STRATEGY_TEXT_SIZE];

        (void)printf("%-20s %s\n", strategies[i]->name, strategies[i]->summary);
        (void)printf("    waits            %s\n", strategies[i]->waits);
        (void)printf("    requests share   %s\n", strategies[i]->shared);
        (void)printf("    TLS session      %s\n", strategies[i]->sessions);
        (void)printf("    costs            %s\n", strategy_costs(strategies[i], costs));
        (void)printf("    limit            %s\n", strategy_limits(strategies[i], limit));
    }
    (void)printf("\nPrograms that ship with bench, selected by name or group:\n\n");
    for (const struct shipped *shipped = shipped_programs; shipped->name; shipped++)
        (void)printf("    %-20s %s (%s)\n", shipped->name, shipped->summary,
                     shipped->group);
    (void)printf(
        "\nTLS sessions are resumed only with --tls-sessions on; else libcurl's session "
        "cache is off.\n");
    return EXIT_ALL_GOOD;
}

const struct command list_command = {
    .name = "list",
    .usage = "bench list",
    .summary = "Lists the strategies.",
    .run = run,
};
