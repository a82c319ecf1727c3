/* compare_status.h - the exit status that a comparison comes to. */
#ifndef HARNESS_CLI_COMPARE_STATUS_H
#define HARNESS_CLI_COMPARE_STATUS_H

#include "analysis/compare/compare.h"

/* What cannot be compared says nothing; a regression that was found is one, whatever else
 * is missing; and what is missing is not passed by what could not be told. */
int compare_status(const struct comparison *comparison);

#endif
