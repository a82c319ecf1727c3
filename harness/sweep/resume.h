/* resume.h - continues a sweep that was interrupted or killed.
 *
 * Its plan.json says what to measure, its runs.csv what is already measured. Rows are
 * never mixed: another plan, machine, build or library is refused, and the message names
 * it; only the number of rounds may grow. */
#ifndef HARNESS_SWEEP_RESUME_H
#define HARNESS_SWEEP_RESUME_H

#include <jansson.h>

#include "analysis/rows/runs.h"
#include "harness/plan/budget.h"
#include "harness/plan/plan.h"
#include "harness/plan/plan_cells.h"

/* All zeros: no sweep is resumed. */
struct resume {
    const char *dir;         /* borrowed */
    json_t *env, *plan_json; /* as recorded */
    struct runs runs;        /* the recorded rows */
    int64_t rows_bytes;      /* of the complete lines of runs.csv */
};

/* Reads the sweep recorded in `dir`. Call resume_close() also after -1. */
int resume_open(struct resume *resume, const char *dir, struct err *err);
void resume_close(struct resume *resume); /* fine for all zeros */

/* 0 if the plan and the machine now are those of the recorded sweep; else -1, and the
 * message gives the first difference with both values. */
int resume_check(const struct resume *resume, const json_t *plan_json, const json_t *env,
                 struct err *err);

/* Removes the cells that have a row from the list; all of them if the sweep is
 * complete. */
void resume_skip_done(const struct resume *resume, const struct plan *plan,
                      struct cell_list *cells);

/* The name of the sweep; borrowed. */
const char *resume_run_id(const struct resume *resume);

/* The number of rounds that were completed before; 0: none. */
unsigned resume_rounds(const struct resume *resume);

/* Deducts the time and the interim analyses already used from a budget that starts. */
void resume_budget(const struct resume *resume, struct budget *budget);

/* Turns `env` into that of the whole sweep: it gets the recorded beginning, and `now`, a
 * time in UTC, is added to the times at which the sweep was resumed. */
int resume_merge_env(const struct resume *resume, json_t **env, const char *now,
                     struct err *err);

#endif
