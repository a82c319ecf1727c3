/* collect.c - see collect.h. */
#include "tests/support/collect.h"

#include "tests/support/check.h"

const struct machine_limits collect_no_limits = {.descriptors = 1000000};

struct plan collect_plan(const char *levels)
{
    struct plan plan = plan_defaults();

    plan.strategies[0] = &mock_serial;
    plan.strategies[1] = &mock_parallel;
    plan.strategy_count = 2;
    plan.rounds = 1;
    plan.seed = 7;
    assert_int_equal(levels_parse(&plan.levels, levels, NULL), 0);
    return plan;
}

static int measure(void *user, const struct cell *cell, struct measurement *measurement,
                   struct err *err)
{
    return mock_measure(&((struct collected *)user)->mock, cell, measurement, err);
}

static void begin(void *user, const struct cell *cell)
{
    (void)cell;
    ((struct collected *)user)->begun++;
}

static int row(void *user, const struct cell *cell, const struct row *row,
               struct err *err)
{
    struct collected *collected = user;

    (void)cell;
    if (collected->requests_level == row_count(row, COLUMN_level))
        collected->requests_before_row++;
    collected->requests_level = 0;
    if (runs_add(&collected->runs, row, err))
        return -1;
    if (collected->csv && row_write(collected->csv, row, err))
        return -1;
    if (collected->runs.count == collected->rows_until_failure)
        return err_set(err, "the disk is full");
    return 0;
}

static int requests(void *user, const struct row *row,
                    const struct measurement *measurement, struct err *err)
{
    struct collected *collected = user;

    collected->requests_level = row_count(row, COLUMN_level);
    return collected->raw ? raw_write(collected->raw, row, measurement, err) : 0;
}

int collect(struct collected *collected, const struct plan *plan,
            const struct machine_limits *limits, struct sweep_tally *tally,
            struct err *err)
{
    struct sweep_hooks hooks = {.user = collected,
                                .measure = measure,
                                .begin = begin,
                                .row = row,
                                .requests = requests};
    struct cell_list cells;
    int result;

    assert_int_equal(plan_cells(plan, &cells, NULL), 0);
    result = sweep_run(plan, &cells, limits, "RUN", &hooks, tally, err);
    cell_list_free(&cells);
    return result;
}

struct row collect_faulty(struct collected *collected, struct plan *plan,
                          void (*spoil)(struct mock *, struct measurement *))
{
    struct sweep_tally tally;

    plan->strategies[0] = &mock_parallel;
    plan->strategy_count = 1;
    *collected = (struct collected){.runs = {0}};
    mock_open(&collected->mock, plan);
    collected->mock.spoil = spoil;
    assert_int_equal(collect(collected, plan, &collect_no_limits, &tally, NULL), 0);
    assert_int_equal(collected->runs.count, 1);
    mock_close(&collected->mock);
    return collected->runs.rows[0];
}
