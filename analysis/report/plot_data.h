/* plot_data.h - the curves of a plot: one per strategy and variant, from a summary. */
#ifndef ANALYSIS_REPORT_PLOT_DATA_H
#define ANALYSIS_REPORT_PLOT_DATA_H

#include "analysis/report/shown.h"

enum plot_figure {
#define PLOT(word, shown, kind, title, axis) PLOT_##word,
#include "analysis/report/plot_figures.def"
#undef PLOT
    PLOT_COUNT
};

enum plot_kind { PLOT_FIGURE, PLOT_KNEE, PLOT_SPEEDUP };

struct plot_info {
    const char *word;
    enum shown shown;
    enum plot_kind kind;
    const char *title, *axis;
};

extern const struct plot_info plot_figures[PLOT_COUNT];

/* The texts of a picture: its title, that of the axis of its figures, and the kind of its
 * points. */
struct plot_about {
    const char *title, *axis;
    enum point_kind kind;
    bool search; /* the ring marks the rate that kept the bound */
};

struct plot_about plot_about(const struct summary *summary, enum plot_figure figure);

/* Which pictures are wanted. */
struct plot_set {
    bool wanted[PLOT_COUNT];
};

/* Reads words with commas between them, or "all". */
int plot_parse_list(struct plot_set *set, const char *list, struct err *err);

/* Those that are wanted; of a set without any that of shown_default(). */
struct plot_set plot_set_of(const struct plot_set *typed, const struct summary *summary);

/* A level or rate, the median of the valid rounds, and their ends. All are above 0, since
 * the axes are logarithmic; an end that is not equals the median. */
struct plot_point {
    double at, median, low, high;
    bool hollow; /* the rate was not held */
};

struct plot_curve {
    const char *strategy, *variant; /* the summary's */
    size_t rank;                    /* of the strategy in the order that was given */
    size_t variant_index;           /* the default variant first, then by name */
    bool reference;
    double knee; /* a level or rate; 0: none, or not asked for */
    struct plot_point *points;
    size_t count; /* at least 1 */
};

struct plot_data {
    enum plot_figure figure;
    struct plot_about about;
    struct plot_curve *curves; /* by strategy, then by variant */
    size_t count;
    size_t strategy_count, variant_count; /* that have a curve, or that the summary has */
    struct plot_point *bound; /* the theoretical minimum of cost time, or the rates that
                                 were asked for; no other figure has one */
    size_t bound_count;
    const char *bound_text;
    uint64_t *axis; /* all levels or rates that a curve has a point at, ascending */
    size_t axis_count;
    double capacity; /* of the origin; 0: no limit, or not within the levels */
};

/* The curves of a figure; `baseline` is the strategy to which a speed-up refers. A figure
 * that no valid row has leaves no curve. Texts are borrowed from the summary. -1: no
 * memory. Owner: the caller, plot_data_free(). */
int plot_data_make(struct plot_data *data, const struct summary *summary,
                   enum plot_figure figure, const char *baseline, struct err *err);
void plot_data_free(struct plot_data *data); /* fine for all zeros */

#endif
