/* rate_rows.h - synthetic rows of runs for a given time, with rates or with levels. */
#ifndef TESTS_SUPPORT_RATE_ROWS_H
#define TESTS_SUPPORT_RATE_ROWS_H

#include "analysis/report/view.h"

enum { RATE_ROUNDS_MAX = 8, RATE_LIMIT = 500, RATE_DURATION_S = 10 };

/* One strategy at one rate: the p99 latency of each round in microseconds, NAN where it
 * is not known, 0 behind the last, and what else its rows say. */
struct rate_rows {
    const char *strategy;
    uint64_t rate; /* 0: of levels; then `level` counts, and `throughput` */
    double p99_us[RATE_ROUNDS_MAX];
    const char *notes[RATE_ROUNDS_MAX]; /* NULL: none, or those of the first round */
    double reached_rps;                 /* 0: as many as were asked for */
    double cores, late_us;              /* 0: 0.2 of a CPU; 100 us */
    uint64_t inflight_peak;             /* 0: 40 */
    uint64_t unfinished, connect_failed;
    uint64_t per_host, capacity; /* 0: no limit */
    uint64_t level;
    double throughput[RATE_ROUNDS_MAX];
    const char *variant; /* NULL: default */
    const char *status;  /* NULL: valid */
};

/* A row of a cell; rounds count from 0. How many requests became due differs per round.
 */
struct row rate_rows_row(const struct rate_rows *cell, size_t round);

/* The summary of the rows of some cells. Both are the caller's to free. */
void rate_rows_summary(const struct rate_rows *cells, size_t count, struct runs *runs,
                       struct summary *summary);

/* The text that a writer of summaries makes of them, to be freed. */
char *rate_rows_written(const struct rate_rows *cells, size_t count,
                        const struct view *view, summary_write_fn *write);

/* Three strategies at three rates, of which one does not hold the highest, one two of
 * them. */
extern const struct rate_rows rate_rows_sample[9];

#endif
