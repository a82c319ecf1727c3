/* summary.c - see summary.h. */
#include "analysis/report/summary.h"

#include <math.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows/grouping.h"
#include "analysis/rows/one_table.h"
#include "analysis/statistics/stats.h"
#include "base/intern.h"

/* -- cells as their rows come ---------------------------------------------------- */

struct building {
    struct summary_cell cell; /* first: what is found in the tree is a cell */
    size_t room;
};

struct summary_builder {
    struct summary_options options;
    struct one_table *table;
    struct intern *texts;
    void *cells; /* a tree of search.h of struct building */
    size_t count;
    bool has_programs, timed;
    struct rate_bound bound; /* of the search */
};

static int compare_texts(const char *a, const char *b)
{
    return a == b ? 0 : strcmp(a, b); /* interned */
}

static int compare_cells(const void *left, const void *right)
{
    const struct summary_cell *a = left;
    const struct summary_cell *b = right;
    int variants = compare_texts(a->variant, b->variant);

    if (variants)
        return variants;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return compare_texts(a->strategy, b->strategy);
}

/* Sets the fields that a cell takes from its first row. */
static int begin_cell(struct summary_builder *builder, struct summary_cell *cell,
                      const struct row *row, struct err *err)
{
    cell->delay_model = intern_text(builder->texts, row_text(row, COLUMN_delay_model),
                                    err);
    cell->overload = intern_text(builder->texts, row_text(row, COLUMN_overload), err);
    cell->reason = intern_text(builder->texts, "", err);
    cell->ideal_s = row_number(row, COLUMN_ideal_s);
    cell->capacity = row_number(row, COLUMN_capacity);
    return cell->delay_model && cell->overload && cell->reason ? 0 : -1;
}

/* The cell of a row; NULL without memory. */
static struct building *find_cell(struct summary_builder *builder, const struct row *row,
                                  struct err *err)
{
    struct summary_cell key = {
        .variant = intern_text(builder->texts, row_text(row, COLUMN_variant), err),
        .strategy = intern_text(builder->texts, row_text(row, COLUMN_strategy), err),
        .kind = row_point_kind(row),
        .point = row_point(row),
        .rank = strategy_rank(row_text(row, COLUMN_strategy), builder->options.order),
        .worst = STATUS_VALID,
    };
    struct building *const *found;
    struct building *building;

    if (!key.variant || !key.strategy)
        return NULL;
    found = tfind(&key, &builder->cells, compare_cells);
    if (found)
        return *found;
    building = calloc(1, sizeof(*building));
    if (building) {
        building->cell = key;
        if (!begin_cell(builder, &building->cell, row, err) &&
            tsearch(building, &builder->cells, compare_cells)) {
            builder->count++;
            return building;
        }
    }
    free(building);
    (void)err_errno(err, "no memory to summarize");
    return NULL;
}

/* Requests that failed; those that never ended did not. */
static uint64_t failed_requests(const struct row *row)
{
    uint64_t sound = row_count(row, COLUMN_ok) + row_unfinished(row);
    uint64_t requests = row_count(row, COLUMN_requests);

    return sound < requests ? requests - sound : 0;
}

/* A quantile that falls among the requests that never ended, which are longer than all
 * others, is absent in a row, and must not be left out of a median: that would make a
 * round good because it was bad. */
static void set_endless(const struct row *row, double figures[SUMMARY_FIGURE_COUNT])
{
    static const struct {
        enum summary_figure figure;
        double part; /* of the requests that are above the quantile */
    } quantiles[] = {
        {(enum summary_figure)METRIC_p50, 0.5}, {(enum summary_figure)METRIC_p99, 0.01},
        {SUMMARY_latency_p50_us, 0.5},          {SUMMARY_latency_p90_us, 0.1},
        {SUMMARY_latency_p99_us, 0.01},         {SUMMARY_latency_p999_us, 0.001}};
    double unfinished = row_number(row, COLUMN_unfinished);
    double all = row_number(row, COLUMN_ok) + unfinished;

    for (size_t i = 0; i < sizeof(quantiles) / sizeof(quantiles[0]); i++)
        if (isnan(figures[quantiles[i].figure]) && all * quantiles[i].part >= 1 &&
            unfinished > all - ceil((1 - quantiles[i].part) * all))
            figures[quantiles[i].figure] = INFINITY;
}

