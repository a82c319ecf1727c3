/* recorded_sweep.h - a sweep over synthetic measurements that keeps its rows. */
#ifndef TESTS_SUPPORT_RECORDED_SWEEP_H
#define TESTS_SUPPORT_RECORDED_SWEEP_H

#include "analysis/rows/runs.h"
#include "harness/sweep/raw.h"
#include "harness/sweep/sweep.h"
#include "tests/support/mock.h"

/* The rows and requests that a sweep handed on. */
struct recorded_sweep {
    struct mock mock;
    struct runs runs;
    FILE *csv;                  /* also gets the rows; NULL: none */
    struct raw *raw;            /* gets the requests; NULL: none */
    size_t begun;               /* cells */
    size_t requests_before_row; /* cells whose requests preceded their row */
    uint64_t requests_level;    /* level of the last requests; 0: its row has come */
    size_t rows_until_failure;  /* fail at this row; 0: never */
};

/* A plan of both mock strategies, one round. */
struct plan recorded_sweep_plan(const char *levels);

/* Limits that forbid nothing. */
extern const struct machine_limits no_limits;

/* Runs the sweep and returns the result of sweep_run(). The caller opens and closes the
 * mock. */
int record_sweep(struct recorded_sweep *recorded, const struct plan *plan,
                 const struct machine_limits *limits, struct sweep_tally *tally,
                 struct err *err);

/* Returns the only row of a plan with one cell, after `alter` has changed its
 * measurement. The caller frees the rows. */
struct row record_altered(struct recorded_sweep *recorded, struct plan *plan,
                          void (*alter)(struct mock *, struct measurement *));

/* The same of a cell of mock_parallel, at the plan's only level. */
struct row record_altered_cell(struct recorded_sweep *recorded, struct plan *plan,
                               void (*alter)(struct mock *, struct measurement *));

#endif
