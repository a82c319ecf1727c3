/* recorded_sweep.c - see recorded_sweep.h. */
#include "tests/support/recorded_sweep.h"

#include "harness/plan/plan_cells.h"
#include "harness/plan/plan_fields.h"
#include "tests/support/check.h"

const struct machine_limits no_limits = {.descriptors = 1000000};

struct plan recorded_sweep_plan(const char *levels)
{
    struct plan plan = plan_defaults();

    plan.strategies[0] = &mock_serial;
    plan.strategies[1] = &mock_parallel;
    plan.strategy_count = 2;
    plan.rounds = 1;
    plan.seed = 7;
    assert_int_equal(levels_parse(&plan.levels, &levels_kind, levels, NULL), 0);
    return plan;
}

static int measure(void *user, const struct cell *cell, struct measurement *measurement,
                   struct err *err)
{
    return mock_measure(&((struct recorded_sweep *)user)->mock, cell, measurement, err);
}

static void begin(void *user, const struct cell *cell)
{
    (void)cell;
    ((struct recorded_sweep *)user)->begun++;
}

static int row(void *user, const struct cell *cell, const struct row *row,
               struct err *err)
{
    struct recorded_sweep *recorded = user;

    (void)cell;
    if (recorded->requests_level == row_count(row, COLUMN_level))
        recorded->requests_before_row++;
    recorded->requests_level = 0;
    if (runs_add(&recorded->runs, row, err))
        return -1;
    if (recorded->csv && row_write(recorded->csv, row, err))
        return -1;
    if (recorded->runs.count == recorded->rows_until_failure)
        return err_set(err, "the disk is full");
    return 0;
}

static int requests(void *user, const struct row *row,
                    const struct measurement *measurement, struct err *err)
{
    struct recorded_sweep *recorded = user;

    recorded->requests_level = row_count(row, COLUMN_level);
    return recorded->raw ? raw_write(recorded->raw, row, measurement, err) : 0;
}

int record_sweep(struct recorded_sweep *recorded, const struct plan *plan,
                 const struct machine_limits *limits, struct sweep_tally *tally,
                 struct err *err)
{
    struct sweep_hooks hooks = {.user = recorded,
                                .measure = measure,
                                .begin = begin,
                                .row = row,
                                .requests = requests};
    struct cell_list cells;
    int result;

    assert_int_equal(plan_cells(plan, &cells, NULL), 0);
    result = sweep_run(&(struct record_source){"RUN", NULL, plan}, &cells, limits, &hooks,
                       tally, err);
    cell_list_free(&cells);
    return result;
}

struct row record_altered(struct recorded_sweep *recorded, struct plan *plan,
                          void (*alter)(struct mock *, struct measurement *))
{
    struct sweep_tally tally;

    *recorded = (struct recorded_sweep){.runs = {0}};
    mock_open(&recorded->mock, plan);
    recorded->mock.alter = alter;
    assert_int_equal(record_sweep(recorded, plan, &no_limits, &tally, NULL), 0);
    assert_int_equal(recorded->runs.count, 1);
    mock_close(&recorded->mock);
    return recorded->runs.rows[0];
}

struct row record_altered_cell(struct recorded_sweep *recorded, struct plan *plan,
                               void (*alter)(struct mock *, struct measurement *))
{
    plan->strategies[0] = &mock_parallel;
    plan->strategy_count = 1;
    return record_altered(recorded, plan, alter);
}
