/* command_demo.c - `bench demo`: the article's small examples. */
#include <stdio.h>

#include "harness/cli/command.h"
#include "harness/demo/demo.h"

static int list(void)
{
    for (size_t i = 0; demos[i]; i++)
        (void)printf("bench demo %-15s %s\n", demos[i]->name, demos[i]->summary);
    return EXIT_ALL_GOOD;
}

static int run(void *request, const struct typed *typed, struct err *err)
{
    const struct demo *demo;

    (void)request;
    if (!typed->operand_count)
        return list();
    if (typed->operand_count > 1) {
        (void)err_set(err,
                      "bench demo runs one example at a time; see bench demo --help");
        return EXIT_USAGE;
    }
    if (demo_find(&demo, typed->operands[0], err))
        return EXIT_USAGE;
    return demo->run(err) ? EXIT_INCOMPLETE : EXIT_ALL_GOOD;
}

static const char *name_at(size_t index)
{
    for (size_t i = 0; demos[i]; i++)
        if (i == index)
            return demos[i]->name;
    return NULL;
}

const struct command demo_command = {
    .name = "demo",
    .usage = "bench demo [NAME]",
    .summary = "Runs one of the article's small examples of coroutines, or lists them.",
    .notes = "docs/coroutines.md shows each example with its output.\n",
    .takes_operands = true,
    .operand = name_at,
    .run = run,
};
