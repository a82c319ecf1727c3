/* summary_csv.c - see summary_csv.h. */
#include "analysis/report/summary_csv.h"

#include <inttypes.h>
#include <math.h>

#include "analysis/rows/csv.h"

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
    (void)fputs("variant,strategy,level,rounds,valid_rounds,ideal_s,"
                "cost_median_s,cost_min_s,cost_max_s,"
                "overhead_median_s,overhead_min_s,overhead_max_s,"
                "cpu_per_request_median_us,cpu_per_request_min_us,cpu_per_request_max_us,"
                "memory_per_request_median_bytes,memory_per_request_min_bytes,"
                "memory_per_request_max_bytes,reference,capacity\n",
                out);
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        csv_write_text(out, cell->variant);
        (void)fputc(',', out);
        csv_write_text(out, cell->strategy);
        (void)fprintf(out, ",%" PRIu64 ",%zu,%zu,", cell->level, cell->rounds,
                      cell->valid_rounds);
        write_number(out, cell->ideal_s, ",");
        write_spread(out, &cell->spreads[METRIC_cost], ",");
        write_spread(out, &cell->spreads[METRIC_overhead], ",");
        write_spread(out, &cell->spreads[METRIC_cpu], ",");
        write_spread(out, &cell->spreads[METRIC_memory], ",");
        (void)fprintf(out, "%d,", cell->notes[NOTE_REFERENCE]);
        write_number(out, cell->capacity, "\n");
    }
    return ferror(out) ? err_errno(err, "cannot write the summary") : 0;
}
