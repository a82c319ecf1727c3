/* value_metrics.c - see value_metrics.h. */
#include "harness/cli/value_metrics.h"

#include "analysis/rows/metric.h"

static int parse(void *object, const char *text, struct err *err)
{
    return metric_parse_list(object, text, err);
}

const struct value_ops metrics_ops = {.parse = parse};