static void figures_of(const struct row *row, double figures[SUMMARY_FIGURE_COUNT])
{
    double cpu_s = row_number(row, COLUMN_user_s) + row_number(row, COLUMN_system_s);
    double cost_s = row_number(row, COLUMN_cost_s);
    double duration_s = row_number(row, COLUMN_duration_s);
    double requests = row_number(row, COLUMN_requests);

    for (int metric = 0; metric < METRIC_COUNT; metric++)
        figures[metric] = metric_of(row, (enum metric)metric);
#define X(column, is_per_request)                                 \
    figures[SUMMARY_##column] = row_number(row, COLUMN_##column); \
    if (is_per_request)                                           \
        figures[SUMMARY_##column] = row_per_request(row, figures[SUMMARY_##column]);
    SUMMARY_COLUMNS(X)
#undef X
    figures[SUMMARY_run_s] = row_number(row, COLUMN_run_s);
    figures[SUMMARY_run_overhead_s] = isfinite(figures[METRIC_overhead])
                                          ? row_number(row, COLUMN_run_overhead_s)
                                          : NAN;
    figures[SUMMARY_failed_percent] = requests > 0
                                          ? 100 * (double)failed_requests(row) / requests
                                          : NAN;
    figures[SUMMARY_cores] = cost_s > 0 ? cpu_s / cost_s
                                        : NAN; /* CPU time has the setup */
    figures[SUMMARY_due_rps] = duration_s > 0 ? requests / duration_s : NAN;
    figures[SUMMARY_not_held] = notes_have(row_text(row, COLUMN_notes),
                                           NOTE_RATE_NOT_HELD);
    set_endless(row, figures);
}

static int add_figures(struct building *building, const struct row *row, struct err *err)
{
    struct summary_cell *cell = &building->cell;
    double *figures;

    if (cell->valid_rounds == building->room) {
        size_t room = building->room ? 2 * building->room : 2;
        void *more = realloc(cell->figures, room * sizeof(*cell->figures));

        if (!more)
            return err_errno(err, "no memory to summarize");
        cell->figures = more;
        building->room = room;
    }
    figures = cell->figures[cell->valid_rounds++];
    figures_of(row, figures);
    return 0;
}

/* Whether failed requests, and not too many of them, are all that is wrong with a row.
 * Its reason begins so then. */
static bool failed_within(const struct row *row, double share)
{
    uint64_t requests = row_count(row, COLUMN_requests);
    uint64_t failed = failed_requests(row);
    char begin[FAILED_REQUESTS_SIZE];

    if (!(share > 0) || row_status_of(row) != STATUS_FAILED || !failed ||
        row_count(row, COLUMN_lost) || !row->fields[COLUMN_cost_s].present)
        return false;
    failed_requests_text(failed, requests, begin);
    return !strncmp(row_text(row, COLUMN_reason), begin, strlen(begin)) &&
           (double)failed <= share * (double)requests;
}

/* All rows of a summary have the same bound, or none. One that this bench cannot read
 * makes no search of them. */
static void note_search(struct summary_builder *builder, struct summary_cell *cell,
                        const struct row *row)
{
    const char *text = row_text(row, COLUMN_find_rate);

    if (!text[0] || rate_bound_parse(&builder->bound, text, NULL))
        return;
    cell->kept_rounds += rate_bound_is_kept(&builder->bound, row);
}

int summary_build_add(struct summary_builder *builder, const struct row *row, bool *mixed,
                      struct err *err)
{
    struct building *building;
    struct summary_cell *cell;

    if (one_table_add(builder->table, row, mixed, err))
        return -1;
    building = find_cell(builder, row, err);
    if (!building)
        return -1;
    cell = &building->cell;
    cell->rounds++;
    builder->has_programs |= row->fields[COLUMN_start_s].present;
    builder->timed |= row_is_timed(row);
    note_search(builder, cell, row);
    if (row_is_valid(row) || failed_within(row, builder->options.allowed_errors)) {
        for (int note = 0; note < NOTE_COUNT; note++)
            cell->notes[note] |= notes_have(row_text(row, COLUMN_notes),
                                            (enum row_note)note);
        return add_figures(building, row, err);
    }
    if (cell->worst != STATUS_VALID)
        return 0;
    cell->worst = row_status_of(row);
    cell->reason = intern_text(builder->texts, row_text(row, COLUMN_reason), err);
    return cell->reason ? 0 : -1;
}

int summary_build_open(struct summary_builder **out,
                       const struct summary_options *options, struct err *err)
{
    struct summary_builder *builder = calloc(1, sizeof(*builder));

    if (!builder)
        return err_errno(err, "no memory to summarize");
    if (options)
        builder->options = *options;
    builder->texts = intern_open(err);
    if (!builder->texts || one_table_open(&builder->table, err)) {
        summary_build_close(builder);
        return -1;
    }
    *out = builder;
    return 0;
}

static void free_building(void *object)
{
    struct building *building = object;

    free(building->cell.figures);
    free(building);
}

void summary_build_close(struct summary_builder *builder)
{
    if (!builder)
        return;
    tdestroy(builder->cells, free_building);
    one_table_close(builder->table);
    intern_close(builder->texts);
    free(builder);
}

/* -- medians and ranges --------------------------------------------------------- */

static struct spread spread_of(const struct summary_cell *cell, double *room,
                               enum summary_figure figure)
{
    size_t known = 0;

    for (size_t i = 0; i < cell->valid_rounds; i++)
        if (!isnan(cell->figures[i][figure]))
            room[known++] = cell->figures[i][figure];
    if (!known)
        return (struct spread){NAN, NAN, NAN, 0};
    stats_sort(room, known);
    return (struct spread){stats_median(room, known), room[0], room[known - 1], known};
}

/* A program's start is in none of its figures: beside it, what others need to set up must
 * not be either. */
static void leave_out_setup(struct summary *summary)
{
    for (size_t i = 0; i < summary->count; i++)
        for (size_t j = 0; j < summary->cells[i].valid_rounds; j++) {
            double *figures = summary->cells[i].figures[j];

            figures[METRIC_cost] = figures[SUMMARY_run_s];
            figures[METRIC_overhead] = figures[SUMMARY_run_overhead_s];
        }
}

static int find_spreads(struct summary *summary, struct err *err)
{
    size_t most = 1;
    double *room;

    for (size_t i = 0; i < summary->count; i++)
        if (summary->cells[i].valid_rounds > most)
            most = summary->cells[i].valid_rounds;
    room = calloc(most, sizeof(*room));
    if (!room)
        return err_errno(err, "no memory to summarize");
    for (size_t i = 0; i < summary->count; i++)
        for (int figure = 0; figure < SUMMARY_FIGURE_COUNT; figure++)
            summary->cells[i].spreads[figure] = spread_of(&summary->cells[i], room,
                                                          (enum summary_figure)figure);
    free(room);
    return 0;
}

const char *summary_point_text(const struct summary_cell *cell,
                               char text[POINT_TEXT_SIZE])
{
    return point_text(cell->kind, cell->point, text);
}

int summary_compare_names(const void *left, const void *right)
{
    const struct summary_cell *const *a = left;
    const struct summary_cell *const *b = right;
    int variants = compare_texts((*a)->variant, (*b)->variant);
    int strategies = compare_texts((*a)->strategy, (*b)->strategy);

    if (variants || strategies)
        return variants ? variants : strategies;
    return ((*a)->point > (*b)->point) - ((*a)->point < (*b)->point);
}

/* Takes a cell out of the tree, in its order. */
static void collect(const void *node, VISIT visit, void *user)
{
    struct building *const *building = node;
    struct summary *summary = user;

    if (visit != postorder && visit != leaf)
        return;
    summary->cells[summary->count++] = (*building)->cell;
    (*building)->cell.figures = NULL; /* which are the summary's now */
}

int summary_build_end(struct summary_builder *builder, struct summary *summary,
                      struct err *err)
{
    *summary = (struct summary){
        .cells = calloc(builder->count + 1, sizeof(*summary->cells)),
        .by_name = calloc(builder->count + 1, sizeof(const struct summary_cell *)),
    };
    if (!summary->cells || !summary->by_name) {
        summary_free(summary);
        return err_errno(err, "no memory for %zu cells", builder->count);
    }
    summary->run_times = builder->has_programs;
    summary->texts = builder->texts;
    builder->texts = NULL;
    twalk_r(builder->cells, collect, summary);
    summary->timed = builder->timed;
    summary->bound = builder->bound;
    summary->kind = summary->count ? summary->cells[0].kind : POINT_LEVEL;
    for (size_t i = 0; i < summary->count; i++)
        summary->by_name[i] = &summary->cells[i];
    qsort(summary->by_name, summary->count, sizeof(const struct summary_cell *),
          summary_compare_names);
    if (summary->run_times)
        leave_out_setup(summary);
    if (find_spreads(summary, err)) {
        summary_free(summary);
        return -1;
    }
    return 0;
}

int summary_make(struct summary *summary, const struct runs *runs,
                 const struct summary_options *options, struct err *err)
{
    struct summary_builder *builder;
    int result;

    *summary = (struct summary){0};
    if (summary_build_open(&builder, options, err))
        return -1;
    result = 0;
    for (size_t i = 0; i < runs->count && !result; i++)
        result = summary_build_add(builder, &runs->rows[i], NULL, err);
    if (!result)
        result = summary_build_end(builder, summary, err);
    summary_build_close(builder);
    return result;
}

void summary_free(struct summary *summary)
{
    for (size_t i = 0; i < summary->count; i++)
        free(summary->cells[i].figures);
    free(summary->cells);
    free(summary->by_name);
    intern_close(summary->texts);
    *summary = (struct summary){0};
}
