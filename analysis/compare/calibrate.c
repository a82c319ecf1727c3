/* calibrate.c - see calibrate.h. */
#include "analysis/compare/calibrate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/compare/judge.h"
#include "analysis/rows/grouping.h"

/* A cell that can only detect changes above this is not worth gating on: with its noise,
 * equal sides would too often fail to exclude COMPARE_LARGE, and a cell that is slower by
 * 40 % would be missed more than once in ten gates. */
#define WORST_THRESHOLD 0.20

/* The time of a visit beyond setup, run and teardown: starting and ending processes. */
#define VISIT_S 0.012

/* The probability with which the rounds of the whole budget show equal sides to be the
 * same, in each cell and in each overall line: with two overall lines, more than nine
 * gates of ten are clear. */
#define SAME_POWER 0.99

/* -- noise --------------------------------------------------------------------- */

/* The aim for one line: a cell, or all of them together. */
struct aim {
    double threshold; /* the least that is of interest */
    double steps;     /* it is rounded up to 1 / steps */
};

static const struct aim overall_aim = {COMPARE_OVERALL_THRESHOLD_LEAST, 1000};

static struct aim cell_aim(const struct calibration_goal *goal)
{
    return (struct aim){goal->threshold, 200};
}

/* How many standard deviations wide the threshold must be for equal sides to be called
 * the same at the interval's level. */
static double reach(const struct calibration_goal *goal)
{
    return stats_normal_quantile(1 - goal->alpha / 2) + stats_normal_quantile(SAME_POWER);
}

/* The fewest rounds whose p can pass the first step of Holm: 2 / 2^n * family < alpha. */
static double least_rounds(const struct calibration_goal *goal)
{
    double family = 0;

    for (int metric = 0; metric < METRIC_COUNT; metric++)
        family += goal->gates[metric] ? CALIBRATION_GATES_MAX : 0;
    return ceil(1 + log2(family / goal->alpha)) + 1;
}

static struct calibration_metric measure(const struct compare_item *item,
                                         const struct calibration_goal *goal,
                                         const struct aim *aim)
{
    double noise = judge_deviation(&item->ratio, 1 - goal->alpha) *
                   sqrt((double)item->pairs);
    double rounds = ceil(pow(reach(goal) * noise / log1p(aim->threshold), 2));

    return (struct calibration_metric){
        .noise = noise,
        .threshold = NAN, /* needs the rounds of all */
        .rounds = isnan(noise) ? NAN : fmax(rounds, least_rounds(goal)),
    };
}

/* The least change that this number of rounds decides. */
static double threshold_of(const struct calibration_metric *metric,
                           const struct calibration_goal *goal, double rounds,
                           const struct aim *aim)
{
    double change = expm1(reach(goal) * metric->noise / sqrt(rounds));

    return isnan(change) ? NAN
                         : fmax(aim->threshold, ceil(change * aim->steps) / aim->steps);
}

/* -- cells --------------------------------------------------------------------- */

static struct calibration_cell *add_cell(struct calibration *calibration,
                                         const struct compare_item *item)
{
    struct calibration_cell *cell = &calibration->cells[calibration->count++];

    *cell = (struct calibration_cell){.level = item->level, .gates = true};
    (void)snprintf(cell->strategy, sizeof(cell->strategy), "%s", item->strategy);
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        cell->metrics[metric] = (struct calibration_metric){NAN, NAN, NAN};
    return cell;
}

static void add_items(struct calibration *calibration,
                      const struct comparison *comparison,
                      const struct calibration_goal *goal)
{
    const struct aim aim = cell_aim(goal);

    for (size_t i = 0; i < comparison->item_count; i++) {
        const struct compare_item *item = &comparison->items[i];
        struct calibration_cell *cell = calibration_find(calibration, item->strategy,
                                                         item->level);

        if (!cell)
            cell = add_cell(calibration, item);
        cell->metrics[item->metric] = measure(item, goal, &aim);
        cell->gates &= item->gates || !goal->gates[item->metric];
    }
    for (size_t i = 0; i < comparison->problem_count; i++) {
        const struct compare_problem *problem = &comparison->problems[i];
        struct calibration_cell *cell =
            problem->strategy
                ? calibration_find(calibration, problem->strategy, problem->level)
                : NULL;

        if (cell)
            cell->gates = false;
    }
}

/* Sets the median time per visit. */
static int add_seconds(struct calibration *calibration, const struct runs *runs,
                       struct err *err)
{
    double *room = calloc(runs->count + 1, sizeof(*room));
    struct grouping grouping;

