/* profile.c - see profile.h. */
#include "harness/plan/profile.h"

#include <string.h>

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
    /* Many pages per cell, for precise figures per request; a delay that is long enough
     * to hold the level. */
    {.name = "ci",
     .settings = {{"cells", "calibrated"},
                  {"delay", "20ms"},
                  {"requests", "200"},
                  {"connections", "fresh"},
                  {"budget", "30s/variant"}}},
};

enum { PROFILE_COUNT = sizeof(profiles) / sizeof(profiles[0]) };

const char profile_names[] = "quick, article, ci";

const struct profile *profile_find(const char *name)
{
    for (size_t i = 0; i < PROFILE_COUNT; i++)
        if (!strcmp(profiles[i].name, name))
            return &profiles[i];
    return NULL;
}
