/* rate_rows.c - see rate_rows.h. */
#include "tests/support/rate_rows.h"

#include "tests/support/check.h"
#include "tests/support/summary_text.h"

const struct rate_rows rate_rows_sample[9] = {
    {.strategy = "loop", .rate = 500, .p99_us = {1200, 1210, 1250}},
    {.strategy = "loop", .rate = 2000, .p99_us = {1500, 1520, 1530}, .cores = 0.41},
    {.strategy = "loop", .rate = 5000, .p99_us = {3100, 3200, 3400}, .cores = 0.83},
    {.strategy = "threads", .rate = 500, .p99_us = {1300, 1310, 1350}},
    {.strategy = "threads", .rate = 2000, .p99_us = {6500, 6520, 6530}, .cores = 0.9},
    {.strategy = "threads",
     .rate = 5000,
     .p99_us = {903100, 903200, 903400},
     .notes = {"rate-not-held"},
     .reached_rps = 3120,
     .cores = 1.87,
     .late_us = 800000,
     .inflight_peak = RATE_LIMIT},
    {.strategy = "processes", .rate = 500, .p99_us = {9300, 9310, 9350}},
    {.strategy = "processes",
     .rate = 2000,
     .p99_us = {406500, 406520, 406530},
     .notes = {"rate-not-held"},
     .reached_rps = 1990,
     .cores = 1.9,
     .late_us = 12300},
    {.strategy = "processes",
     .rate = 5000,
     .p99_us = {2903100, 2903200, 2903400},
     .notes = {"rate-not-held"},
     .reached_rps = 1990,
     .cores = 1.9,
     .late_us = 2800000,
     .unfinished = 12},
};

static void set_times(struct row *row, const struct rate_rows *cell, size_t round)
{
    double p99_us = cell->p99_us[round];

    row_set_number(row, COLUMN_duration_s, RATE_DURATION_S);
    row_set_number(row, COLUMN_cost_s, RATE_DURATION_S + 0.01);
    row_set_number(row, COLUMN_run_s, RATE_DURATION_S);
    row_set_number(row, COLUMN_user_s,
                   (cell->cores > 0 ? cell->cores : 0.2) * (RATE_DURATION_S + 0.01));
    row_set_number(row, COLUMN_system_s, 0);
    row_set_number(row, COLUMN_latency_p50_us, p99_us / 3);
    row_set_number(row, COLUMN_latency_p90_us, p99_us / 2);
    row_set_number(row, COLUMN_latency_p99_us, p99_us);
}

static void set_rate(struct row *row, const struct rate_rows *cell, size_t round)
{
    uint64_t requests = cell->rate * RATE_DURATION_S + round;
    double reached = cell->reached_rps > 0 ? cell->reached_rps : (double)cell->rate;

    row_set_text(row, COLUMN_arrivals, "poisson");
    row_set_count(row, COLUMN_rate_rps, cell->rate);
    row_set_count(row, COLUMN_level, RATE_LIMIT);
    row_set_count(row, COLUMN_inflight_limit, RATE_LIMIT);
    if (cell->per_host)
        row_set_count(row, COLUMN_per_host_rate_rps, cell->per_host);
    if (cell->capacity)
        row_set_count(row, COLUMN_capacity, cell->capacity);
    row_set_count(row, COLUMN_requests, requests);
    row_set_count(row, COLUMN_ok, requests - cell->unfinished - cell->connect_failed);
    row_set_number(row, COLUMN_begun_rps, reached);
    row_set_number(row, COLUMN_throughput_rps, reached);
    row_set_number(row, COLUMN_late_p50_us,
                   (cell->late_us > 0 ? cell->late_us : 100) / 2);
    if (requests >= 100)
        row_set_number(row, COLUMN_late_p99_us, cell->late_us > 0 ? cell->late_us : 100);
    if (requests >= 10000)
        row_set_number(row, COLUMN_latency_p999_us, cell->p99_us[round] * 2);
}

static void set_level(struct row *row, const struct rate_rows *cell, size_t round)
{
    uint64_t requests = (uint64_t)(cell->throughput[round] * RATE_DURATION_S);

    row_set_count(row, COLUMN_level, cell->level);
    row_set_count(row, COLUMN_inflight_limit, cell->level);
    row_set_count(row, COLUMN_requests, requests);
    row_set_count(row, COLUMN_ok, requests);
    row_set_number(row, COLUMN_throughput_rps, cell->throughput[round]);
}

struct row rate_rows_row(const struct rate_rows *cell, size_t round)
{
    struct row row = {.fields = {{.present = false}}};
    const char *notes = cell->notes[round] ? cell->notes[round] : cell->notes[0];

    row_set_text(&row, COLUMN_run_id, "r");
    row_set_text(&row, COLUMN_variant, cell->variant ? cell->variant : "default");
    row_set_count(&row, COLUMN_round, round + 1);
    row_set_text(&row, COLUMN_strategy, cell->strategy);
    row_set_text(&row, COLUMN_policy, "fresh");
    row_set_text(&row, COLUMN_status, cell->status ? cell->status : "valid");
    row_set_text(&row, COLUMN_notes, notes ? notes : "");
    row_set_count(&row, COLUMN_unfinished, cell->unfinished);
    row_set_count(&row, COLUMN_connect_failed, cell->connect_failed);
    row_set_count(&row, COLUMN_inflight_peak,
                  cell->inflight_peak ? cell->inflight_peak : 40);
    set_times(&row, cell, round);
    if (cell->rate)
        set_rate(&row, cell, round);
    else
        set_level(&row, cell, round);
    return row;
}

void rate_rows_summary(const struct rate_rows *cells, size_t count, struct runs *runs,
                       struct summary *summary)
{
    *runs = (struct runs){.rows = NULL};
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < RATE_ROUNDS_MAX && cells[i].p99_us[j] != 0; j++) {
            struct row row = rate_rows_row(&cells[i], j);

            assert_int_equal(runs_add(runs, &row, NULL), 0);
        }
    assert_int_equal(summary_make(summary, runs, NULL, NULL), 0);
}

char *rate_rows_written(const struct rate_rows *cells, size_t count,
                        const struct view *view, summary_write_fn *write)
{
    struct runs runs;
    struct summary summary;
    char *text;

    rate_rows_summary(cells, count, &runs, &summary);
    text = summary_written(&summary, view, write);
    summary_free(&summary);
    runs_free(&runs);
    return text;
}
