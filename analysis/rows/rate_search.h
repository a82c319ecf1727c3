/* rate_search.h - the search for the highest rate that keeps a bound on latency, as its
 * rows tell it: the rate to measure next, and the result.
 *
 * From the lowest rate the search doubles until a rate misses the bound or the highest is
 * reached, then halves the ratio between the highest rate that kept it and the lowest
 * that missed it, down to RATE_SEARCH_RESOLUTION. Each rate is decided by the majority of
 * its rounds. It remembers nothing that is not in the rows: an interrupted search goes on
 * from them. */
#ifndef ANALYSIS_ROWS_RATE_SEARCH_H
#define ANALYSIS_ROWS_RATE_SEARCH_H

#include <stdbool.h>

#include "analysis/rows/row.h"

/* The ratio of the two rates at which a search ends. */
#define RATE_SEARCH_RESOLUTION 1.05

enum { RATE_BOUND_TEXT_SIZE = 32 };

/* "p99<20ms". All zeros: none. */
struct rate_bound {
    enum column quantile; /* of the latency */
    double requests;      /* the fewest whose latency has it */
    double us;            /* the quantile must stay below it */
    char text[RATE_BOUND_TEXT_SIZE];
};

/* Reads p50, p90, p99 or p999, '<' and a duration. */
int rate_bound_parse(struct rate_bound *bound, const char *text, struct err *err);

/* Whether a row keeps the bound: it is valid, held its rate, and the quantile is known
 * and below the bound. */
bool rate_bound_is_kept(const struct rate_bound *bound, const struct row *row);

struct rate_search {
    const struct rate_bound *bound;
    unsigned lowest, highest, rounds; /* `rounds` of each rate, fewer if they decide it */
    unsigned rate;                    /* on trial; 0: the search is over */
    unsigned kept_rounds, missed_rounds; /* of that */
    unsigned kept;   /* the highest rate that kept the bound; 0: not even the lowest */
    unsigned missed; /* the lowest that missed it; 0: not even the highest */
};

void rate_search_begin(struct rate_search *search, const struct rate_bound *bound,
                       unsigned lowest, unsigned highest, unsigned rounds);

/* The round, from 1, of the rate on trial that is to be measured next. */
unsigned rate_search_round(const struct rate_search *search);

/* Takes its row, and goes on to the next rate when that decides this one. */
void rate_search_add(struct rate_search *search, const struct row *row);

/* How many rates a search tries at most, roughly. */
unsigned rate_search_steps(unsigned lowest, unsigned highest);

#endif
