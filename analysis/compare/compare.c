/* compare.c - see compare.h. */
#include "analysis/compare/compare.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare_check.h"
#include "analysis/compare/family.h"
#include "analysis/compare/judge.h"
#include "analysis/compare/overall.h"
#include "base/text.h"

/* The state of one comparison while it is made. */
struct comparing {
    struct comparison *comparison;
    const struct compare_options *options;
    bool gates[METRIC_COUNT]; /* those of the options that apply to these rows */
    struct grouping base, head;
    double *room; /* for the figures of both sides */
};

struct compare_options compare_options_default(void)
{
    return (struct compare_options){
        .gates = {[METRIC_cpu] = true, [METRIC_overhead] = true},
        .gates_by_default = true,
        .alpha = 0.05,
        .threshold = 0.05,
        .overall_threshold = NAN,
        .analyses = 1,
    };
}

double compare_part_of_alpha(double alpha, unsigned analyses, bool by_cells)
{
    return alpha / analyses / (by_cells ? 1 : 2);
}

/* -- figures ------------------------------------------------------------------- */

static double figure_of(const struct row *row, enum metric metric)
{
    return row_is_valid(row) ? metric_of(row, metric) : NAN;
}

/* The valid row of a round, or NULL. */
static const struct row *row_of_round(const struct group *group, uint64_t round)
{
    for (size_t i = 0; i < group->count; i++)
        if (row_count(group->rows[i], COLUMN_round) == round &&
            row_is_valid(group->rows[i]))
            return group->rows[i];
    return NULL;
}

/* Puts the figures of the rounds that both sides have side by side. */
static size_t collect_pairs(const struct group *base, const struct group *head,
                            enum metric metric, double *base_out, double *head_out)
{
    size_t count = 0;

    for (size_t i = 0; i < base->count; i++) {
        double figure = figure_of(base->rows[i], metric);
        const struct row *other = row_of_round(head,
                                               row_count(base->rows[i], COLUMN_round));

        if (!isfinite(figure) || !other || !isfinite(metric_of(other, metric)))
            continue;
        base_out[count] = figure;
        head_out[count++] = metric_of(other, metric);
    }
    return count;
}

/* By default one memory probe serves all rounds: then all rows repeat one reading, which
 * must not count as many. */
static size_t count_once(enum metric metric, const double *values, size_t count)
{
    if (metric != METRIC_memory)
        return count;
    for (size_t i = 1; i < count; i++)
        if (values[i] != values[0])
            return count;
    return count ? 1 : 0;
}

static bool has_figure(const struct compare_source *source, enum metric metric)
{
    for (size_t i = 0; i < source->runs->count; i++)
        if (compare_source_has(source, &source->runs->rows[i]) &&
            isfinite(figure_of(&source->runs->rows[i], metric)))
            return true;
    return false;
}

/* Whether the rows of a source have a duration, which their cost times are then. */
static bool is_timed(const struct compare_source *source)
{
    for (size_t i = 0; i < source->runs->count; i++)
        if (compare_source_has(source, &source->runs->rows[i]))
            return row_is_timed(&source->runs->rows[i]);
    return false;
}

/* Of its first row: those of one run are all alike. */
static enum point_kind kind_of(const struct compare_source *source)
{
    for (size_t i = 0; i < source->runs->count; i++)
        if (compare_source_has(source, &source->runs->rows[i]))
            return row_point_kind(&source->runs->rows[i]);
    return POINT_LEVEL;
}

/* A metric that no row has does not gate, unless the user named it. Of rows with a
 * duration p99 latency does, in place of the overhead, which they do not have. */
static void choose_gates(struct comparing *comparing, const struct compare_source *base,
                         const struct compare_source *head)
{
    bool *gates = comparing->gates;

    memcpy(gates, comparing->options->gates, sizeof(comparing->gates));
    if (!comparing->options->gates_by_default)
        return;
    if (is_timed(base)) {
        gates[METRIC_p99] = true;
        gates[METRIC_overhead] = false;
    }
    if (gates[METRIC_overhead] && !has_figure(base, METRIC_overhead) &&
        !has_figure(head, METRIC_overhead))
        gates[METRIC_cost] = true;
    for (int metric = 0; metric < METRIC_COUNT; metric++)
        gates[metric] &= has_figure(base, (enum metric)metric) ||
                         has_figure(head, (enum metric)metric);
}

