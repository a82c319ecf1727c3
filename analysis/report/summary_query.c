/* summary_query.c - see summary_query.h. */
#include "analysis/report/summary_query.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const struct summary_cell *summary_find(const struct summary *summary,
                                        const char *variant, const char *strategy,
                                        uint64_t point)
{
    const struct summary_cell wanted = {
        .variant = variant, .strategy = strategy, .point = point};
    const struct summary_cell *key = &wanted;
    const struct summary_cell *const *found =
        summary->count
            ? bsearch(&key, summary->by_name, summary->count,
                      sizeof(const struct summary_cell *), summary_compare_names)
            : NULL;

    return found ? *found : NULL;
}

bool summary_has_variants(const struct summary *summary)
{
    /* They are sorted by variant first. */
    return summary->count && strcmp(summary->cells[0].variant,
                                    summary->cells[summary->count - 1].variant) != 0;
}

/* The first cell that is not before this point of this variant. */
static size_t first_at_point(const struct summary *summary, const char *variant,
                             uint64_t point)
{
    size_t low = 0;
    size_t high = summary->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct summary_cell *cell = &summary->cells[middle];
        int variants = strcmp(cell->variant, variant);

        if (variants < 0 || (!variants && cell->point < point))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct summary_cell *summary_at_point(const struct summary *summary,
                                            const char *variant, uint64_t point,
                                            size_t *count)
{
    size_t first = first_at_point(summary, variant, point);
    size_t end = first;

    while (end < summary->count && summary->cells[end].point == point &&
           !strcmp(summary->cells[end].variant, variant))
        end++;
    *count = end - first;
    return summary->cells + first;
}

size_t summary_variant_end(const struct summary *summary, size_t first)
{
    const char *variant = summary->cells[first].variant;
    size_t end = first + 1;

    while (end < summary->count && !strcmp(summary->cells[end].variant, variant))
        end++;
    return end;
}

uint64_t summary_highest_point(const struct summary *summary, const char *variant)
{
    uint64_t highest = 0;

    for (size_t i = first_at_point(summary, variant, 0);
         i < summary->count && !strcmp(summary->cells[i].variant, variant); i++)
        if (summary->cells[i].valid_rounds)
            highest = summary->cells[i].point; /* they ascend */
    return highest;
}

const struct summary_cell *const *summary_points(const struct summary *summary,
                                                 const char *variant,
                                                 const char *strategy, size_t *count)
{
    const struct summary_cell wanted = {.variant = variant, .strategy = strategy};
    const struct summary_cell *key = &wanted;
    size_t low = 0;
    size_t high = summary->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (summary_compare_names(&summary->by_name[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    while (high < summary->count && !strcmp(summary->by_name[high]->variant, variant) &&
           !strcmp(summary->by_name[high]->strategy, strategy))
        high++;
    *count = high - low;
    return (const struct summary_cell *const *)summary->by_name + low;
}

bool summary_is_first(const struct summary *summary, const struct summary_cell *cell)
{
    size_t count;

    return summary_points(summary, cell->variant, cell->strategy, &count)[0] == cell;
}

double summary_lowest_ideal(const struct summary_cell *cells, size_t count)
{
    double lowest = NAN;

    for (size_t i = 0; i < count; i++)
        lowest = fmin(lowest, cells[i].ideal_s); /* which passes over NAN */
    return lowest;
}

double summary_failed_percent(const struct summary_cell *cell)
{
    double percent = cell->spreads[SUMMARY_failed_percent].median;

    return isfinite(percent) ? percent : 0;
}
