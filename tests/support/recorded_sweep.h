/* recorded_sweep.h - a sweep over synthetic measurements whose rows are kept. */
#ifndef TESTS_SUPPORT_RECORDED_SWEEP_H
#define TESTS_SUPPORT_RECORDED_SWEEP_H

#include "analysis/rows/runs.h"
#include "harness/sweep/raw.h"
#include "harness/sweep/sweep.h"
#include "tests/support/mock.h"

/* What a sweep has handed on. */
struct recorded_sweep {
    struct mock mock;
    struct runs runs;
    FILE *csv;                  /* the rows go there too; NULL: nowhere */
    struct raw *raw;            /* the requests go there; NULL: nowhere */
    size_t begun;               /* cells */
    size_t requests_before_row; /* cells whose requests came before their row */
    uint64_t requests_level;    /* of the requests that came last; 0: its row has come */
    size_t rows_until_failure;  /* handing on fails at this row; 0: never */
};

/* A plan of both mock strategies, one round. */
struct plan recorded_sweep_plan(const char *levels);

/* Limits that forbid nothing. */
extern const struct machine_limits no_limits;

/* What sweep_run() returned. The mock is the caller's to open and close. */
int record_sweep(struct recorded_sweep *recorded, const struct plan *plan,
                 const struct machine_limits *limits, struct sweep_tally *tally,
                 struct err *err);

/* The one row of a cell of mock_parallel, at the plan's only level, whose measurement
 * `alter` has changed. The rows are the caller's to free. */
struct row record_altered_cell(struct recorded_sweep *recorded, struct plan *plan,
                               void (*alter)(struct mock *, struct measurement *));

#endif
