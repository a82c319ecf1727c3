/* conditions.h - the conditions under which a recorded run was measured, and whether two
 * runs may be put together. The classes in plan.def and facts.def alone decide that. */
#ifndef ANALYSIS_ROWS_CONDITIONS_H
#define ANALYSIS_ROWS_CONDITIONS_H

#include <jansson.h>
#include <stdbool.h>

#include "analysis/rows/facts.h"
#include "base/err.h"

/* plan.json's "plan" and all of env.json. Both NULL: no such files beside the rows. */
struct conditions {
    json_t *plan, *env;
    bool first_edition; /* no plan.json: the plan comes from env.json */
};

/* Reads the files beside the rows: `path` is a directory or a file in it. A missing file
 * is no error. */
int conditions_read(struct conditions *conditions, const char *path, struct err *err);

/* The same from values in memory, of which it keeps references. A `plan` of NULL: it is
 * in env.json, as in the first edition. -1: no memory. */
int conditions_from(struct conditions *conditions, json_t *plan, json_t *env,
                    struct err *err);

void conditions_free(struct conditions *conditions); /* fine for all zeros */

/* The purposes for which rows are put together; plan_class.h says what must be equal for
 * each. Of the facts, those of the machine must always be equal, those of the subject
 * only to resume. */
enum conditions_purpose {
    CONDITIONS_RESUME, /* `a` is recorded, `b` is to be measured now */
    CONDITIONS_COMPARE,
    CONDITIONS_SUMMARY,
};

/* The first difference that forbids it; its key is "" if there is none. -1: no memory. */
int conditions_differ(const struct conditions *a, const struct conditions *b,
                      enum conditions_purpose purpose, struct difference *difference,
                      struct err *err);

/* The same for the plan alone; facts_differ_machine() is for the machine alone. */
int conditions_differ_plan(const struct conditions *a, const struct conditions *b,
                           enum conditions_purpose purpose, struct difference *difference,
                           struct err *err);

/* Whether both plans select the same cells, variants aside. -1: no memory. */
int conditions_same_selection(const struct conditions *a, const struct conditions *b,
                              bool *same, struct err *err);

/* How many analyses the run planned; at least 1. */
unsigned conditions_analyses(const struct conditions *conditions);

/* The variables that the plan sets: {VARIANT: {VARIABLE: value}}. A new reference; NULL:
 * no memory. */
json_t *conditions_variants(const struct conditions *conditions);

enum { CONDITIONS_HASH_SIZE = 17 };

/* 16 hex digits that are equal where conditions are: a hash of the plan's conditions, of
 * its seed where that is one, and of the machine without its memory. -1: no memory. */
int conditions_hash(const json_t *plan, const json_t *env,
                    char hash[CONDITIONS_HASH_SIZE], struct err *err);

#endif
