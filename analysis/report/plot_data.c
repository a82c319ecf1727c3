/* plot_data.c - see plot_data.h. */
#include "analysis/report/plot_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/found.h"
#include "analysis/report/held.h"
#include "analysis/report/knee.h"
#include "analysis/report/summary_query.h"
#include "base/word_list.h"

const struct plot_info plot_figures[PLOT_COUNT] = {
#define PLOT(word, shown, kind, title, axis) \
    {#word, SHOWN_##shown, PLOT_##kind, title, axis},
#include "analysis/report/plot_figures.def"
#undef PLOT
};

struct plot_about plot_about(const struct summary *summary, enum plot_figure figure)
{
    const struct plot_info *info = &plot_figures[figure];
    bool is_knee_of_rates = info->kind == PLOT_KNEE && summary->kind == POINT_RATE;

    return (struct plot_about){
        .title = !is_knee_of_rates ? info->title
                 : found_is_search(summary)
                     ? "How many requests per second? A ring marks the highest "
                       "rate that kept the bound"
                     : "How many requests per second? A ring marks the highest "
                       "rate that was held",
        .axis = figure == PLOT_cost ? shown_time(summary) : info->axis,
        .kind = summary->kind,
        .search = found_is_search(summary),
    };
}

struct plot_set plot_set_of(const struct plot_set *typed, const struct summary *summary)
{
    struct plot_set set = *typed;
    bool any = false;

    for (int i = 0; i < PLOT_COUNT; i++)
        any |= set.wanted[i];
    for (int i = 0; i < PLOT_COUNT && !any; i++) {
        set.wanted[i] = plot_figures[i].shown == shown_default(summary) &&
                        plot_figures[i].kind == PLOT_FIGURE;
        any = set.wanted[i];
    }
    return set;
}

int plot_parse_list(struct plot_set *set, const char *list, struct err *err)
{
    static const char *const words[PLOT_COUNT + 1] = {
#define PLOT(word, shown, kind, title, axis) #word,
#include "analysis/report/plot_figures.def"
#undef PLOT
    };

    return word_list_parse(
        &(struct word_list){.words = words, .kind = "plot", .all = true}, list,
        set->wanted, err);
}

/* -- points ------------------------------------------------------------------------ */

static bool set_ends(struct plot_point *point)
{
    if (!(point->median > 0) || !isfinite(point->median))
        return false;
    if (!(point->low > 0))
        point->low = point->median;
    if (!(point->high >= point->median) || !isfinite(point->high))
        point->high = point->median;
    return true;
}

/* How many times faster than the baseline at the same level and in the same variant: the
 * widest interval that the rounds of both allow. */
static struct plot_point speedup_of(const struct summary_cell *cell,
                                    const struct summary_cell *base)
{
    const struct spread *own = &cell->spreads[METRIC_cost];
    const struct spread *other = base ? &base->spreads[METRIC_cost] : NULL;

    if (!other)
        return (struct plot_point){0};
    return (struct plot_point){.median = other->median / own->median,
                               .low = other->min / own->max,
                               .high = other->max / own->min};
}

/* False: the cell has no point. */
static bool point_of(const struct plot_data *data, const struct summary *summary,
                     const struct summary_cell *cell, const char *baseline,
                     struct plot_point *point)
{
    const struct plot_info *info = &plot_figures[data->figure];
    const struct spread *spread = &cell->spreads[shown_figures[info->shown].figure];

    *point = (struct plot_point){
        .median = spread->median, .low = spread->min, .high = spread->max};
    if (!cell->point || !cell->valid_rounds)
        return false;
    if (summary->timed && info->shown == SHOWN_cost) /* it is the duration */
        return false;
    if (info->kind == PLOT_SPEEDUP)
        *point = speedup_of(cell,
                            summary_find(summary, cell->variant, baseline, cell->point));
    point->at = (double)cell->point;
    point->hollow = cell->notes[NOTE_RATE_NOT_HELD];
    return set_ends(point);
}

/* -- curves ------------------------------------------------------------------------ */

/* Equal texts of a summary have the same address. */
static bool same_curve(const struct plot_curve *curve, const struct summary_cell *cell)
{
    return curve->strategy == cell->strategy && curve->variant == cell->variant;
}

/* The last curve, if the cell belongs to it, else a new one with room for all its cells,
 * which follow each other from `rest` on. NULL: no memory. */
static struct plot_curve *curve_for(struct plot_data *data,
                                    const struct summary_cell *const *rest, size_t count)
{
    struct plot_curve *curve = data->count ? &data->curves[data->count - 1] : NULL;
    size_t room = 0;

    if (curve && same_curve(curve, rest[0]))
        return curve;
    curve = &data->curves[data->count];
    *curve = (struct plot_curve){.strategy = rest[0]->strategy,
                                 .variant = rest[0]->variant,
                                 .rank = rest[0]->rank};
    while (room < count && same_curve(curve, rest[room]))
        room++;
    curve->points = calloc(room, sizeof(*curve->points));
    if (!curve->points)
        return NULL;
    data->count++;
    return curve;
}

/* The rate that a search found for the strategy of a cell; 0: none. */
static double found_rate(const struct summary *summary, const struct summary_cell *cell)
{
    struct found found = found_of(summary, cell->variant, cell->strategy);

    return found.kept ? (double)found.kept->point : 0;
}

/* Of levels only where it was asked for; of rates the highest that was held, unless all
 * of them were. */
static double find_knee(const struct plot_data *data, const struct summary *summary,
                        const struct summary_cell *cell)
{
    uint64_t held;
    size_t count;
    const struct summary_cell *const *cells;

    if (summary->kind == POINT_LEVEL)
        return plot_figures[data->figure].kind == PLOT_KNEE
                   ? (double)knee_of(summary, cell->variant, cell->strategy)
                   : 0;
    if (found_is_search(summary))
        return found_rate(summary, cell);
    cells = summary_points(summary, cell->variant, cell->strategy, &count);
    held = held_highest(summary, cell->variant, cell->strategy);
    return held < cells[count - 1]->point ? (double)held : 0;
}

static int find_curves(struct plot_data *data, const struct summary *summary,
                       const char *baseline, struct err *err)
{
    struct plot_point point;

    data->curves = calloc(summary->count + 1, sizeof(*data->curves));
    if (!data->curves)
        return err_errno(err, "no memory for a plot");
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = summary->by_name[i];
        struct plot_curve *curve;

        if (!point_of(data, summary, cell, baseline, &point))
            continue;
        curve = curve_for(data, summary->by_name + i, summary->count - i);
        if (!curve || !curve->points)
            return err_errno(err, "no memory for a plot");
        curve->points[curve->count++] = point;
        curve->reference |= cell->notes[NOTE_REFERENCE];
        if (curve->count == 1)
            curve->knee = find_knee(data, summary, cell);
    }
    return 0;
}

