/* sweep.h - visits the cells of a plan in order and hands each row on.
 *
 * The caller says how to measure a cell and where its row goes: the tests use a mock,
 * without network or clock. */
#ifndef HARNESS_SWEEP_SWEEP_H
#define HARNESS_SWEEP_SWEEP_H

#include "analysis/rows/row.h"
#include "analysis/rows/words.h"
#include "harness/cell/measure.h"
#include "harness/plan/plan.h"
#include "harness/plan/plan_cells.h"
#include "harness/sweep/preflight.h"
#include "harness/sweep/record.h"

struct sweep_hooks {
    void *user;

    /* Measures one cell, as measure_cell() does. measurement_free() frees the result. */
    int (*measure)(void *user, const struct cell *cell, struct measurement *measurement,
                   struct err *err);

    /* A cell is about to be measured. Optional. */
    void (*begin)(void *user, const struct cell *cell);

    /* A row is complete. Its texts are valid during the call. Not called for warm-up. */
    int (*row)(void *user, const struct cell *cell, const struct row *row,
               struct err *err);

    /* The requests of a cell, before its row is handed on; not for warm-up. Optional. */
    int (*requests)(void *user, const struct row *row,
                    const struct measurement *measurement, struct err *err);

    /* A round that is recorded is over, and others follow: sets `*stop` to end the sweep.
     * Optional. */
    int (*round_over)(void *user, bool *stop, struct err *err);
};

struct sweep_tally {
    size_t statuses[STATUS_COUNT]; /* rows of each status */
    bool interrupted;              /* not all cells were visited */
    unsigned rounds;               /* completed */
};

/* A sweep that is under way; all is borrowed. */
struct sweep {
    const struct plan *plan;
    const struct machine_limits *limits; /* they say which cells cannot work */
    const struct record_source *source;
    const struct sweep_hooks *hooks;
    struct sweep_tally *tally;
};

/* Visits one cell, as sweep_run() does. */
int sweep_visit(struct sweep *sweep, const struct cell *cell, struct err *err);

/* Visits all cells, or until a hook stops it; `limits` say which cannot work. -1: a row
 * could not be handed on, or nothing can be measured on this machine; the tally has the
 * rows until then. */
int sweep_run(const struct record_source *source, const struct cell_list *cells,
              const struct machine_limits *limits, const struct sweep_hooks *hooks,
              struct sweep_tally *tally, struct err *err);

#endif
