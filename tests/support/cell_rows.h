/* cell_rows.h - synthetic rows of cells, for what is said of them. */
#ifndef TESTS_SUPPORT_CELL_ROWS_H
#define TESTS_SUPPORT_CELL_ROWS_H

#include "analysis/report/view.h"

enum { CELL_ROUNDS_MAX = 8, CELL_REQUESTS = 1000 };

/* One strategy at one level: a cost time per round, 0 behind the last, and what else its
 * rows say. */
struct cell_rows {
    const char *strategy;
    uint64_t level;
    double cost_s[CELL_ROUNDS_MAX];
    double ideal_s, memory_kib; /* 0: absent */
    uint64_t threads;           /* 0: the row has no counters */
    uint64_t processes, switches, faults, inflight_peak;
    const char *notes;
    uint64_t failed; /* requests of CELL_REQUESTS */
};

/* The summary of the rows of some cells. Both are the caller's to free. */
void cell_rows_summary(const struct cell_rows *cells, size_t count, struct runs *runs,
                       struct summary *summary);

/* The text that a writer of summaries makes of them, to be freed. */
char *cell_rows_written(const struct cell_rows *cells, size_t count,
                        const struct view *view, summary_write_fn *write);

#endif
