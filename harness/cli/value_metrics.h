/* value_metrics.h - a list of metrics on the command line: --metric cpu,overhead. */
#ifndef HARNESS_CLI_VALUE_METRICS_H
#define HARNESS_CLI_VALUE_METRICS_H

#include "base/value.h"

/* Of a bool[METRIC_COUNT]. */
extern const struct value_ops metrics_ops;

#endif
