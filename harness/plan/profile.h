/* profile.h - settings that belong together, under one name: `--profile NAME`. */
#ifndef HARNESS_PLAN_PROFILE_H
#define HARNESS_PLAN_PROFILE_H

struct profile {
    const char *name;
    struct {
        const char *option, *value; /* as they would be typed; NULL at the end */
    } settings[8];
};

/* The profile of that name; NULL: there is none. */
const struct profile *profile_find(const char *name);

/* "quick, article, ci". */
extern const char profile_names[];

#endif
