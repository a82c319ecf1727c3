/* run_request.h - the options of `bench run` and `bench plan`: a plan, and where its rows
 * go. */
#ifndef HARNESS_CLI_RUN_REQUEST_H
#define HARNESS_CLI_RUN_REQUEST_H

#include "harness/cli/options.h"
#include "harness/cli/view_options.h"
#include "harness/plan/plan.h"

enum progress_mode { PROGRESS_AUTO, PROGRESS_ALWAYS, PROGRESS_NEVER };

struct run_request {
    struct plan plan;
    char *plan_path; /* NULL: the plan was typed */
    bool resume;     /* continue the sweep in `out_dir` */
    char *out_dir;   /* NULL: results/<run id> */
    char *csv_path;  /* NULL: none; "-": standard output */
    enum progress_mode progress;
    bool quiet;   /* neither cells nor tables on the terminal */
    bool verbose; /* a line for each cell also on a terminal */
    struct view_request view;
    bool dry_run;
    bool yes;   /* allow load on remote hosts */
    bool trust; /* a plan from a file may set variables of the cells */

    bool from_file;    /* the plan was read from a file ... */
    bool private_file; /* ... which only this user may write */
    bool first_look;   /* nothing was typed */
};

extern const struct option_list run_options;

/* Those of them that choose what is measured, and --yes: for bench calibrate, which has
 * its own plan and its own directory. */
extern const struct option_list measured_options;

/* See struct command. */
int run_request_begin(void *request, struct err *err);
int first_look_begin(void *object, struct err *err);    /* the plan of `bench` alone */
int run_request_prepare(void *object, struct err *err); /* reads the plan's file */
void run_request_end(void *request);

/* -1: an option was typed that has no effect with another. */
int run_request_check(const struct run_request *request, const struct typed *typed,
                      struct err *err);

#endif
