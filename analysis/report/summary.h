/* summary.h - the figures of each cell over all of its rounds. */
#ifndef ANALYSIS_REPORT_SUMMARY_H
#define ANALYSIS_REPORT_SUMMARY_H

#include "analysis/rows/metric.h"
#include "analysis/rows/point.h"
#include "analysis/rows/rate_search.h"
#include "analysis/rows/runs.h"
#include "analysis/rows/words.h"

/* The middle and the ends of one figure over the valid rounds; NAN where none had it.
 * INFINITY is known: a latency that falls among the requests that never ended. */
struct spread {
    double median, min, max;
    size_t known; /* rounds that had it */
};

/* Columns that are kept of each valid round beside the metrics; name, whether the figure
 * is per request. */
#define SUMMARY_COLUMNS(X)      \
    X(user_s, false)            \
    X(system_s, false)          \
    X(peak_rss_bytes, false)    \
    X(peak_pss_bytes, false)    \
    X(latency_p50_us, false)    \
    X(latency_p90_us, false)    \
    X(latency_p99_us, false)    \
    X(latency_p999_us, false)   \
    X(late_p99_us, false)       \
    X(throughput_rps, false)    \
    X(begun_rps, false)         \
    X(unfinished, false)        \
    X(connect_failed, false)    \
    X(inflight_limit, false)    \
    X(per_host_rate_rps, false) \
    X(minor_faults, true)       \
    X(threads_peak, false)      \
    X(processes_peak, false)    \
    X(inflight_peak, false)

/* The figures of a round; NAN where it has none. */
enum summary_figure {
    /* 0 to METRIC_COUNT - 1: the metrics, in the units of metrics.def */
    SUMMARY_BEFORE_COLUMNS = METRIC_COUNT - 1,
#define X(column, per_request) SUMMARY_##column,
    SUMMARY_COLUMNS(X)
#undef X
        SUMMARY_failed_percent, /* of the requests, which --allow-errors keeps valid */
    SUMMARY_cores,    /* CPU time per second: how many CPUs were busy on average */
    SUMMARY_due_rps,  /* requests that became due per second */
    SUMMARY_not_held, /* 1: the round has the note rate-not-held; else 0 */
    SUMMARY_run_s,    /* these two stand for cost and overhead beside programs */
    SUMMARY_run_overhead_s,
    SUMMARY_FIGURE_COUNT
};

/* One strategy at one point, its level or its rate, in one variant. Only valid rounds
 * enter the figures. */
struct summary_cell {
    const char *variant, *strategy; /* these and the other texts are the summary's */
    enum point_kind kind;
    uint64_t point;
    size_t rank; /* of the strategy in the order that was given */
    size_t rounds, valid_rounds;
    size_t kept_rounds;                      /* of a search: those that kept its bound */
    double (*figures)[SUMMARY_FIGURE_COUNT]; /* of the valid rounds, as they came */
    enum row_status worst;  /* the first status that is not valid, else STATUS_VALID */
    const char *reason;     /* of that row */
    bool notes[NOTE_COUNT]; /* some valid round carries it */
    double ideal_s;
    const char *delay_model, *overload; /* as in the rows, "": none */
    double capacity;                    /* of the origin; NAN: no limit */
    struct spread spreads[SUMMARY_FIGURE_COUNT];
};

struct intern;

struct summary {
    struct summary_cell *cells; /* by variant, point, and the order of the strategies */
    size_t count;
    enum point_kind kind; /* of all points: rows of the two never share a summary */
    bool timed; /* requests became due, or began, for a given time, so that cost times are
                   all about the same */
    struct rate_bound bound; /* of the search that the rows are from; all zeros: none */
    bool run_times; /* cost time and overhead are without setup, since some cells are of
                       programs from outside, whose start is not in their figures */
    struct intern *texts;
    const struct summary_cell *
        *by_name; /* by variant, strategy, point: summary_query.h */
};

struct summary_builder; /* opaque */

/* How rows become cells. */
struct summary_options {
    const char *const *order; /* NULL-terminated, borrowed, may be NULL: in which order
                                 strategies stand; others come behind them, by name */
    double allowed_errors;    /* rows that failed only because at most this share of
                                 their requests did count as valid; 0: none */
};

/* Begins a summary of rows that come one by one, in time and memory that grow in
 * proportion to them. `options` may be NULL. Owner: the caller, summary_build_close(). */
int summary_build_open(struct summary_builder **out,
                       const struct summary_options *options, struct err *err);

/* Adds a row, of which nothing is borrowed. -1 as one_table_add(). */
int summary_build_add(struct summary_builder *builder, const struct row *row, bool *mixed,
                      struct err *err);

/* Ends the summary; nothing can be added afterwards. Owner: the caller,
 * summary_free(). -1: no memory. */
int summary_build_end(struct summary_builder *builder, struct summary *summary,
                      struct err *err);

void summary_build_close(struct summary_builder *builder); /* NULL is fine */

/* All of this for rows in memory. */
int summary_make(struct summary *summary, const struct runs *runs,
                 const struct summary_options *options, struct err *err);
void summary_free(struct summary *summary);

/* "500" or "2000/s". Returns `text`. */
const char *summary_point_text(const struct summary_cell *cell,
                               char text[POINT_TEXT_SIZE]);

/* How `by_name` is sorted; both are const struct summary_cell **. */
int summary_compare_names(const void *left, const void *right);

#endif
