/* session.h - one sweep from a complete plan to files: it measures the cells of the plan
 * and records the results. Every command that measures calls this. */
#ifndef HARNESS_SWEEP_SESSION_H
#define HARNESS_SWEEP_SESSION_H

#include <jansson.h>

#include "analysis/rows/conditions.h"
#include "analysis/rows/runs.h"
#include "harness/cell/memory_probe.h"
#include "harness/plan/budget.h"
#include "harness/plan/plan.h"
#include "harness/plan/plan_cells.h"
#include "harness/sweep/output.h"
#include "harness/sweep/preflight_warn.h"
#include "harness/sweep/resume.h"
#include "harness/sweep/sweep.h"

enum { SESSION_RUN_ID_SIZE = 40 };

/* The caller's functions to call during the sweep; all are optional. */
struct session_listener {
    void *user;
    void (*begin)(void *user, const struct cell *cell); /* a cell is about to run */
    void (*measured)(void *user, const struct cell *cell);
    void (*row)(void *user, const struct row *row);

    /* An interim analysis of a sweep of two variants with a budget is due: sets
     * `*decided` when the rest of the budget need not be spent. */
    int (*decide)(void *user, const struct runs *runs, bool *decided, struct err *err);

    /* A cell wrote a line to standard error that none before it wrote. */
    void (*cell_line)(void *user, const char *line);
};

/* Where the rows go, and the functions to call. */
struct session_sinks {
    const char *dir;      /* NULL: results/<run id>, unless there is a CSV file */
    const char *csv_path; /* NULL: none; "-": standard output */
    bool resume;          /* continue the sweep that is recorded in `dir` */
    struct session_listener listener;
};

struct raw;

/* A sweep. Its users only read it. */
struct session {
    const struct plan *plan; /* borrowed */
    struct session_sinks sinks;
    struct machine_limits limits;
    struct cell_list cells; /* those still to be visited */
    struct preflight_warnings warnings;
    struct runs runs;   /* the rows, those of earlier parts included */
    size_t rows_before; /* rows of earlier parts of the sweep */
    struct sweep_tally tally;
    bool decided; /* it ended before its budget was spent */
    char run_id[SESSION_RUN_ID_SIZE];
    char conditions[CONDITIONS_HASH_SIZE];
    struct output output;

    json_t *env, *plan_json;
    struct resume resume;
    struct measurer measurer;
    struct memory_probe_book memory_probes;
    struct budget budget;
    struct raw *raw; /* NULL: no requests.csv */
};

/* Makes a name for a sweep: the time and a random number, so that two sweeps of one
 * second differ. */
void session_name(char run_id[SESSION_RUN_ID_SIZE], int64_t now_s);

/* Finds the cells that can be measured here and are not yet recorded; writes and starts
 * nothing. -1: none can be measured, or the recorded sweep is another one. Call
 * session_close() also after -1. */
int session_open(struct session *session, const struct plan *plan,
                 const struct session_sinks *sinks, struct err *err);

/* Opens the files and the origin's pages. -1: nothing has been measured. */
int session_start(struct session *session, struct err *err);

/* Measures and records all that is left. -1: the sweep was cut off; the recorded rows are
 * complete. */
int session_run(struct session *session, struct err *err);

/* Closes the files. -1 if something did not reach the disk. */
int session_finish(struct session *session, struct err *err);

/* Rows of one status, those of earlier parts of the sweep included. */
size_t session_count(const struct session *session, enum row_status status);

void session_close(struct session *session); /* fine for all zeros */

#endif
