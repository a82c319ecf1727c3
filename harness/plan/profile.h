/* profile.h - settings that belong together, under one name: `--profile NAME`. */
#ifndef HARNESS_PLAN_PROFILE_H
#define HARNESS_PLAN_PROFILE_H

#include <stddef.h>

#include "base/err.h"

struct profile {
    const char *name;
    struct {
        const char *option, *value; /* as they would be typed; NULL at the end */
    } settings[8];
};

/* The profiles by index; NULL behind the last. */
const struct profile *profile_at(size_t index);

/* Finds the profile of that name. */
int profile_find(const struct profile **out, const char *name, struct err *err);

#endif
