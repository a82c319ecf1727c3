/* compare_status.h - the exit status of a comparison. */
#ifndef HARNESS_CLI_COMPARE_STATUS_H
#define HARNESS_CLI_COMPARE_STATUS_H

#include "analysis/compare/compare.h"

int compare_status(const struct comparison *comparison);

#endif
