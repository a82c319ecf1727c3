/* resume.h - goes on with a sweep that was interrupted, or whose program was killed.
 *
 * What the sweep was to measure stands in its plan.json, what it has measured in its
 * runs.csv. Nothing is mixed: another plan, machine, build or library is refused by name;
 * only the number of rounds may grow. */
#ifndef HARNESS_SWEEP_RESUME_H
#define HARNESS_SWEEP_RESUME_H

#include <jansson.h>

#include "analysis/rows/runs.h"
#include "harness/plan/budget.h"
#include "harness/plan/plan.h"

/* All zeros: nothing is gone on with. */
struct resume {
    const char *dir;         /* borrowed */
    json_t *env, *plan_json; /* as recorded */
    struct runs runs;        /* the recorded rows */
    int64_t rows_bytes;      /* of runs.csv as far as its lines are whole */
};

/* Reads what is recorded in `dir`. Also on -1 give it back with resume_close(). */
int resume_open(struct resume *resume, const char *dir, struct err *err);
void resume_close(struct resume *resume); /* fine for all zeros */

/* 0 if plan and machine as of now are those of the recorded sweep; else -1 and the first
 * difference with both values. */
int resume_check(const struct resume *resume, const json_t *plan_json, const json_t *env,
                 struct err *err);

/* Takes the cells that have a row out of the list; all of them if the sweep is complete.
 */
void resume_skip_done(const struct resume *resume, const struct plan *plan,
                      struct cell_list *cells);

/* The name of the sweep; borrowed. */
const char *resume_run_id(const struct resume *resume);

/* The rounds that were visited to their end before; 0: none. */
unsigned resume_rounds(const struct resume *resume);

/* Takes the time and the interim analyses that are used up off a budget that starts. */
void resume_budget(const struct resume *resume, struct budget *budget);

/* Turns `env` into that of the whole sweep: its beginning is the recorded one, and
 * `now`, a time in UTC, joins the list of times at which it was gone on with. */
int resume_merge_env(const struct resume *resume, json_t **env, const char *now,
                     struct err *err);

#endif
