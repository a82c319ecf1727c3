/* retry.h - measures cells again that would fail the gate, before it fails. */
#ifndef HARNESS_CLI_RETRY_H
#define HARNESS_CLI_RETRY_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/compare/compare.h"

/* Two variants of one recorded sweep. All is borrowed. */
struct retry_source {
    const char *dir; /* of the sweep; what is measured again goes into retry-N in it */
    const char *base, *head; /* variants */
    bool yes;                /* allow load on remote hosts */
    bool trust;              /* other users may write its plan.json */
    FILE *screen;            /* where consent and trust are asked for */
};

/* Does anything in it ask for another measurement: a slower item or overall line, or rows
 * of a cell that are not valid or missing? */
bool retry_is_needed(const struct comparison *comparison);

/* Measures these cells again, with the environment of each variant, until the budget of
 * the sweep is spent or each slowdown is found again or excluded (without a budget in as
 * many rounds as they had), and judges them by the new rows alone. An item stays slower
 * only if the new rows say so; rows that were not valid become a note if the new ones
 * are. Returns 0; EXIT_INTERRUPTED when
 * interrupted; -1 when it could not be done. */
int retry_once(struct comparison *comparison, const struct retry_source *source,
               const struct compare_options *options, struct err *err);

#endif
