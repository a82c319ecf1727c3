/* cell_rows.c - see cell_rows.h. */
#include "tests/support/cell_rows.h"

#include "tests/support/check.h"
#include "tests/support/summary_text.h"

static void add_round(struct runs *runs, const struct cell_rows *cell, size_t round)
{
    double cost_s = cell->cost_s[round];
    struct row row = {.fields = {{.present = false}}};

    row_set_text(&row, COLUMN_variant, "default");
    row_set_text(&row, COLUMN_strategy, cell->strategy);
    row_set_count(&row, COLUMN_level, cell->level);
    row_set_count(&row, COLUMN_requests, CELL_REQUESTS);
    row_set_count(&row, COLUMN_ok, CELL_REQUESTS - cell->failed);
    row_set_count(&row, COLUMN_inflight_limit, cell->level);
    row_set_count(&row, COLUMN_inflight_peak,
                  cell->inflight_peak ? cell->inflight_peak : cell->level);
    row_set_text(&row, COLUMN_status, "valid");
    row_set_text(&row, COLUMN_notes, cell->notes ? cell->notes : "");
    row_set_number(&row, COLUMN_cost_s, cost_s);
    row_set_number(&row, COLUMN_throughput_rps, CELL_REQUESTS / cost_s);
    if (cell->ideal_s > 0)
        row_set_number(&row, COLUMN_ideal_s, cell->ideal_s);
    if (cell->memory_kib > 0 && !round) /* the memory probe is taken once */
        row_set_count(&row, COLUMN_peak_pss_bytes,
                      (uint64_t)(cell->memory_kib * 1024 * (double)cell->level));
    if (cell->processes)
        row_set_count(&row, COLUMN_processes_peak, cell->processes);
    if (cell->threads) { /* a row with one counter has them all */
        row_set_count(&row, COLUMN_threads_peak, cell->threads);
        row_set_count(&row, COLUMN_voluntary_ctx_switches,
                      cell->switches * CELL_REQUESTS);
        row_set_count(&row, COLUMN_minor_faults, cell->faults * CELL_REQUESTS);
    }
    row_set_number(&row, COLUMN_user_s, cost_s / 2);
    row_set_number(&row, COLUMN_system_s, 0);
    row_set_number(&row, COLUMN_latency_p99_us, cost_s * 1e6);
    assert_int_equal(runs_add(runs, &row, NULL), 0);
}

void cell_rows_summary(const struct cell_rows *cells, size_t count, struct runs *runs,
                       struct summary *summary)
{
    *runs = (struct runs){.rows = NULL};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < CELL_ROUNDS_MAX && cells[i].cost_s[j] > 0; j++)
            add_round(runs, &cells[i], j);
    assert_int_equal(summary_make(summary, runs, NULL, NULL), 0);
}

char *cell_rows_written(const struct cell_rows *cells, size_t count,
                        const struct view *view, summary_write_fn *write)
{
    struct runs runs;
    struct summary summary;
    char *text;

    cell_rows_summary(cells, count, &runs, &summary);
    text = summary_written(&summary, view, write);
    summary_free(&summary);
    runs_free(&runs);
    return text;
}
