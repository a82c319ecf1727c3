/* profile.h - named sets of options of `bench run`. */
#ifndef HARNESS_CLI_PROFILE_H
#define HARNESS_CLI_PROFILE_H

#include "harness/cli/run_options.h"

/* Sets the options of the profile as if they were typed here. -1 if there is none of that
 * name. */
int profile_apply(struct run_options *options, const char *name, struct err *err);

#endif