    if (!room)
        return err_errno(err, "no memory to calibrate");
    if (grouping_make(&grouping, runs, NULL, NULL, err)) {
        free(room);
        return -1;
    }
    for (size_t i = 0; i < grouping.count; i++) {
        const struct group *group = &grouping.groups[i];
        struct calibration_cell *cell = calibration_find(calibration, group->strategy,
                                                         group->point);
        size_t count = 0;

        for (size_t j = 0; j < group->count; j++)
            if (row_is_valid(group->rows[j]))
                room[count++] = row_number(group->rows[j], COLUMN_cost_s) +
                                row_number(group->rows[j], COLUMN_teardown_s) + VISIT_S;
        stats_sort(room, count);
        if (cell && count)
            cell->seconds = stats_median(room, count);
    }
    grouping_free(&grouping);
    free(room);
    return 0;
}

/* -- choosing ------------------------------------------------------------------ */

/* The time that a cell needs to decide a change of the wanted threshold. */
static double price_s(const struct calibration_cell *cell,
                      const struct calibration_goal *goal)
{
    double rounds = 0;

    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        if (!goal->gates[metric])
            continue;
        if (isnan(cell->metrics[metric].rounds))
            return NAN; /* never taken */
        rounds = fmax(rounds, cell->metrics[metric].rounds);
    }
    return rounds * cell->seconds;
}

/* Takes the cheapest cell that is left; if `fresh`, of a strategy that has none yet. */
static bool take_cheapest(struct calibration *calibration, const bool *candidates,
                          const struct calibration_goal *goal, bool fresh)
{
    struct calibration_cell *best = NULL;

    for (size_t i = 0; i < calibration->count; i++) {
        struct calibration_cell *cell = &calibration->cells[i];
        bool known = false;

        for (size_t j = 0; j < calibration->count; j++)
            known |= calibration->cells[j].gates &&
                     !strcmp(calibration->cells[j].strategy, cell->strategy);
        if (!candidates[i] || cell->gates || (fresh && known) ||
            isnan(price_s(cell, goal)))
            continue;
        if (!best || price_s(cell, goal) < price_s(best, goal))
            best = cell;
    }
    if (best)
        best->gates = true;
    return best;
}

/* Sets the rounds that fit when every round visits all gating cells, and the thresholds
 * that follow. */
static void plan_rounds(struct calibration *calibration,
                        const struct calibration_goal *goal)
{
    const struct aim aim = cell_aim(goal);
    double seconds = 0;

    for (size_t i = 0; i < calibration->count; i++)
        seconds += calibration->cells[i].gates ? calibration->cells[i].seconds : 0;
    calibration->rounds = seconds > 0 ? (unsigned)(goal->seconds_a_side / seconds) : 0;
    for (size_t i = 0; i < calibration->count; i++)
        for (int metric = 0; metric < METRIC_COUNT; metric++)
            calibration->cells[i].metrics[metric].threshold = threshold_of(
                &calibration->cells[i].metrics[metric], goal, calibration->rounds, &aim);
}

/* Drops the gating cell with the worst threshold, if that is above WORST_THRESHOLD. */
static bool drop_worst(struct calibration *calibration,
                       const struct calibration_goal *goal)
{
    struct calibration_cell *worst = NULL;
    double worst_threshold = WORST_THRESHOLD;

    for (size_t i = 0; i < calibration->count; i++)
        for (int metric = 0; metric < METRIC_COUNT; metric++)
            if (calibration->cells[i].gates && goal->gates[metric] &&
                calibration->cells[i].metrics[metric].threshold > worst_threshold) {
                worst = &calibration->cells[i];
                worst_threshold = worst->metrics[metric].threshold;
            }
    if (worst)
        worst->gates = false;
    return worst;
}

static int choose(struct calibration *calibration, const struct calibration_goal *goal,
                  struct err *err)
{
    bool *candidates = calloc(calibration->count + 1, sizeof(*candidates));

    if (!candidates)
        return err_errno(err, "no memory to calibrate");
    for (size_t i = 0; i < calibration->count; i++) {
        candidates[i] = calibration->cells[i].gates;
        calibration->cells[i].gates = false;
    }
    /* First the cheapest cell of each strategy, so that every strategy is watched; then
     * the cheapest others. */
    for (int i = 0; i < CALIBRATION_GATES_MAX; i++)
        if (!take_cheapest(calibration, candidates, goal, true) &&
            !take_cheapest(calibration, candidates, goal, false))
            break;
    free(candidates);
    plan_rounds(calibration, goal);
    while (drop_worst(calibration, goal))
        plan_rounds(calibration, goal);
    return calibration->rounds
               ? 0
               : err_set(err,
                         "no cell is quiet enough to gate on; calibrate on a quieter "
                         "machine, with more rounds, or with other cells");
}

