/* trust.h - a plan from a file is data: what it would make the cells execute or preload
 * is shown, and runs only from a file that only its user may write. */
#ifndef HARNESS_CLI_TRUST_H
#define HARNESS_CLI_TRUST_H

#include <stdbool.h>
#include <stdio.h>

#include "harness/plan/plan.h"

/* Prints the variables that the plan sets for its cells on `screen`. -1: there are some,
 * the file at `path` is not `private_file`, and nobody has said `trusted`. */
int trust_plan(const struct plan *plan, const char *path, bool private_file, bool trusted,
               FILE *screen, struct err *err);

#endif
