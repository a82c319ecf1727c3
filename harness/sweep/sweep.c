/* sweep.c - see sweep.h. */
#include "harness/sweep/sweep.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/parse.h"
#include "harness/sweep/record.h"
#include "harness/validity/validity.h"

static int hand_on(struct sweep *sweep, const struct cell *cell, const struct row *row,
                   enum row_status status, struct err *err)
{
    if (!cell->round)
        return 0; /* warm-up */
    sweep->tally->statuses[status]++;
    return sweep->hooks->row(sweep->hooks->user, cell, row, err);
}

/* First the requests, then the row: see raw.h. */
static int hand_on_requests(struct sweep *sweep, const struct cell *cell,
                            const struct row *row, const struct measurement *measurement,
                            struct err *err)
{
    if (!cell->round || !sweep->hooks->requests)
        return 0;
    return sweep->hooks->requests(sweep->hooks->user, row, measurement, err);
}

/* A cell that is not run; the verdict says why. */
static int pass_over(struct sweep *sweep, const struct cell *cell,
                     const struct verdict *verdict, struct err *err)
{
    struct row row = record_unmeasured(sweep->source, cell, verdict);

    return hand_on(sweep, cell, &row, verdict->status, err);
}

static void skip(struct verdict *verdict, const struct plan *plan,
                 const struct cell *cell)
{
    char limit[DURATION_TEXT_SIZE];

    *verdict = (struct verdict){.status = STATUS_SKIPPED};
    (void)snprintf(verdict->reason, sizeof(verdict->reason),
                   "predicted to take %.1f s or more, over --max-cell %s",
                   clock_seconds(cell->length_ns),
                   duration_text(plan->max_cell_ns, limit));
}

static int measure(struct sweep *sweep, const struct cell *cell, struct err *err)
{
    struct cell measured = *cell;
    struct measurement measurement;
    struct outcome outcome;
    struct verdict verdict;
    struct row row;
    int result = 0;

    if (sweep->hooks->begin)
        sweep->hooks->begin(sweep->hooks->user, cell);
    if (sweep->hooks->measure(sweep->hooks->user, cell, &measurement, err))
        return -1;
    if (measurement.end == CELL_INTERRUPTED) {
        sweep->tally->interrupted = true;
    } else {
        if (plan_is_timed(sweep->plan) && !cell->rate) /* they are those that began */
            measured.requests = measurement.result_count;
        result = outcome_make(&outcome, sweep->plan, &measured, &measurement, err);
        if (!result) {
            validity_judge(&verdict, sweep->plan, &measured, &measurement, &outcome);
            row = record_measured(sweep->source, &measured, &measurement, &outcome,
                                  &verdict);
            result = hand_on_requests(sweep, cell, &row, &measurement, err) ||
                             hand_on(sweep, cell, &row, verdict.status, err)
                         ? -1
                         : 0;
        }
    }
    measurement_free(&measurement);
    return result;
}

int sweep_visit(struct sweep *sweep, const struct cell *cell, struct err *err)
{
    struct verdict verdict;

    if (cell->skipped) {
        skip(&verdict, sweep->plan, cell);
        return pass_over(sweep, cell, &verdict, err);
    }
    if (preflight_forbids(sweep->plan, cell, sweep->limits, &verdict)) {
        struct cell unvisited = *cell;

        /* It cannot work in another round either; one row says so. */
        unvisited.position = 0;
        return cell->round == 1 ? pass_over(sweep, &unvisited, &verdict, err) : 0;
    }
    return measure(sweep, cell, err);
}

/* After the cell at `at`: if its round is over, asks whether to stop. */
static int end_round(struct sweep *sweep, const struct cell_list *cells, size_t at,
                     bool *stop, struct err *err)
{
    unsigned round = cells->cells[at].round;
    bool is_last = at + 1 == cells->count;

    if (!round || (!is_last && cells->cells[at + 1].round == round))
        return 0;
    sweep->tally->rounds = round;
    if (is_last || !sweep->hooks->round_over)
        return 0;
    return sweep->hooks->round_over(sweep->hooks->user, stop, err);
}

int sweep_run(const struct record_source *source, const struct cell_list *cells,
              const struct machine_limits *limits, const struct sweep_hooks *hooks,
              struct sweep_tally *tally, struct err *err)
{
    struct sweep sweep = {source->plan, limits, source, hooks, tally};

    bool stop = false;

    *tally = (struct sweep_tally){.interrupted = false};
    for (size_t i = 0; i < cells->count && !stop; i++) {
        if (sweep_visit(&sweep, &cells->cells[i], err) ||
            (!tally->interrupted && end_round(&sweep, cells, i, &stop, err)))
            return -1;
        stop |= tally->interrupted;
    }
    return 0;
}
