/* profile.c - see profile.h. */
#include "harness/cli/profile.h"

#include <string.h>

/* A profile is nothing but options, in force from where it is typed. */
static const struct profile {
    const char *name;
    struct {
        const char *option, *value;
    } settings[8];
    bool gates; /* on the cells of gate.h, with the budget for each variant */
} profiles[] = {
    {.name = "quick",
     .settings = {{"levels", "1,10,100"}, {"delay", "20ms"}, {"rounds", "1"}}},
    /* The fast site of the article answered in 57 ms; its levels, its order of things. */
    {.name = "article",
     .settings = {{"levels", run_default_levels},
                  {"delay", "57ms"},
                  {"connections", "fresh"}}},
    /* Many pages a cell, so that a visit tells much about a request; a delay that is long
     * enough for the level to be held. */
    {.name = "ci",
     .settings = {{"delay", "20ms"},
                  {"requests", "200"},
                  {"connections", "fresh"},
                  {"budget", "90s"}},
     .gates = true},
};

enum { PROFILE_COUNT = sizeof(profiles) / sizeof(profiles[0]) };

int profile_apply(struct run_options *options, const char *name, struct err *err)
{
    const char *typed = options->origin.typed;

    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        if (strcmp(profiles[i].name, name) != 0)
            continue;
        options->profile = profiles[i].name;
        for (size_t j = 0; profiles[i].settings[j].option; j++)
            if (options_set(&run_command, profiles[i].settings[j].option,
                            profiles[i].settings[j].value, options, err))
                return -1;
        options->gate.picks_cells = options->gate.budget_per_variant = profiles[i].gates;
        options->origin.typed = typed; /* not typed: with --url it is just not used */
        return 0;
    }
    return err_set(err, "'%s' is none of quick, article, ci", name);
}
