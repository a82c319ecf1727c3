/* trust.h - shows the environment variables, programs and plugins that a plan from a
 * file names, which can make the cells execute or preload code, and refuses them if
 * other users may write the file. */
#ifndef HARNESS_CLI_TRUST_H
#define HARNESS_CLI_TRUST_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/plan/plan.h"

/* Prints on `screen` the variables that the plan sets for its cells, unless they were
 * typed, and the programs and plugins that its file names. -1: there are some,
 * and the file at `path` is neither `private_file` nor `trusted`. */
int trust_plan(const struct plan *plan, const char *path, bool variants_typed,
               bool private_file, bool trusted, FILE *screen, struct err *err);

#endif
