/* profile.c - see profile.h. */
#include "harness/profile.h"

#include <string.h>

/* A profile is nothing but options, in force from where it is typed. */
static const struct profile {
    const char *name;
    struct {
        const char *option, *value;
    } settings[6];
} profiles[] = {
    {"quick", {{"levels", "1,10,100"}, {"delay", "20ms"}, {"rounds", "1"}}},
    /* The fast site of the article answered in 57 ms; its levels, its order of things. */
    {"article",
     {{"levels", run_default_levels}, {"delay", "57ms"}, {"connections", "fresh"}}},
};

enum { PROFILE_COUNT = sizeof(profiles) / sizeof(profiles[0]) };

int profile_apply(struct run_options *options, const char *name, struct err *err)
{
    const char *typed = options->origin_option;

    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        if (strcmp(profiles[i].name, name) != 0)
            continue;
        options->profile = profiles[i].name;
        for (size_t j = 0; profiles[i].settings[j].option; j++)
            if (options_set(&run_command, profiles[i].settings[j].option,
                            profiles[i].settings[j].value, options, err))
                return -1;
        options->origin_option = typed; /* not typed: with --url it is just not used */
        return 0;
    }
    return err_set(err, "'%s' is none of quick, article", name);
}
