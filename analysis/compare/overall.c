/* overall.c - see overall.h. */
#include "analysis/compare/overall.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/compare/judge.h"
#include "analysis/statistics/stats.h"
#include "base/text.h"

/* From a median absolute deviation to the standard deviation of a normal sample. */
#define MAD_TO_DEVIATION 1.4826

/* One line while it is made. The arrays have a place for each round. */
struct overall {
    struct comparison *comparison;
    const struct grouping *base, *head;
    enum metric metric;
    uint64_t *rounds; /* ascending */
    size_t round_count;
    double *base_log, *head_log;     /* of the cell at hand */
    double *room;                    /* to sort in */
    double *base_means, *head_means; /* sums of logarithms, then means */
    size_t cells;
};

/* -- which cells --------------------------------------------------------------- */

/* Never NULL: an item is made from both sides. */
static const struct group *group_of(const struct grouping *grouping,
                                    const struct compare_item *item)
{
    return grouping_find(grouping, item->strategy, item->level);
}

static bool is_wanted(const struct overall *overall, const struct compare_item *item)
{
    return item->gates && item->metric == overall->metric;
}

/* -- which rounds -------------------------------------------------------------- */

static int compare_rounds(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static void add_rounds(struct overall *overall, const struct group *group)
{
    for (size_t i = 0; i < group->count; i++)
        overall->rounds[overall->round_count++] = row_count(group->rows[i], COLUMN_round);
}

static bool has_round(const struct group *group, uint64_t round)
{
    for (size_t i = 0; i < group->count; i++)
        if (row_count(group->rows[i], COLUMN_round) == round)
            return true;
    return false;
}

/* Was every cell visited in this round, on both sides? */
static bool is_whole(const struct overall *overall, uint64_t round)
{
    const struct comparison *comparison = overall->comparison;

    for (size_t i = 0; i < comparison->item_count; i++)
        if (is_wanted(overall, &comparison->items[i]) &&
            (!has_round(group_of(overall->base, &comparison->items[i]), round) ||
             !has_round(group_of(overall->head, &comparison->items[i]), round)))
            return false;
    return true;
}

static void find_rounds(struct overall *overall)
{
    const struct comparison *comparison = overall->comparison;
    size_t count = 0;

    for (size_t i = 0; i < comparison->item_count; i++) {
        if (!is_wanted(overall, &comparison->items[i]))
            continue;
        add_rounds(overall, group_of(overall->base, &comparison->items[i]));
        add_rounds(overall, group_of(overall->head, &comparison->items[i]));
    }
    qsort(overall->rounds, overall->round_count, sizeof(*overall->rounds),
          compare_rounds);
    for (size_t i = 0; i < overall->round_count; i++)
        if (!count || overall->rounds[i] != overall->rounds[count - 1])
            overall->rounds[count++] = overall->rounds[i];
    overall->round_count = count;
    if (count && !is_whole(overall, overall->rounds[count - 1]))
        overall->round_count--;
}

/* -- their figures ------------------------------------------------------------- */

/* Writes the logarithms of one side of a cell; NAN for a round without a figure above 0.
 * Returns the number of rounds that have one. */
static size_t collect(const struct overall *overall, const struct group *group,
                      double *logarithms)
{
    size_t found = 0;

    for (size_t i = 0; i < overall->round_count; i++)
        logarithms[i] = NAN;
    for (size_t i = 0; i < group->count; i++) {
        uint64_t round = row_count(group->rows[i], COLUMN_round);
        const uint64_t *at = bsearch(&round, overall->rounds, overall->round_count,
                                     sizeof(round), compare_rounds);
        double figure = row_is_valid(group->rows[i])
                            ? metric_of(group->rows[i], overall->metric)
                            : NAN;

        if (!at || !(figure > 0) || isinf(figure))
            continue;
        if (isnan(logarithms[at - overall->rounds]))
            found++;
        logarithms[at - overall->rounds] = log(figure);
    }
    return found;
}

static double ratio_in(const struct overall *overall, size_t round)
{
    return overall->head_log[round] - overall->base_log[round];
}

static double median_of_room(const struct overall *overall)
{
    stats_sort(overall->room, overall->round_count);
    return stats_median(overall->room, overall->round_count);
}

/* Moves a ratio beyond the limit to it, one half of the way on each side. Where more than
 * half of the ratios are equal, the deviation is unknown and there is no limit. */
static void limit_ratios(struct overall *overall)
{
    double centre, limit;

    for (size_t i = 0; i < overall->round_count; i++)
        overall->room[i] = ratio_in(overall, i);
    centre = median_of_room(overall);
    for (size_t i = 0; i < overall->round_count; i++)
        overall->room[i] = fabs(ratio_in(overall, i) - centre);
    limit = OVERALL_LIMIT * MAD_TO_DEVIATION * median_of_room(overall);
    for (size_t i = 0; limit > 0 && i < overall->round_count; i++) {
        double distance = ratio_in(overall, i) - centre;
        double excess = distance - fmax(-limit, fmin(limit, distance));

        overall->base_log[i] += excess / 2;
        overall->head_log[i] -= excess / 2;
    }
}

static int leave_out(struct overall *overall, const struct compare_item *item,
                     size_t base, size_t head, struct err *err)
{
    return comparison_add_problem(
        overall->comparison, COMPARE_NOTED, item->strategy, item->level, err,
        "not in the overall %s: of %zu %s %s has a valid figure above 0 in %zu, %s in "
        "%zu",
        metrics[overall->metric].name, overall->round_count,
        plural(overall->round_count, "round", "rounds"), overall->comparison->base.name,
        base, overall->comparison->head.name, head);
}

static int add_cell(struct overall *overall, const struct compare_item *item,
                    struct err *err)
{
    size_t base = collect(overall, group_of(overall->base, item), overall->base_log);
    size_t head = collect(overall, group_of(overall->head, item), overall->head_log);

    if (base < overall->round_count || head < overall->round_count)
        return leave_out(overall, item, base, head, err);
    if (item->pairs == 1 && overall->round_count > 1) /* all rounds repeat one reading */
        return leave_out(overall, item, 1, 1, err);
    limit_ratios(overall);
    for (size_t i = 0; i < overall->round_count; i++) {
        overall->base_means[i] += overall->base_log[i];
        overall->head_means[i] += overall->head_log[i];
    }
    overall->cells++;
    return 0;
}

static void finish_means(struct overall *overall)
{
    for (size_t i = 0; i < overall->round_count; i++) {
        overall->base_means[i] = exp(overall->base_means[i] / (double)overall->cells);
        overall->head_means[i] = exp(overall->head_means[i] / (double)overall->cells);
    }
}

/* -- the line ------------------------------------------------------------------ */

static int add_line(struct overall *overall, double threshold, struct err *err)
{
    struct comparison *comparison = overall->comparison;
    struct compare_item *line = &comparison->overall[comparison->overall_count];
    size_t count = overall->cells ? overall->round_count : 0;
    const struct judge_sample sample = {
        .base = overall->base_means,
        .head = overall->head_means,
        .base_count = count,
        .head_count = count,
        .paired = true,
    };

    *line = (struct compare_item){
        .strategy = "",
        .cells = overall->cells,
        .metric = overall->metric,
        .point_kind = overall->comparison->point_kind,
        .gates = true,
        .base_count = count,
        .head_count = count,
        .threshold = threshold,
        .floor = -INFINITY,
    };
    if (judge_measure(line, &sample, comparison->confidence, err))
        return -1;
    comparison->overall_count++;
    return 0;
}

static int make(struct overall *overall, double threshold, struct err *err)
{
    const struct comparison *comparison = overall->comparison;

    find_rounds(overall);
    for (size_t i = 0; i < comparison->item_count; i++)
        if (is_wanted(overall, &comparison->items[i]) &&
            add_cell(overall, &comparison->items[i], err))
            return -1;
    if (overall->cells)
        finish_means(overall);
    return add_line(overall, threshold, err);
}

int overall_add(struct comparison *comparison, const struct grouping *base,
                const struct grouping *head, enum metric metric, double threshold,
                struct err *err)
{
    struct overall overall = {
        .comparison = comparison, .base = base, .head = head, .metric = metric};
    size_t rows = 1;
    int result;

    for (size_t i = 0; i < base->count; i++)
        rows += base->groups[i].count;
    for (size_t i = 0; i < head->count; i++)
        rows += head->groups[i].count;
    overall.rounds = calloc(rows, sizeof(*overall.rounds));
    overall.base_log = calloc(5 * rows, sizeof(*overall.base_log));
    overall.head_log = overall.base_log + rows;
    overall.base_means = overall.base_log + 2 * rows;
    overall.head_means = overall.base_log + 3 * rows;
    overall.room = overall.base_log + 4 * rows;
    result = overall.rounds && overall.base_log
                 ? make(&overall, threshold, err)
                 : err_errno(err, "no memory to compare %zu %s", rows,
                             plural(rows, "row", "rows"));
    free(overall.rounds);
    free(overall.base_log);
    return result;
}
