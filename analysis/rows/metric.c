/* metric.c - see metric.h. */
#include "analysis/rows/metric.h"

#include <math.h>
#include <string.h>

#include "base/word_list.h"

const struct metric_info metrics[METRIC_COUNT] = {
#define METRIC(name, title, unit, decimals, floor, meaning) \
    [METRIC_##name] = {#name, title, unit, decimals, floor, meaning},
#include "analysis/rows/metrics.def"
#undef METRIC
};

/* NAN also where the divisor is 0: that quotient is no figure. */
static double per(const struct row *row, double amount, enum column column)
{
    double count = row_number(row, column);

    return count > 0 ? amount / count : NAN;
}

static double cpu_us(const struct row *row)
{
    return (row_number(row, COLUMN_user_s) + row_number(row, COLUMN_system_s)) * 1e6;
}

static double memory_bytes(const struct row *row)
{
    double pss = row_number(row, COLUMN_peak_pss_bytes);

    return isnan(pss) ? row_number(row, COLUMN_peak_rss_bytes) : pss;
}

static bool failed_requests(const struct row *row)
{
    return row_number(row, COLUMN_ok) < row_number(row, COLUMN_requests);
}

double metric_of(const struct row *row, enum metric metric)
{
    switch (metric) {
    case METRIC_cost:
        return row_number(row, COLUMN_cost_s);
    case METRIC_overhead:
        /* A request that failed may have waited for less than the delay. */
        return failed_requests(row) ? NAN : row_number(row, COLUMN_overhead_s);
    case METRIC_cpu:
        return per(row, cpu_us(row), COLUMN_requests);
    case METRIC_memory:
        return per(row, memory_bytes(row), COLUMN_inflight_limit);
    case METRIC_connections:
        return per(row, row_number(row, COLUMN_connections), COLUMN_requests);
    case METRIC_switches:
        return per(row, row_number(row, COLUMN_voluntary_ctx_switches), COLUMN_requests);
    case METRIC_COUNT:
        break;
    }
    return NAN;
}

enum metric metric_find(const char *name)
{
    int i = 0;

    while (i < METRIC_COUNT && strcmp(metrics[i].name, name) != 0)
        i++;
    return (enum metric)i;
}

int metric_parse_list(bool wanted[METRIC_COUNT], const char *list, struct err *err)
{
    static const char *const names[METRIC_COUNT + 1] = {
#define METRIC(name, title, unit, decimals, floor, meaning) #name,
#include "analysis/rows/metrics.def"
#undef METRIC
    };

    return word_list_parse(&(struct word_list){.words = names}, list, wanted, err);
}
