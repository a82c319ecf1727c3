/* ranking.c - see ranking.h. */
#include "analysis/report/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/summary_query.h"
#include "analysis/statistics/rank_test.h"

#define RANKING_ALPHA 0.01

static const struct spread *spread_by(const struct summary_cell *cell, enum shown by)
{
    return &cell->spreads[shown_figures[by].figure];
}

bool ranking_has_rounds(const struct summary_cell *cell, enum shown by)
{
    return spread_by(cell, by)->known >= (by == SHOWN_memory ? 1 : RANKING_ROUNDS);
}

bool ranking_admits(const struct summary_cell *cell)
{
    return !cell->notes[NOTE_ORIGIN_BOUND] && !cell->notes[NOTE_REFERENCE] &&
           !cell->notes[NOTE_LIBCURL_QUEUE] && !cell->notes[NOTE_RATE_NOT_HELD];
}

/* What does not depend on the best. */
static enum standing first_standing(const struct summary_cell *cell, enum shown by)
{
    /* Resident memory alone counts shared pages in each process: that ranks nothing. */
    if (!spread_by(cell, by)->known ||
        (by == SHOWN_memory && !cell->spreads[SUMMARY_peak_pss_bytes].known))
        return STANDING_ABSENT;
    if (!ranking_admits(cell))
        return STANDING_UNRANKED;
    return ranking_has_rounds(cell, by) ? STANDING_TIED : STANDING_UNDECIDED;
}

static size_t known_figures(const struct summary_cell *cell, enum shown by,
                            double *figures)
{
    size_t known = 0;

    for (size_t i = 0; i < cell->valid_rounds; i++)
        if (!isnan(cell->figures[i][shown_figures[by].figure]))
            figures[known++] = cell->figures[i][shown_figures[by].figure];
    return known;
}

/* Whether the rank-sum test tells two cells apart. */
static int test_differs(const struct summary_cell *best, const struct summary_cell *cell,
                        enum shown by, bool *differs, struct err *err)
{
    double *figures = calloc(best->valid_rounds + cell->valid_rounds, sizeof(*figures));
    struct rank_test test;
    size_t known;
    int result;

    if (!figures)
        return err_errno(err, "no memory for a ranking");
    known = known_figures(best, by, figures);
    result = rank_test_unpaired(figures, known, figures + known,
                                known_figures(cell, by, figures + known), &test, err);
    *differs = !result && test.p <= RANKING_ALPHA;
    free(figures);
    return result;
}

/* Whether each round of a figure is worse than any of another one, by more than a margin.
 */
static bool is_worse(const struct spread *spread, const struct spread *than,
                     enum shown by, double margin)
{
    return shown_more_is_better(by) ? spread->max * margin < than->min
                                    : spread->min > than->max * margin;
}

/* Whether a cell is behind the best, whose median is not worse than its own. */
static int find_behind(const struct ranking *ranking, const struct summary_cell *cell,
                       bool *behind, struct err *err)
{
    const struct spread *best = spread_by(ranking->best, ranking->by);
    const struct spread *spread = spread_by(cell, ranking->by);
    double margin = ranking->by == SHOWN_memory && spread->known < RANKING_ROUNDS
                        ? 1 + RANKING_MEMORY_MARGIN
                        : 1;

    /* A cell that takes long was measured once, but nothing can take it below its own
     * minimum. */
    *behind = ranking->by == SHOWN_cost && cell->ideal_s > best->max;
    if (*behind || !ranking_has_rounds(cell, ranking->by))
        return 0;
    *behind = is_worse(spread, best, ranking->by, margin);
    if (*behind || best->known < RANKING_ROUNDS || spread->known < RANKING_ROUNDS)
        return 0;
    return test_differs(ranking->best, cell, ranking->by, behind, err);
}

static int compare_ranked(const void *left, const void *right, void *user)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    const enum shown *by = user;
    bool a_last = a->standing >= STANDING_UNRANKED;
    bool b_last = b->standing >= STANDING_UNRANKED;
    double a_median = shown_median(a->cell, *by);
    double b_median = shown_median(b->cell, *by);

    if (a_last != b_last)
        return a_last ? 1 : -1;
    if (a->standing == STANDING_ABSENT || b->standing == STANDING_ABSENT)
        return (a->standing == STANDING_ABSENT) - (b->standing == STANDING_ABSENT);
    if (shown_more_is_better(*by))
        return (a_median < b_median) - (a_median > b_median);
    return (a_median > b_median) - (a_median < b_median);
}

static int place(struct ranking *ranking, struct ranked *ranked, struct err *err)
{
    bool behind;

    if (ranked->standing == STANDING_ABSENT || !ranking->best || !ranked->cell)
        return 0;
    ranked->ratio = shown_median(ranked->cell, ranking->by) /
                    shown_median(ranking->best, ranking->by);
    if (shown_more_is_better(ranking->by))
        ranked->ratio = 1 / ranked->ratio;
    if (ranked->cell == ranking->best)
        ranked->standing = STANDING_BEST;
    if (ranked->standing != STANDING_TIED && ranked->standing != STANDING_UNDECIDED)
        return 0;
    if (find_behind(ranking, ranked->cell, &behind, err))
        return -1;
    if (behind)
        ranked->standing = STANDING_BEHIND;
    return 0;
}

int ranking_make(struct ranking *ranking, const struct summary *summary,
                 const char *variant, uint64_t point, enum shown by, struct err *err)
{
    size_t count;
    const struct summary_cell *cells = summary_at_point(summary, variant, point, &count);

    *ranking = (struct ranking){
        .by = by,
        .point = point,
        .cells = calloc(count + 1, sizeof(*ranking->cells)),
        .count = count,
    };
    if (!ranking->cells)
        return err_errno(err, "no memory for a ranking");
    for (size_t i = 0; i < count; i++)
        ranking->cells[i] = (struct ranked){&cells[i], first_standing(&cells[i], by),
                                            NAN};
    qsort_r(ranking->cells, count, sizeof(*ranking->cells), compare_ranked, &by);
    for (size_t i = 0; i < count; i++) {
        enum standing standing = ranking->cells[i].standing;

        ranking->ranked += standing == STANDING_TIED || standing == STANDING_UNDECIDED;
        if (standing == STANDING_TIED && !ranking->best)
            ranking->best = ranking->cells[i].cell;
    }
    for (size_t i = 0; i < count; i++)
        if (place(ranking, &ranking->cells[i], err)) {
            ranking_free(ranking);
            return -1;
        }
    return 0;
}

void ranking_free(struct ranking *ranking)
{
    free(ranking->cells);
    *ranking = (struct ranking){.cells = NULL};
}

size_t ranking_count(const struct ranking *ranking, enum standing standing)
{
    size_t count = 0;

    for (size_t i = 0; i < ranking->count; i++)
        count += ranking->cells[i].standing == standing;
    return count;
}