static int compare_variants(const char *a, const char *b)
{
    bool a_default = !strcmp(a, "default");
    bool b_default = !strcmp(b, "default");

    return a_default != b_default ? (a_default ? -1 : 1) : strcmp(a, b);
}

static int compare_curves(const void *left, const void *right)
{
    const struct plot_curve *a = left;
    const struct plot_curve *b = right;
    int names = strcmp(a->strategy, b->strategy);

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return names ? names : compare_variants(a->variant, b->variant);
}

static int compare_variant_names(const void *left, const void *right)
{
    return compare_variants(*(const char *const *)left, *(const char *const *)right);
}

/* Numbers the variants of the summary, whether they have a curve or not: the dash of one
 * is the same in every picture. */
static int number_variants(struct plot_data *data, const struct summary *summary,
                           struct err *err)
{
    const char **names = calloc(summary->count + 1, sizeof(const char *));

    if (!names)
        return err_errno(err, "no memory for a plot");
    for (size_t i = 0; i < summary->count; i++)
        if (!i || strcmp(summary->cells[i].variant, summary->cells[i - 1].variant) != 0)
            names[data->variant_count++] = summary->cells[i].variant;
    qsort(names, data->variant_count, sizeof(const char *), compare_variant_names);
    for (size_t i = 0; i < data->count; i++)
        while (names[data->curves[i].variant_index] != data->curves[i].variant)
            data->curves[i].variant_index++;
    free(names);
    return 0;
}

