/* profile.c - see profile.h. */
#include "harness/plan/profile.h"

#include <string.h>

#include "base/suggest.h"

static const struct profile profiles[] = {
    {.name = "quick",
     /* Three rounds, which a conclusion needs, if they fit. */
     .settings = {{"levels", "1,10,100"},
                  {"delay", "10ms"},
                  {"once-above", "500ms"},
                  {"rounds", "3"},
                  {"budget", "9s"}}},
    /* The article's levels, and fresh connections as it made them; its fast site answered
     * in 57 ms. */
    {.name = "article",
     .settings = {{"levels", "1,3,5,...,500"},
                  {"delay", "57ms"},
                  {"connections", "fresh"}}},
    /* The shortest visits that hold the level of a gate. The speed of a shared machine
     * changes within tenths of a second: two sides that alternate faster share more of
     * it, and more of them fit into the budget. */
    {.name = "ci",
     .settings = {{"cells", "calibrated"},
                  {"delay", "5ms"},
                  {"requests", "50"},
                  {"connections", "fresh"},
                  {"budget", "30s/variant"}}},
};

enum { PROFILE_COUNT = sizeof(profiles) / sizeof(profiles[0]) };

const struct profile *profile_at(size_t index)
{
    return index < PROFILE_COUNT ? &profiles[index] : NULL;
}

int profile_find(const struct profile **out, const char *name, struct err *err)
{
    const char *names[PROFILE_COUNT + 1] = {NULL};

    for (size_t i = 0; i < PROFILE_COUNT; i++) {
        names[i] = profiles[i].name;
        if (!strcmp(profiles[i].name, name)) {
            *out = &profiles[i];
            return 0;
        }
    }
    return suggest_one_of(err, name, names);
}