/* -- items --------------------------------------------------------------------- */

static bool has_note(const struct group *group, enum row_note note)
{
    for (size_t i = 0; i < group->count; i++)
        if (notes_have(row_text(group->rows[i], COLUMN_notes), note))
            return true;
    return false;
}

static double threshold_of(const struct compare_options *options,
                           const struct group *group, enum metric metric)
{
    double calibrated = options->calibration
                            ? calibration_threshold(options->calibration, group->strategy,
                                                    group->point, metric)
                            : NAN;

    return fmax(options->threshold, calibrated); /* ignores NAN */
}

static int add_item(struct comparing *comparing, const struct group *base,
                    const struct group *head, enum metric metric, struct err *err)
{
    struct comparison *comparison = comparing->comparison;
    double *base_room = comparing->room;
    double *head_room = comparing->room + base->count;
    struct judge_sample sample = {base_room, head_room, 0, 0, comparison->paired};
    struct compare_item item = {
        .strategy = base->strategy,
        .point_kind = base->kind,
        .level = base->point,
        .metric = metric,
        .threshold = threshold_of(comparing->options, base, metric),
        .floor = metrics[metric].floor,
        .gates = comparing->gates[metric] && !has_note(base, NOTE_MEASURED_ONCE) &&
                 !has_note(base, NOTE_REFERENCE),
    };

    if (comparison->paired) {
        sample.base_count = collect_pairs(base, head, metric, base_room, head_room);
        sample.head_count = sample.base_count;
        if (count_once(metric, base_room, sample.base_count) == 1 ||
            count_once(metric, head_room, sample.head_count) == 1)
            sample.base_count = sample.head_count = sample.base_count ? 1 : 0;
    } else {
        sample.base_count = count_once(metric, base_room,
                                       group_figures(base, metric, base_room));
        sample.head_count = count_once(metric, head_room,
                                       group_figures(head, metric, head_room));
    }
    item.base_count = sample.base_count;
    item.head_count = sample.head_count;
    if (!item.gates && !(item.base_count && item.head_count))
        return 0; /* nothing to show, and it does not gate */
    if (judge_measure(&item, &sample, comparison->confidence, err))
        return -1;
    comparison->items[comparison->item_count++] = item;
    return 0;
}

static int missing(const struct comparing *comparing, const struct group *group,
                   const char *without, struct err *err)
{
    return comparison_add_problem(
        comparing->comparison,
        comparing->options->selections_differ ? COMPARE_NOTED : COMPARE_INCOMPLETE,
        group->strategy, group->point, err, "%s has no row of this cell", without);
}

static int compare_cell(struct comparing *comparing, const struct group *base,
                        struct err *err)
{
    const struct group *head = grouping_find(&comparing->head, base->strategy,
                                             base->point);
    bool comparable;

    if (!head)
        return missing(comparing, base, comparing->comparison->head.name, err);
    if (compare_check(comparing->comparison, base, head, &comparable, err))
        return -1;
    for (int metric = 0; metric < METRIC_COUNT && comparable; metric++)
        if (add_item(comparing, base, head, (enum metric)metric, err))
            return -1;
    return 0;
}

static int compare_cells(struct comparing *comparing, struct err *err)
{
    for (size_t i = 0; i < comparing->base.count; i++)
        if (compare_cell(comparing, &comparing->base.groups[i], err))
            return -1;
    for (size_t i = 0; i < comparing->head.count; i++) {
        const struct group *head = &comparing->head.groups[i];

        if (!grouping_find(&comparing->base, head->strategy, head->point) &&
            missing(comparing, head, comparing->comparison->base.name, err))
            return -1;
    }
    return 0;
}

/* -- all cells together -------------------------------------------------------- */

static double overall_threshold(const struct compare_options *options, enum metric metric)
{
    double calibrated = options->calibration
                            ? options->calibration->overall[metric].threshold
                            : NAN;

    if (isnan(options->overall_threshold) && isnan(calibrated))
        return COMPARE_OVERALL_THRESHOLD;
    return fmax(options->overall_threshold, calibrated); /* ignores NAN */
}

static int compare_overall(struct comparing *comparing, struct err *err)
{
    struct comparison *comparison = comparing->comparison;

    for (int metric = 0; metric < METRIC_COUNT && !comparison->by_cells; metric++)
        if (comparing->gates[metric] &&
            overall_add(comparison, &comparing->base, &comparing->head,
                        (enum metric)metric,
                        overall_threshold(comparing->options, (enum metric)metric), err))
            return -1;
    return 0;
}

