/* run_options.h - the command line of `bench run`. */
#ifndef HARNESS_CLI_RUN_OPTIONS_H
#define HARNESS_CLI_RUN_OPTIONS_H

#include "harness/cli/gate_options.h"
#include "harness/cli/options.h"
#include "harness/cli/origin_options.h"
#include "harness/cli/target_options.h"
#include "harness/plan/plan.h"

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

enum { RUN_LABELS_MAX = 32, RUN_VARIANTS_MAX = 16, ROUNDS_MAX = 10000 };

struct run_options {
    struct plan plan;
    struct variant variants[RUN_VARIANTS_MAX]; /* those that were typed */
    struct target_options target;              /* its site is the plan's */
    bool has_seed, has_rounds;
    bool quiet;                  /* neither cells nor tables on the terminal */
    struct origin_choice origin; /* becomes part of the plan when it is complete */
    struct gate_options gate;
    bool pin_is_open;     /* to be chosen for this machine: --pin auto */
    const char *profile;  /* NULL: none */
    const char *out_dir;  /* NULL: results/<UTC time> */
    const char *csv_path; /* NULL: none; "-": standard output */
    bool raw;             /* one row a request, too */
    enum progress_mode progress;
    bool dry_run;
    bool resume;                        /* go on with what is in `out_dir` */
    const char *labels[RUN_LABELS_MAX]; /* "key=value" */
    size_t label_count;
};

extern const struct command_spec run_command;

/* The article's eleven levels. */
extern const char run_default_levels[];

/* What holds when nothing is typed: all strategies, the article's levels. */
int run_options_defaults(struct run_options *options, struct err *err);

/* What the typed options have left open: a seed, the CPUs. Then the plan is checked. */
int run_options_complete(struct run_options *options, struct err *err);

void run_options_free(struct run_options *options); /* fine for all zeros */

#endif
