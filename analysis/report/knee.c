/* knee.c - see knee.h. */
#include "analysis/report/knee.h"

#include "analysis/report/ranking.h"
#include "analysis/report/summary_query.h"

/* Whether throughput grows less than half as fast as the level from one cell to the next.
 * The best round of the second against the worst of the first: noise makes no knee. */
static bool bends(const struct summary_cell *at, const struct summary_cell *next)
{
    const struct spread *before = &at->spreads[SUMMARY_throughput_rps];
    const struct spread *after = &next->spreads[SUMMARY_throughput_rps];
    double growth = (double)next->point / (double)at->point;

    return ranking_has_rounds(at, SHOWN_throughput) &&
           ranking_has_rounds(next, SHOWN_throughput) &&
           after->max < before->min * (1 + (growth - 1) / 2);
}

uint64_t knee_of(const struct summary *summary, const char *variant, const char *strategy)
{
    size_t count;
    const struct summary_cell *const *cells = summary_points(summary, variant, strategy,
                                                             &count);

    for (size_t i = 0; i + 1 < count; i++)
        if (bends(cells[i], cells[i + 1]))
            return cells[i]->point;
    return 0;
}