/* -- families ------------------------------------------------------------------ */

/* Adjusts and judges three families: the cells that can fail the gate, the items that are
 * only shown, and the overall lines. */
static int judge(struct comparison *comparison, struct err *err)
{
    struct compare_item *items = comparison->items;
    size_t count = comparison->item_count;
    const struct family cells = {items, count, true,
                                 comparison->by_cells ? 0 : COMPARE_LARGE};
    const struct family shown = {items, count, false, 0};
    const struct family overall = {comparison->overall, comparison->overall_count, true,
                                   0};
    size_t ignored;

    if (family_judge(&cells, comparison, &comparison->family, err) ||
        family_judge(&shown, comparison, &ignored, err) ||
        family_judge(&overall, comparison, &ignored, err))
        return -1;
    for (size_t i = 0; i < comparison->overall_count; i++)
        if (!comparison->overall[i].cells)
            (void)snprintf(comparison->overall[i].reason,
                           sizeof(comparison->overall[i].reason),
                           "no cell has a valid figure above 0 on both sides in every "
                           "round");
    return 0;
}

/* -- all of it ----------------------------------------------------------------- */

/* Describes a side, by its first row that ran. */
static struct compare_side describe(const struct compare_source *source)
{
    struct compare_side side = {.name = source->name,
                                .run_id = "",
                                .libcurl_version = "",
                                .tls_version = "",
                                .libevent_version = ""};

    for (size_t i = 0; i < source->runs->count; i++) {
        const struct row *row = &source->runs->rows[i];

        if (!compare_source_has(source, row))
            continue;
        if (!side.rows++)
            side.run_id = row_text(row, COLUMN_run_id);
        side.valid_rows += row_is_valid(row);
        if (side.libcurl_version[0] || !row->fields[COLUMN_libcurl_version].present)
            continue;
        side.libcurl_version = row_text(row, COLUMN_libcurl_version);
        side.tls_version = row_text(row, COLUMN_tls_version);
        side.libevent_version = row_text(row, COLUMN_libevent_version);
    }
    return side;
}

static int compare(struct comparing *comparing, const struct compare_source *base,
                   const struct compare_source *head, struct err *err)
{
    struct comparison *comparison = comparing->comparison;
    size_t rows = base->runs->count + head->runs->count;

    if (grouping_make(&comparing->base, base->runs, base->variant,
                      comparing->options->order, err) ||
        grouping_make(&comparing->head, head->runs, head->variant,
                      comparing->options->order, err))
        return -1;
    comparing->room = calloc(rows + 1, sizeof(*comparing->room));
    comparison->items = calloc(comparing->base.count * METRIC_COUNT + 1,
                               sizeof(*comparison->items));
    if (!comparing->room || !comparison->items)
        return err_errno(err, "no memory to compare %zu %s", rows,
                         plural(rows, "row", "rows"));
    if (compare_cells(comparing, err) || compare_overall(comparing, err) ||
        judge(comparison, err))
        return -1;
    if (comparison->family)
        return 0;
    return comparison_add_problem(comparison, COMPARE_INCOMPLETE, NULL, 0, err,
                                  "nothing was compared: no cell has rows on both sides "
                                  "with a figure that gates");
}

int comparison_make(struct comparison *comparison, const struct compare_source *base,
                    const struct compare_source *head,
                    const struct compare_options *options, struct err *err)
{
    struct comparing comparing = {.comparison = comparison, .options = options};
    bool paired = base->runs == head->runs;
    bool by_cells = options->by_cells || !paired;
    double alpha = compare_part_of_alpha(options->alpha, options->analyses, by_cells);
    int result;

    *comparison = (struct comparison){
        .base = describe(base),
        .head = describe(head),
        .point_kind = kind_of(base),
        .paired = paired,
        .by_cells = by_cells,
        .alpha = alpha,
        .confidence = 1 - alpha,
        .analyses = options->analyses,
    };
    choose_gates(&comparing, base, head);
    result = compare(&comparing, base, head, err);
    grouping_free(&comparing.base);
    grouping_free(&comparing.head);
    free(comparing.room);
    if (result)
        comparison_free(comparison);
    return result;
}
