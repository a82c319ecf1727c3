/* found.h - the highest rates that a search found, see analysis/rows/rate_search.h. */
#ifndef ANALYSIS_REPORT_FOUND_H
#define ANALYSIS_REPORT_FOUND_H

#include "analysis/report/summary.h"
#include "analysis/report/view.h"

/* The result for one strategy in one variant. */
struct found {
    const struct summary_cell *kept;   /* at the highest rate whose rounds kept the bound
                                          in the majority; NULL: no rate did */
    const struct summary_cell *missed; /* at the lowest rate above that did not; NULL:
                                          none was tried */
};

/* Whether the rows are those of a search. */
bool found_is_search(const struct summary *summary);

struct found found_of(const struct summary *summary, const char *variant,
                      const char *strategy);

/* Why a rate missed the bound: "latency" if it alone was the reason in each round that
 * missed it. */
const char *found_reason(const struct summary *summary,
                         const struct summary_cell *missed);

/* Prints a table of a variant: the two rates of each strategy, why the second missed the
 * bound, and figures at the first. */
int found_print(const struct summary *summary, const char *variant,
                const struct view *view, FILE *out, struct err *err);

/* The results of a variant in a sentence, the highest rate first; ends with '\n'. */
int found_write_sentence(const struct summary *summary, const char *variant, FILE *out,
                         struct err *err);

#endif