/* Drops metrics of which no cell has a figure: rows of foreign servers have no overhead.
 * If that leaves no metric, keeps them all, and no cell is found. */
static struct calibration_goal
goal_of_what_is_there(const struct calibration *calibration,
                      const struct calibration_goal *goal)
{
    struct calibration_goal left = *goal;
    bool any = false;

    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        bool known = false;

        for (size_t i = 0; i < calibration->count; i++)
            known |= !isnan(calibration->cells[i].metrics[metric].rounds);
        left.gates[metric] &= known;
        any |= left.gates[metric];
    }
    return any ? left : *goal;
}

/* -- all gating cells together ------------------------------------------------- */

/* The rows of the cells that gate; texts are borrowed. -1: no memory. */
static int keep_gating(const struct calibration *calibration, const struct runs *runs,
                       struct runs *kept, struct err *err)
{
    *kept = (struct runs){.rows = calloc(runs->count + 1, sizeof(*kept->rows))};
    if (!kept->rows)
        return err_errno(err, "no memory to calibrate");
    for (size_t i = 0; i < runs->count; i++) {
        const struct row *row = &runs->rows[i];
        const struct calibration_cell *cell = calibration_find(
            calibration, row_text(row, COLUMN_strategy), row_count(row, COLUMN_level));

        if (cell && cell->gates)
            kept->rows[kept->count++] = *row;
    }
    return 0;
}

static void add_overall(struct calibration *calibration,
                        const struct comparison *comparison,
                        const struct calibration_goal *goal)
{
    for (size_t i = 0; i < comparison->overall_count; i++) {
        const struct compare_item *line = &comparison->overall[i];
        struct calibration_metric *metric = &calibration->overall[line->metric];

        *metric = measure(line, goal, &overall_aim);
        metric->threshold = threshold_of(metric, goal, calibration->rounds, &overall_aim);
    }
}

/* -- all of it ----------------------------------------------------------------- */

static int compare_sides(struct comparison *comparison, const struct runs *runs,
                         const struct calibration_goal *goal, bool by_cells,
                         struct err *err)
{
    struct compare_source a = {"a", runs, "a"};
    struct compare_source b = {"b", runs, "b"};
    struct compare_options options = compare_options_default();

    options.alpha = by_cells ? goal->alpha : 2 * goal->alpha; /* the overall's half */
    options.by_cells = by_cells;
    options.threshold = goal->threshold;
    memcpy(options.gates, goal->gates, sizeof(options.gates));
    return comparison_make(comparison, &a, &b, &options, err);
}

static int calibrate_cells(struct calibration *calibration, const struct runs *runs,
                           const struct calibration_goal *goal, struct err *err)
{
    struct comparison comparison;
    struct calibration_goal left;

    if (compare_sides(&comparison, runs, goal, true, err))
        return -1;
    add_items(calibration, &comparison, goal);
    comparison_free(&comparison);
    left = goal_of_what_is_there(calibration, goal);
    return add_seconds(calibration, runs, err) || choose(calibration, &left, err) ? -1
                                                                                  : 0;
}

static int calibrate_overall(struct calibration *calibration, const struct runs *runs,
                             const struct calibration_goal *goal, struct err *err)
{
    struct comparison comparison = {0};
    struct runs kept;
    int result;

    if (keep_gating(calibration, runs, &kept, err))
        return -1;
    result = compare_sides(&comparison, &kept, goal, false, err);
    if (!result)
        add_overall(calibration, &comparison, goal);
    comparison_free(&comparison);
    runs_free(&kept);
    return result;
}

int calibration_make(struct calibration *calibration, const struct runs *runs,
                     const struct calibration_goal *goal, struct err *err)
{
    *calibration = (struct calibration){
        .cells = calloc(runs->count + 1, sizeof(*calibration->cells))};
    if (!calibration->cells)
        return err_errno(err, "no memory to calibrate");
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        calibration->overall[metric] = (struct calibration_metric){NAN, NAN, NAN};
    if (calibrate_cells(calibration, runs, goal, err) ||
        calibrate_overall(calibration, runs, goal, err)) {
        calibration_free(calibration);
        return -1;
    }
    return 0;
}
