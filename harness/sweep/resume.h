/* resume.h - goes on with a sweep that was interrupted, or whose program was killed.
 *
 * What the sweep was to measure stands in its env.json, what it has measured in its
 * runs.csv. Its command line is read again, so that nothing has to be typed twice; what
 * is typed all the same must say the same. Nothing is mixed: another plan, machine, build
 * or library is refused by name. */
#ifndef HARNESS_SWEEP_RESUME_H
#define HARNESS_SWEEP_RESUME_H

#include <jansson.h>

#include "analysis/rows/runs.h"
#include "harness/cli/run_options.h"
#include "harness/plan/plan.h"

struct resume {
    const char *dir;    /* borrowed */
    json_t *env;        /* the recorded env.json */
    struct runs runs;   /* the recorded rows */
    int64_t rows_bytes; /* of runs.csv as far as its lines are whole */
    char **arguments;   /* the recorded command line; its texts are of `env` */
    int argument_count;
};

/* Reads what is recorded in `dir`. On -1, too, give it back with resume_close(). */
int resume_open(struct resume *resume, const char *dir, struct err *err);
void resume_close(struct resume *resume); /* fine for all zeros */

/* Sets `options` anew: from the recorded command line, then from the typed one. */
int resume_options(const struct resume *resume, int argc, char **argv,
                   struct run_options *options, struct err *err);

/* 0 if `env`, as of now and with its "plan", is that of the recorded sweep; else -1 and
 * the name of the first difference. */
int resume_check(const struct resume *resume, const json_t *env, struct err *err);

/* Takes the cells that have a row out of the list. */
void resume_skip_done(const struct resume *resume, struct cell_list *cells);

/* The name of the sweep; borrowed. */
const char *resume_run_id(const struct resume *resume);

/* Turns `env` into that of the whole sweep: its beginning is the recorded one, and
 * `now`, a time in UTC, joins the list of times at which it was gone on with. */
int resume_merge_env(const struct resume *resume, json_t *env, const char *now,
                     struct err *err);

#endif
