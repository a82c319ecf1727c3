/* conditions.h - under which conditions a recorded run was measured, and whether two runs
 * may be put together. What counts is said by the classes in plan.def and facts.def
 * alone. */
#ifndef ANALYSIS_ROWS_CONDITIONS_H
#define ANALYSIS_ROWS_CONDITIONS_H

#include <jansson.h>
#include <stdbool.h>

#include "analysis/rows/facts.h"
#include "base/err.h"

/* plan.json's "plan" and all of env.json. NULL both: there is nothing beside the rows. */
struct conditions {
    json_t *plan, *env;
    bool first_edition; /* there was no plan.json: the plan is out of env.json */
};

/* Reads what is beside the rows: `path` is a directory or a file in it. No file there is
 * no error. */
int conditions_read(struct conditions *conditions, const char *path, struct err *err);

/* The same from values in memory, of which it keeps references. A `plan` of NULL:
 * env.json of the first edition has it. -1: no memory. */
int conditions_from(struct conditions *conditions, json_t *plan, json_t *env,
                    struct err *err);

void conditions_free(struct conditions *conditions); /* fine for all zeros */

/* What rows are put together for; plan_class.h says what must be equal for each. Of
 * facts, the machine must always be the same, what is measured only to resume. */
enum conditions_purpose {
    CONDITIONS_RESUME, /* `a` is what was recorded, `b` what is to be measured now */
    CONDITIONS_COMPARE,
    CONDITIONS_SUMMARY,
};

/* The first thing that forbids it; the key of the difference is "" where nothing does.
 * -1: no memory. */
int conditions_differ(const struct conditions *a, const struct conditions *b,
                      enum conditions_purpose purpose, struct difference *difference,
                      struct err *err);

/* The same of the plan alone. facts_differ_machine() is of the machine alone. */
int conditions_differ_plan(const struct conditions *a, const struct conditions *b,
                           enum conditions_purpose purpose, struct difference *difference,
                           struct err *err);

/* Do both plans select the same cells to be measured? Variants apart. -1: no memory. */
int conditions_same_selection(const struct conditions *a, const struct conditions *b,
                              bool *same, struct err *err);

/* How many interim analyses the run planned; at least 1. */
unsigned conditions_analyses(const struct conditions *conditions);

/* The variables that the plan sets: {VARIANT: {VARIABLE: value}}. A new reference; NULL:
 * no memory. */
json_t *conditions_variants(const struct conditions *conditions);

enum { CONDITIONS_HASH_SIZE = 17 };

/* 16 hex digits that are equal where conditions are: of the plan's conditions, its seed
 * where it is one, and the machine without its memory. -1: no memory. */
int conditions_hash(const json_t *plan, const json_t *env,
                    char hash[CONDITIONS_HASH_SIZE], struct err *err);

#endif
