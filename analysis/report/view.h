/* view.h - how a summary is shown: figures, goal, width and colour. */
#ifndef ANALYSIS_REPORT_VIEW_H
#define ANALYSIS_REPORT_VIEW_H

#include "analysis/report/shown.h"

/* name, the figure that decides, the best, the others. goal_that_fits() replaces one that
 * means nothing for the rows. */
#define GOALS(X)                                                 \
    X(time, cost, "fastest", "Slower")                           \
    X(cpu, cpu, "least CPU per request", "More CPU")             \
    X(memory, memory, "least memory per request", "More memory") \
    X(p99, p99, "lowest p99 latency", "Higher p99 latency")      \
    X(throughput, throughput, "most requests per second", "Fewer requests per second")

enum goal {
#define X(name, shown, best, others) GOAL_##name,
    GOALS(X)
#undef X
        GOAL_COUNT
};

struct view {
    enum goal goal;
    struct shown_set show; /* of nothing: the short table */
    unsigned columns;      /* of the terminal */
    bool colour;
    bool chart; /* charts in characters too, of the figures shown, or of cost time */
    bool utf8;  /* what reads them takes characters beyond ASCII */
};

/* How a summary is written. -1: `out` failed, or no memory. */
typedef int summary_write_fn(const struct summary *summary, const struct view *view,
                             FILE *out, struct err *err);

#endif
