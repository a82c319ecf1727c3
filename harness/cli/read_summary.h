/* read_summary.h - the summary of the runs that a command was given. */
#ifndef HARNESS_CLI_READ_SUMMARY_H
#define HARNESS_CLI_READ_SUMMARY_H

#include "analysis/report/summary.h"
#include "harness/cli/options.h"

#define ALLOW_ERRORS_HELP                                              \
    "also take rows that failed because at most this share of their\n" \
    "requests did"

/* The names of the built-in strategies, in their order, NULL-terminated. Returns `order`.
 */
enum { STRATEGY_ORDER_MAX = 64 };
const char *const *strategy_order(const char *order[STRATEGY_ORDER_MAX]);

/* Reads all files and directories that were typed. -1: none was, or one cannot be read,
 * or, with `*mixed`, they were measured under different conditions. Owner: the caller,
 * summary_free(). */
int read_summary(struct summary *summary, const struct typed *typed,
                 double allowed_errors, bool *mixed, struct err *err);

#endif
