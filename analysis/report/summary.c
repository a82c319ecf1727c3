/* summary.c - see summary.h. */
#include "analysis/report/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows/grouping.h"
#include "analysis/rows/one_table.h"
#include "analysis/statistics/stats.h"

/* -- one cell ------------------------------------------------------------------ */

static struct spread spread_of(const struct group *group, double *room,
                               enum metric metric)
{
    struct spread spread = {NAN, NAN, NAN};
    size_t known = group_figures(group, metric, room);

    if (!known)
        return spread;
    stats_sort(room, known);
    return (struct spread){stats_median(room, known), room[0], room[known - 1]};
}

static struct summary_cell summarize(const struct group *group, double *room)
{
    struct summary_cell cell = {
        .variant = group->variant,
        .strategy = group->strategy,
        .level = group->level,
        .rounds = group->count,
        .worst = STATUS_VALID,
        .reason = "",
        .ideal_s = row_number(group->rows[0], COLUMN_ideal_s),
        .delay_model = row_text(group->rows[0], COLUMN_delay_model),
        .overload = row_text(group->rows[0], COLUMN_overload),
        .capacity = row_number(group->rows[0], COLUMN_capacity),
    };

    for (int metric = 0; metric < METRIC_COUNT; metric++)
        cell.spreads[metric] = spread_of(group, room, (enum metric)metric);
    for (size_t i = 0; i < group->count; i++) {
        const struct row *row = group->rows[i];

        if (row_is_valid(row)) {
            cell.valid_rounds++;
            for (int note = 0; note < NOTE_COUNT; note++)
                cell.notes[note] |= notes_have(row_text(row, COLUMN_notes),
                                               (enum row_note)note);
        } else if (cell.worst == STATUS_VALID) {
            cell.worst = row_status_of(row);
            cell.reason = row_text(row, COLUMN_reason);
        }
    }
    return cell;
}

int summary_make(struct summary *summary, const struct runs *runs,
                 const char *const *order, struct err *err)
{
    double *room = calloc(runs->count + 1, sizeof(*room));
    struct grouping grouping = {0};
    int result = 0;

    *summary = (struct summary){
        .cells = calloc(runs->count + 1, sizeof(*summary->cells)),
    };
    if (!room || !summary->cells)
        result = err_errno(err, "no memory to summarize %zu rows", runs->count);
    if (!result)
        result = one_table_check(runs, NULL, err);
    if (!result)
        result = grouping_make(&grouping, runs, NULL, order, err);
    for (size_t i = 0; i < grouping.count; i++)
        summary->cells[summary->count++] = summarize(&grouping.groups[i], room);
    grouping_free(&grouping);
    free(room);
    if (result)
        summary_free(summary);
    return result;
}

void summary_free(struct summary *summary)
{
    free(summary->cells);
    *summary = (struct summary){0};
}

/* -- questions ----------------------------------------------------------------- */

const struct summary_cell *summary_find(const struct summary *summary,
                                        const char *variant, const char *strategy,
                                        uint64_t level)
{
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (cell->level == level && !strcmp(cell->strategy, strategy) &&
            !strcmp(cell->variant, variant))
            return cell;
    }
    return NULL;
}

bool summary_has_variants(const struct summary *summary)
{
    /* They are sorted by variant first. */
    return summary->count && strcmp(summary->cells[0].variant,
                                    summary->cells[summary->count - 1].variant) != 0;
}

bool summary_cell_has(const struct summary_cell *cell, const struct row *row)
{
    return row_is_valid(row) && cell->level == row_count(row, COLUMN_level) &&
           !strcmp(cell->strategy, row_text(row, COLUMN_strategy)) &&
           !strcmp(cell->variant, row_text(row, COLUMN_variant));
}

static bool may_be_ranked(const struct summary_cell *cell)
{
    return cell->valid_rounds && !cell->notes[NOTE_ORIGIN_BOUND] &&
           !cell->notes[NOTE_REFERENCE] &&
           !cell->notes[NOTE_LIBCURL_QUEUE]; /* that one has another ideal */
}

static const struct spread *cost_of(const struct summary_cell *cell)
{
    return &cell->spreads[METRIC_cost];
}

const struct summary_cell *summary_fastest(const struct summary *summary,
                                           const char *variant, uint64_t level, bool *tie)
{
    const struct summary_cell *best = NULL;
    double least_other = INFINITY; /* the least cost of any other cell in any round */

    *tie = false;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];
        const struct summary_cell *other = cell;

        if (cell->level != level || strcmp(cell->variant, variant) != 0 ||
            !may_be_ranked(cell))
            continue;
        if (!best || cost_of(cell)->median < cost_of(best)->median) {
            other = best;
            best = cell;
        }
        if (other)
            least_other = fmin(least_other, cost_of(other)->min);
    }
    if (!best || isinf(least_other) || best->valid_rounds < 2)
        return NULL;
    *tie = least_other <= cost_of(best)->max;
    return *tie ? NULL : best;
}