/* -- levels or rates
 * ------------------------------------------------------------------------- */

static int compare_points(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static int find_axis(struct plot_data *data, struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < data->count; i++)
        count += data->curves[i].count;
    data->axis = calloc(count + 1, sizeof(*data->axis));
    if (!data->axis)
        return err_errno(err, "no memory for a plot");
    count = 0;
    for (size_t i = 0; i < data->count; i++)
        for (size_t j = 0; j < data->curves[i].count; j++)
            data->axis[count++] = (uint64_t)data->curves[i].points[j].at;
    qsort(data->axis, count, sizeof(*data->axis), compare_points);
    for (size_t i = 0; i < count; i++)
        if (!i || data->axis[i] != data->axis[data->axis_count - 1])
            data->axis[data->axis_count++] = data->axis[i];
    return 0;
}

static size_t axis_index(const struct plot_data *data, uint64_t point)
{
    const uint64_t *found = bsearch(&point, data->axis, data->axis_count,
                                    sizeof(*data->axis), compare_points);

    return found ? (size_t)(found - data->axis) : data->axis_count;
}

/* The rates that were asked for, beside those that were reached. */
static void find_asked(struct plot_data *data)
{
    bool is_rate = plot_figures[data->figure].shown == SHOWN_reached ||
                   plot_figures[data->figure].shown == SHOWN_throughput;

    for (size_t i = 0; i < data->axis_count && is_rate; i++) {
        double asked = (double)data->axis[i];

        data->bound[data->bound_count++] = (struct plot_point){asked, asked, asked, asked,
                                                               false};
    }
}

/* The lowest theoretical minimum of each level, and the capacity of the origin. */
static int find_bounds(struct plot_data *data, const struct summary *summary,
                       struct err *err)
{
    data->bound = calloc(data->axis_count + 1, sizeof(*data->bound));
    if (!data->bound)
        return err_errno(err, "no memory for a plot");
    data->bound_text = summary->kind == POINT_RATE ? "asked" : "theoretical minimum";
    if (summary->kind == POINT_RATE) {
        find_asked(data);
        return 0;
    }
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];
        struct plot_point *ideal = &data->bound[axis_index(data, cell->point)];

        if (cell->ideal_s > 0 && !(ideal->median <= cell->ideal_s && ideal->at > 0))
            *ideal = (struct plot_point){(double)cell->point, cell->ideal_s,
                                         cell->ideal_s, cell->ideal_s, false};
        if (data->axis_count && cell->capacity >= (double)data->axis[0] &&
            cell->capacity <= (double)data->axis[data->axis_count - 1])
            data->capacity = cell->capacity;
    }
    for (size_t i = 0; i < data->axis_count && data->figure == PLOT_cost; i++)
        if (data->bound[i].at > 0)
            data->bound[data->bound_count++] = data->bound[i];
    return 0;
}

int plot_data_make(struct plot_data *data, const struct summary *summary,
                   enum plot_figure figure, const char *baseline, struct err *err)
{
    *data = (struct plot_data){
        .figure = figure,
        .about = plot_about(summary, figure),
    };
    if (find_curves(data, summary, baseline, err) || find_axis(data, err) ||
        find_bounds(data, summary, err) || number_variants(data, summary, err)) {
        plot_data_free(data);
        return -1;
    }
    qsort(data->curves, data->count, sizeof(*data->curves), compare_curves);
    for (size_t i = 0; i < data->count; i++)
        if (!i || strcmp(data->curves[i].strategy, data->curves[i - 1].strategy) != 0)
            data->strategy_count++;
    return 0;
}

void plot_data_free(struct plot_data *data)
{
    for (size_t i = 0; i < data->count; i++)
        free(data->curves[i].points);
    free(data->curves);
    free(data->bound);
    free(data->axis);
    *data = (struct plot_data){0};
}
