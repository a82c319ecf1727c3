/* retry.h - measures again the cells of a comparison that would fail the gate, before it
 * does. */
#ifndef HARNESS_CLI_RETRY_H
#define HARNESS_CLI_RETRY_H

#include <stdbool.h>
#include <stdio.h>

#include "analysis/compare/compare.h"

/* Two variants of one recorded sweep. All is borrowed. */
struct retry_source {
    const char *dir; /* of the sweep; what is measured again goes into retry-N in it */
    const char *base, *head; /* variants */
    bool yes;                /* load may go to other machines */
    bool trust;              /* others than the user may write its plan.json */
    FILE *screen;            /* where consent and trust are asked for */
};

/* Does anything in it ask for another measurement: a slower item or overall line, or rows
 * of a cell that are not valid or missing? */
bool retry_is_needed(const struct comparison *comparison);

/* Measures the cells concerned again, with the environment of each variant, for as
 * long as the budget of the sweep lasts or until all is found again or surely not
 * (without a budget in as many rounds as they had), and judges them by the new rows
 * alone. What is not found again cannot be told any more: an item that was slower, or
 * rows that were not valid, which become a note. Returns 0; EXIT_INTERRUPTED when
 * interrupted; -1 when it could not be done. */
int retry_once(struct comparison *comparison, const struct retry_source *source,
               const struct compare_options *options, struct err *err);

#endif
