/* ranking.h - which strategies are better at one level or rate, as far as the rounds can
 * tell. */
#ifndef ANALYSIS_REPORT_RANKING_H
#define ANALYSIS_REPORT_RANKING_H

#include "analysis/report/shown.h"

/* Fewer rounds support no statement about time: of two equal strategies, three rounds
 * each do not overlap once in 10 times, two rounds once in 3. */
enum { RANKING_ROUNDS = 3 };

enum standing {
    STANDING_BEST,
    STANDING_TIED,      /* these rounds cannot tell it apart from the best */
    STANDING_BEHIND,    /* worse than the best */
    STANDING_UNDECIDED, /* measured in too few rounds */
    STANDING_UNRANKED,  /* shown, not ranked: the reference, or a note forbids it */
    STANDING_ABSENT,    /* no valid round, or none with this figure */
};

struct ranked {
    const struct summary_cell *cell;
    enum standing standing;
    double ratio; /* how many times worse than the best its median is; NAN: not known */
};

/* The cells of one point, the best first; those that are not ranked come last. */
struct ranking {
    enum shown by;
    uint64_t point;
    struct ranked *cells;
    size_t count;
    const struct summary_cell *best; /* NULL: none has enough rounds */
    size_t ranked;                   /* candidates: best, tied, behind and undecided */
};

/* Ranks the cells of a point by a figure. A cell is behind the best
 *
 * - if both have RANKING_ROUNDS rounds, and it was worse in each of them than the best in
 *   any, or the exact rank-sum test tells them apart at 1 %, whichever comes first;
 * - in cost time also if its own theoretical minimum exceeds the worst round of the best;
 * - in memory, which is read once and does not depend on the CPU's speed, if it needs
 *   RANKING_MEMORY_MARGIN more.
 *
 * -1: no memory. Owner: the caller, ranking_free(). */
#define RANKING_MEMORY_MARGIN 0.05
int ranking_make(struct ranking *ranking, const struct summary *summary,
                 const char *variant, uint64_t point, enum shown by, struct err *err);
void ranking_free(struct ranking *ranking); /* fine for all zeros */

/* Whether a cell is a candidate. Where the origin was the bottleneck, libcurl held
 * requests back, or the client did not keep the schedule, the figures are not those of
 * the strategy under this load; a reference is none. */
bool ranking_admits(const struct summary_cell *cell);

/* How many cells of a ranking have a standing. */
size_t ranking_count(const struct ranking *ranking, enum standing standing);

/* Whether a figure has enough rounds to be ranked at all. */
bool ranking_has_rounds(const struct summary_cell *cell, enum shown by);

#endif
