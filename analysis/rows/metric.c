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

uint64_t row_unfinished(const struct row *row)
{
    uint64_t requests = row_count(row, COLUMN_requests);
    uint64_t unfinished = row_count(row, COLUMN_unfinished);

    return unfinished < requests ? unfinished : requests;
}

double row_per_request(const struct row *row, double amount)
{
    uint64_t ended = row_count(row, COLUMN_requests) - row_unfinished(row);

    return ended ? amount / (double)ended : NAN;
}

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

/* With rates there is no memory probe, and the limit of what may be in flight was perhaps
 * never reached. */
static double memory_bytes(const struct row *row)
{
    double pss = row_number(row, COLUMN_peak_pss_bytes);

    if (row->fields[COLUMN_rate_rps].present)
        return NAN;
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
        return row_per_request(row, cpu_us(row));
    case METRIC_p50:
        return row_number(row, COLUMN_latency_p50_us);
    case METRIC_p99:
        return row_number(row, COLUMN_latency_p99_us);
    case METRIC_memory:
        return per(row, memory_bytes(row), COLUMN_inflight_limit);
    case METRIC_connections:
        return row_per_request(row, row_number(row, COLUMN_connections));
    case METRIC_switches:
        return row_per_request(row, row_number(row, COLUMN_voluntary_ctx_switches));
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
