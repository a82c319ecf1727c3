/* summary_csv.c - see summary_csv.h. */
#include "analysis/report/summary_csv.h"

#include <inttypes.h>
#include <math.h>

#include "analysis/rows/csv.h"

/* Further columns where rows have a duration. */
static const struct {
    enum summary_figure figure;
    const char *name, *unit;
} timed[] = {
    {SUMMARY_begun_rps, "begun", "_rps"},
    {SUMMARY_throughput_rps, "throughput", "_rps"},
    {SUMMARY_latency_p50_us, "latency_p50", "_us"},
    {SUMMARY_latency_p99_us, "latency_p99", "_us"},
    {SUMMARY_latency_p999_us, "latency_p999", "_us"},
    {SUMMARY_late_p99_us, "late_p99", "_us"},
    {SUMMARY_unfinished, "unfinished", ""},
};

enum { TIMED_COUNT = sizeof(timed) / sizeof(timed[0]) };

static void write_number(FILE *out, double number, const char *separator)
{
    if (isfinite(number))
        (void)fprintf(out, "%.9f", number);
    (void)fputs(separator, out);
}

static void write_spread(FILE *out, const struct spread *spread, const char *separator)
{
    write_number(out, spread->median, ",");
    write_number(out, spread->min, ",");
    write_number(out, spread->max, separator);
}

int summary_csv_write(const struct summary *summary, const struct view *view, FILE *out,
                      struct err *err)
{
    (void)view;
    (void)fprintf(out, "variant,strategy,%s,rounds,valid_rounds,ideal_s,",
                  point_key(summary->kind));
    (void)fputs("cost_median_s,cost_min_s,cost_max_s,"
                "overhead_median_s,overhead_min_s,overhead_max_s,"
                "cpu_per_request_median_us,cpu_per_request_min_us,cpu_per_request_max_us,"
                "memory_per_request_median_bytes,memory_per_request_min_bytes,"
                "memory_per_request_max_bytes,reference,capacity",
                out);
    for (size_t i = 0; summary->timed && i < TIMED_COUNT; i++)
        (void)fprintf(out, ",%s_median%s,%s_min%s,%s_max%s", timed[i].name, timed[i].unit,
                      timed[i].name, timed[i].unit, timed[i].name, timed[i].unit);
    (void)fputc('\n', out);
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        csv_write_text(out, cell->variant);
        (void)fputc(',', out);
        csv_write_text(out, cell->strategy);
        (void)fprintf(out, ",%" PRIu64 ",%zu,%zu,", cell->point, cell->rounds,
                      cell->valid_rounds);
        write_number(out, cell->ideal_s, ",");
        write_spread(out, &cell->spreads[METRIC_cost], ",");
        write_spread(out, &cell->spreads[METRIC_overhead], ",");
        write_spread(out, &cell->spreads[METRIC_cpu], ",");
        write_spread(out, &cell->spreads[METRIC_memory], ",");
        (void)fprintf(out, "%d,", cell->notes[NOTE_REFERENCE]);
        write_number(out, cell->capacity, "");
        for (size_t j = 0; summary->timed && j < TIMED_COUNT; j++) {
            (void)fputc(',', out);
            write_spread(out, &cell->spreads[timed[j].figure], "");
        }
        (void)fputc('\n', out);
    }
    return ferror(out) ? err_errno(err, "cannot write the summary") : 0;
}
