/* summary.h - what the rounds of each cell come to together. */
#ifndef ANALYSIS_REPORT_SUMMARY_H
#define ANALYSIS_REPORT_SUMMARY_H

#include "analysis/rows/metric.h"
#include "analysis/rows/runs.h"
#include "analysis/rows/words.h"

/* The middle and the ends of one figure over the valid rounds; NAN where none had it. */
struct spread {
    double median, min, max;
};

/* One strategy at one level in one variant. Only valid rounds enter the figures. */
struct summary_cell {
    const char *variant, *strategy; /* borrowed from the runs */
    uint64_t level;
    size_t rounds, valid_rounds;
    enum row_status worst;  /* the first status that is not valid, else STATUS_VALID */
    const char *reason;     /* of that row */
    bool notes[NOTE_COUNT]; /* some valid round carries it */
    double ideal_s;
    const char *delay_model, *overload;  /* as in the rows, "": none */
    double capacity;                     /* of the origin; NAN: no limit */
    struct spread spreads[METRIC_COUNT]; /* in the units of metrics.def */
};

struct summary {
    struct summary_cell *cells; /* by variant, level, and the order of the strategies */
    size_t count;
};

/* Groups the rows, which are borrowed. `order` (NULL-terminated, may be NULL) says in
 * which order strategies stand; those that it does not name come behind it, by name. -1:
 * no memory, or rows that one_table_check() refuses. */
int summary_make(struct summary *summary, const struct runs *runs,
                 const char *const *order, struct err *err);
void summary_free(struct summary *summary);

/* The cell of these three, or NULL. */
const struct summary_cell *summary_find(const struct summary *summary,
                                        const char *variant, const char *strategy,
                                        uint64_t level);

/* Whether it has cells of more than one variant. */
bool summary_has_variants(const struct summary *summary);

/* Whether a row is one of those that the figures of this cell were made of. */
bool summary_cell_has(const struct summary_cell *cell, const struct row *row);

/* The fastest cell of a level: lowest median cost time of those that may be ranked
 * against each other. With fewer than two such cells NULL. When the range of any other
 * overlaps that of the best none wins: NULL, and `*tie` is set. */
const struct summary_cell *summary_fastest(const struct summary *summary,
                                           const char *variant, uint64_t level,
                                           bool *tie);

#endif
