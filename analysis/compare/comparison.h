/* comparison.h - the input of a comparison and its result. */
#ifndef ANALYSIS_COMPARE_COMPARISON_H
#define ANALYSIS_COMPARE_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/rows/metric.h"
#include "analysis/rows/point.h"
#include "analysis/rows/runs.h"
#include "analysis/statistics/stats.h"
#include "base/err.h"

enum compare_verdict {
    COMPARE_SLOWER,      /* all three: p, the interval beyond the threshold, the floor */
    COMPARE_FASTER,      /* the same in the other direction */
    COMPARE_SAME,        /* the whole interval is within the threshold, or the floor */
    COMPARE_NOT_SLOWER,  /* slower by more than the threshold is excluded, but not that it
                            is faster by more */
    COMPARE_CANNOT_TELL, /* none of these could be shown */
    COMPARE_VERDICT_COUNT
};

/* One metric of one strategy at one level or rate, or of all cells together: then `cells`
 * is their number, each figure is their geometric mean in one round, and strategy and
 * level are empty. */
struct compare_item {
    const char *strategy; /* borrowed from the runs, as all texts but `reason` */
    uint64_t level;       /* the point of the cell: a level or a rate */
    size_t cells;         /* 0: of one cell */
    enum point_kind point_kind;
    enum metric metric;
    size_t base_count, head_count; /* valid rows that have the figure */
    size_t pairs;                  /* rounds that both sides have; 0: not paired */
    double base_median, head_median;
    struct interval ratio; /* head / base; NAN where a figure is not above 0 */
    struct interval shift; /* head - base, in the metric's unit */
    double threshold;      /* 0.05: five per cent; of this cell and metric */
    double floor;          /* shifts up to this do not matter; -INFINITY: none */
    double p, p_adjusted;
    /* The smallest ratio above 1 that would have been called slower four times out of
     * five, with this spread and this number of rounds; INFINITY if none could. */
    double detectable;
    enum compare_verdict verdict;
    bool gates;          /* can fail the gate; else it is only shown */
    bool large_excluded; /* slower by COMPARE_LARGE, or the threshold, is excluded */
    char reason[160]; /* why it cannot tell, or what kept it from being slower; or "" */
};

/* A slowdown of one cell that the overall comparison must not hide. */
#define COMPARE_LARGE 0.25

/* The outcome of the whole comparison. */
enum compare_outcome {
    COMPARE_CLEAR,      /* nothing got slower, as far as the rule asks */
    COMPARE_REGRESSION, /* a cell did, or all of them together */
    COMPARE_UNDECIDED,
    COMPARE_ROWS_MISSING,
    COMPARE_INCOMPARABLE,
    COMPARE_OUTCOME_COUNT
};

enum compare_problem_kind {
    COMPARE_INCOMPLETE,     /* rows or cells are missing, failed or invalid */
    COMPARE_NOT_COMPARABLE, /* another machine, other options, other libraries */
    COMPARE_NOTED,          /* worth knowing; it fails nothing */
};

/* A problem that the report must name. */
struct compare_problem {
    enum compare_problem_kind kind;
    const char *strategy; /* NULL: of the whole comparison */
    enum point_kind point_kind;
    uint64_t level; /* the point of the cell: a level or a rate */
    char text[240];
};

/* One side, as it is shown. */
struct compare_side {
    const char *name;   /* "base", or the path of a run */
    const char *run_id; /* of its first row */
    const char *libcurl_version;
    const char *tls_version, *libevent_version;
    size_t rows, valid_rows;
};

struct comparison {
    struct compare_side base, head;
    enum point_kind point_kind; /* of all cells */
    bool paired;
    bool by_cells;     /* every cell must be decided; there is no overall comparison */
    double alpha;      /* for the cells, and again for the overall lines; per analysis */
    double confidence; /* of every interval */
    unsigned analyses; /* planned while the figures were measured */
    size_t family;     /* comparisons of cells that can fail the gate */
    struct compare_item overall[METRIC_COUNT]; /* one for each metric that gates */
    size_t overall_count;
    struct compare_item *items; /* by strategy (in the order of the run), level, metric */
    size_t item_count;
    struct compare_problem *problems;
    size_t problem_count;
};

/* Where a side comes from. All is borrowed. */
struct compare_source {
    const char *name;
    const struct runs *runs;
    const char *variant; /* only its rows; NULL: all */
};

/* Whether the row belongs to this source. */
bool compare_source_has(const struct compare_source *source, const struct row *row);

/* Adds a problem; the text is printf()'s. */
int comparison_add_problem(struct comparison *comparison, enum compare_problem_kind kind,
                           const char *strategy, uint64_t level, struct err *err,
                           const char *format, ...) __attribute__((format(printf, 6, 7)));

/* "slower", "faster", "same", "not slower" or "cannot tell". */
const char *compare_verdict_word(enum compare_verdict verdict);

/* How many gating items have this verdict; of the overall lines likewise. */
size_t compare_count(const struct comparison *comparison, enum compare_verdict verdict);
size_t compare_overall_count(const struct comparison *comparison,
                             enum compare_verdict verdict);

/* How many gating items cannot tell and might hide a large slowdown. */
size_t compare_hiding_count(const struct comparison *comparison);

/* The outcome; the first that applies of: not comparable, regression, rows missing,
 * undecided, clear. Undecided, by cells: a cell cannot tell. Else: an overall line cannot
 * tell, or there is none, or a cell may hide a large slowdown. */
enum compare_outcome compare_outcome(const struct comparison *comparison);

/* Whether more rounds can no longer change the outcome, except by chance. Rows that are
 * missing stay missing. */
bool compare_is_decided(const struct comparison *comparison);

/* "clear", "regression", "cannot tell", "incomplete" or "not comparable". */
const char *compare_outcome_word(enum compare_outcome outcome);

/* How many problems are of this kind. */
size_t compare_problem_count(const struct comparison *comparison,
                             enum compare_problem_kind kind);

/* "incomplete", "not comparable" or "noted". */
const char *compare_problem_word(enum compare_problem_kind kind);

/* Notes are left out beside a refusal: where nothing is compared, they say nothing. */
bool compare_problem_is_shown(const struct comparison *comparison,
                              const struct compare_problem *problem);

void comparison_free(struct comparison *comparison); /* fine for all zeros */

#endif
