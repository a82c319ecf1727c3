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

/* What is kept of each valid round; NAN where it has none. */
enum summary_figure {
    /* 0 to METRIC_COUNT - 1: the metrics, in the units of metrics.def */
    SUMMARY_user_s = METRIC_COUNT,
    SUMMARY_system_s,
    SUMMARY_peak_rss_bytes,
    SUMMARY_FIGURE_COUNT
};

/* One strategy at one level in one variant. Only valid rounds enter the figures. */
struct summary_cell {
    const char *variant, *strategy; /* these and the other texts are the summary's */
    uint64_t level;
    size_t rank; /* of the strategy in the order that was given */
    size_t rounds, valid_rounds;
    double (*figures)[SUMMARY_FIGURE_COUNT]; /* of the valid rounds, as they came */
    enum row_status worst;  /* the first status that is not valid, else STATUS_VALID */
    const char *reason;     /* of that row */
    bool notes[NOTE_COUNT]; /* some valid round carries it */
    double ideal_s;
    const char *delay_model, *overload;  /* as in the rows, "": none */
    double capacity;                     /* of the origin; NAN: no limit */
    struct spread spreads[METRIC_COUNT]; /* in the units of metrics.def */
};

struct intern;

struct summary {
    struct summary_cell *cells; /* by variant, level, and the order of the strategies */
    size_t count;
    struct intern *texts;
    const struct summary_cell **by_name; /* for summary_find() */
};

struct summary_builder; /* opaque */

/* Begins a summary of rows that come one by one, in time and memory that grow with them
 * as they do. `order` (NULL-terminated, borrowed, may be NULL) says in which order
 * strategies stand; those that it does not name come behind it, by name. Owner: the
 * caller, summary_build_close(). */
int summary_build_open(struct summary_builder **out, const char *const *order,
                       struct err *err);

/* Adds a row, of which nothing is borrowed. -1 as one_table_add(). */
int summary_build_add(struct summary_builder *builder, const struct row *row, bool *mixed,
                      struct err *err);

/* What has come so far; nothing can be added afterwards. Owner: the caller,
 * summary_free(). -1: no memory. */
int summary_build_end(struct summary_builder *builder, struct summary *summary,
                      struct err *err);

void summary_build_close(struct summary_builder *builder); /* NULL is fine */

/* All of this for rows in memory. */
int summary_make(struct summary *summary, const struct runs *runs,
                 const char *const *order, struct err *err);
void summary_free(struct summary *summary);

/* The cell of these three, or NULL. */
const struct summary_cell *summary_find(const struct summary *summary,
                                        const char *variant, const char *strategy,
                                        uint64_t level);

/* Whether it has cells of more than one variant. */
bool summary_has_variants(const struct summary *summary);

/* The fastest cell of a level: lowest median cost time of those that may be ranked
 * against each other. With fewer than two such cells NULL. When the range of any other
 * overlaps that of the best none wins: NULL, and `*tie` is set. */
const struct summary_cell *summary_fastest(const struct summary *summary,
                                           const char *variant, uint64_t level,
                                           bool *tie);

#endif
