/* plot_data.c - see plot_data.h. */
#include "analysis/report/plot_data.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/knee.h"
#include "analysis/report/summary_query.h"
#include "base/word_list.h"

const struct plot_info plot_figures[PLOT_COUNT] = {
#define PLOT(word, shown, kind, title, axis) \
    {#word, SHOWN_##shown, PLOT_##kind, title, axis},
#include "analysis/report/plot_figures.def"
#undef PLOT
};

const char *plot_axis_title(const struct summary *summary, enum plot_figure figure)
{
    return figure == PLOT_cost ? shown_time(summary) : plot_figures[figure].axis;
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
    if (info->kind == PLOT_SPEEDUP)
        *point = speedup_of(cell,
                            summary_find(summary, cell->variant, baseline, cell->point));
    point->level = (double)cell->point;
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
        if (plot_figures[data->figure].kind == PLOT_KNEE && curve->count == 1)
            curve->knee = (double)knee_of(summary, cell->variant, cell->strategy);
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

/* -- levels ------------------------------------------------------------------------- */

static int compare_levels(const void *left, const void *right)
{
    const uint64_t *a = left;
    const uint64_t *b = right;

    return (*a > *b) - (*a < *b);
}

static int find_levels(struct plot_data *data, struct err *err)
{
    size_t count = 0;

    for (size_t i = 0; i < data->count; i++)
        count += data->curves[i].count;
    data->levels = calloc(count + 1, sizeof(*data->levels));
    if (!data->levels)
        return err_errno(err, "no memory for a plot");
    count = 0;
    for (size_t i = 0; i < data->count; i++)
        for (size_t j = 0; j < data->curves[i].count; j++)
            data->levels[count++] = (uint64_t)data->curves[i].points[j].level;
    qsort(data->levels, count, sizeof(*data->levels), compare_levels);
    for (size_t i = 0; i < count; i++)
        if (!i || data->levels[i] != data->levels[data->level_count - 1])
            data->levels[data->level_count++] = data->levels[i];
    return 0;
}

static size_t level_index(const struct plot_data *data, uint64_t level)
{
    const uint64_t *found = bsearch(&level, data->levels, data->level_count,
                                    sizeof(*data->levels), compare_levels);

    return found ? (size_t)(found - data->levels) : data->level_count;
}

/* The lowest theoretical minimum of each level, and the capacity of the origin. */
static int find_bounds(struct plot_data *data, const struct summary *summary,
                       struct err *err)
{
    data->ideal = calloc(data->level_count + 1, sizeof(*data->ideal));
    if (!data->ideal)
        return err_errno(err, "no memory for a plot");
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];
        struct plot_point *ideal = &data->ideal[level_index(data, cell->point)];

        if (cell->ideal_s > 0 && !(ideal->median <= cell->ideal_s && ideal->level > 0))
            *ideal = (struct plot_point){(double)cell->point, cell->ideal_s,
                                         cell->ideal_s, cell->ideal_s};
        if (data->level_count && cell->capacity >= (double)data->levels[0] &&
            cell->capacity <= (double)data->levels[data->level_count - 1])
            data->capacity = cell->capacity;
    }
    for (size_t i = 0; i < data->level_count && data->figure == PLOT_cost; i++)
        if (data->ideal[i].level > 0)
            data->ideal[data->ideal_count++] = data->ideal[i];
    return 0;
}

int plot_data_make(struct plot_data *data, const struct summary *summary,
                   enum plot_figure figure, const char *baseline, struct err *err)
{
    *data = (struct plot_data){
        .figure = figure,
        .axis = plot_axis_title(summary, figure),
    };
    if (find_curves(data, summary, baseline, err) || find_levels(data, err) ||
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
    free(data->ideal);
    free(data->levels);
    *data = (struct plot_data){0};
}
