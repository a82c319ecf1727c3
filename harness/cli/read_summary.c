/* read_summary.c - see read_summary.h. */
#include "harness/cli/read_summary.h"

#include "analysis/rows/one_table.h"
#include "strategies/strategy.h"

/* The rows as they are read. */
struct reading {
    struct summary_builder *builder;
    bool *mixed;
};

static int add_row(void *user, const struct row *row, struct err *err)
{
    const struct reading *reading = user;

    return summary_build_add(reading->builder, row, reading->mixed, err);
}

const char *const *strategy_order(const char *order[STRATEGY_ORDER_MAX])
{
    strategy_names(order, STRATEGY_ORDER_MAX);
    return order;
}

int read_summary(struct summary *summary, const struct typed *typed,
                 double allowed_errors, bool *mixed, struct err *err)
{
    const char *order[STRATEGY_ORDER_MAX];
    struct summary_options how = {.order = strategy_order(order),
                                  .allowed_errors = allowed_errors};
    struct reading reading = {.mixed = mixed};
    int result;

    if (!typed->operand_count)
        return err_set(err, "give a runs.csv, or a directory that holds one");
    if (summary_build_open(&reading.builder, &how, err))
        return -1;
    result = one_table_read(typed->operands, typed->operand_count, add_row, &reading,
                            mixed, err);
    if (!result)
        result = summary_build_end(reading.builder, summary, err);
    summary_build_close(reading.builder);
    return result;
}
