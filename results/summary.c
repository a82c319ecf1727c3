/* summary.c - see summary.h. */
#include "results/summary.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "results/csv.h"
#include "results/stats.h"

/* -- grouping ------------------------------------------------------------------ */

/* What sorting needs to know of a row; the whole of them is sorted, then cut into cells.
 */
struct entry {
    const struct row *row;
    size_t rank;  /* of its strategy */
    size_t place; /* in the file: rows of one cell keep their order */
};

static const char *variant_of(const struct row *row)
{
    return row_text(row, COLUMN_variant);
}

static const char *strategy_of(const struct row *row)
{
    return row_text(row, COLUMN_strategy);
}

static size_t rank_of(const char *strategy, const char *const *order)
{
    size_t rank = 0;

    while (order && order[rank] && strcmp(order[rank], strategy) != 0)
        rank++;
    return rank;
}

static int compare_cells(const struct entry *a, const struct entry *b)
{
    uint64_t level_a = row_count(a->row, COLUMN_level);
    uint64_t level_b = row_count(b->row, COLUMN_level);
    int variants = strcmp(variant_of(a->row), variant_of(b->row));

    if (variants)
        return variants;
    if (level_a != level_b)
        return level_a < level_b ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(strategy_of(a->row), strategy_of(b->row));
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int cells = compare_cells(a, b);

    return cells ? cells : (a->place > b->place) - (a->place < b->place);
}

static bool is_valid(const struct row *row)
{
    return !strcmp(row_text(row, COLUMN_status), status_word(STATUS_VALID));
}

static enum row_status status_of(const struct row *row)
{
    int status = 0;

    while (status < STATUS_COUNT && strcmp(row_text(row, COLUMN_status),
                                           status_word((enum row_status)status)) != 0)
        status++;
    return status < STATUS_COUNT ? (enum row_status)status : STATUS_INVALID;
}

static struct spread spread_of(const struct entry *entries, size_t count, double *room,
                               enum metric metric)
{
    struct spread spread = {NAN, NAN, NAN};
    size_t known = 0;

    for (size_t i = 0; i < count; i++)
        if (is_valid(entries[i].row) && isfinite(metric_of(entries[i].row, metric)))
            room[known++] = metric_of(entries[i].row, metric);
    if (!known)
        return spread;
    stats_sort(room, known);
    return (struct spread){stats_median(room, known), room[0], room[known - 1]};
}

static struct summary_cell summarize(const struct entry *entries, size_t count,
                                     double *room)
{
    const struct row *first = entries[0].row;
    struct summary_cell cell = {
        .variant = variant_of(first),
        .strategy = strategy_of(first),
        .level = row_count(first, COLUMN_level),
        .rounds = count,
        .worst = STATUS_VALID,
        .reason = "",
        .ideal_s = row_number(first, COLUMN_ideal_s),
    };

    for (int metric = 0; metric < METRIC_COUNT; metric++)
        cell.spreads[metric] = spread_of(entries, count, room, (enum metric)metric);
    for (size_t i = 0; i < count; i++) {
        const struct row *row = entries[i].row;

        if (is_valid(row)) {
            cell.valid_rounds++;
            for (int note = 0; note < NOTE_COUNT; note++)
                cell.notes[note] |= notes_have(row_text(row, COLUMN_notes),
                                               (enum row_note)note);
        } else if (cell.worst == STATUS_VALID) {
            cell.worst = status_of(row);
            cell.reason = row_text(row, COLUMN_reason);
        }
    }
    return cell;
}

/* What all rounds of a cell have in common; rows that differ in one of these are of
 * another plan, and their median would be a number of nothing. */
static const enum column conditions[] = {
    COLUMN_requests, COLUMN_ideal_s,         COLUMN_target,
    COLUMN_delay_s,  COLUMN_capacity,        COLUMN_policy,
    COLUMN_pin,      COLUMN_libcurl_version, COLUMN_workers,
};

/* A version is missing where the cell did not start, which is no other version. */
static bool same_field(const struct row *a, const struct row *b, enum column column)
{
    double number_a = row_number(a, column);
    double number_b = row_number(b, column);

    if (column == COLUMN_libcurl_version &&
        (!a->fields[column].present || !b->fields[column].present))
        return true;
    if (columns[column].type == COLUMN_TYPE_TEXT)
        return !strcmp(row_text(a, column), row_text(b, column));
    return isnan(number_a) ? isnan(number_b) : number_a == number_b;
}

static int check_conditions(const struct row *a, const struct row *b, struct err *err)
{
    for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
        if (!same_field(a, b, conditions[i]))
            return err_set(err,
                           "%s at level %" PRIu64
                           " has rows that differ in %s: these runs measure different "
                           "things, look at them one by one",
                           strategy_of(a), row_count(a, COLUMN_level),
                           columns[conditions[i]].name);
    return 0;
}

static int add_cell(struct summary *summary, const struct entry *entries, size_t count,
                    double *room, struct err *err)
{
    for (size_t i = 1; i < count; i++)
        if (check_conditions(entries[0].row, entries[i].row, err))
            return -1;
    summary->cells[summary->count++] = summarize(entries, count, room);
    return 0;
}

int summary_make(struct summary *summary, const struct runs *runs,
                 const char *const *order, struct err *err)
{
    struct entry *entries = calloc(runs->count + 1, sizeof(*entries));
    double *room = calloc(runs->count + 1, sizeof(*room));
    int result = 0;
    size_t end;

    *summary = (struct summary){
        .cells = calloc(runs->count + 1, sizeof(*summary->cells)),
    };
    if (!entries || !room || !summary->cells) {
        free(entries);
        free(room);
        summary_free(summary);
        return err_errno(err, "no memory to summarize %zu rows", runs->count);
    }
    for (size_t i = 0; i < runs->count; i++)
        entries[i] = (struct entry){&runs->rows[i],
                                    rank_of(strategy_of(&runs->rows[i]), order), i};
    qsort(entries, runs->count, sizeof(*entries), compare_entries);
    for (size_t i = 0; i < runs->count && !result; i = end) {
        end = i + 1;
        while (end < runs->count && !compare_cells(&entries[i], &entries[end]))
            end++;
        result = add_cell(summary, &entries[i], end - i, room, err);
    }
    free(entries);
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
    const struct summary_cell *second = NULL;

    *tie = false;
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (cell->level != level || strcmp(cell->variant, variant) != 0 ||
            !may_be_ranked(cell))
            continue;
        if (!best || cost_of(cell)->median < cost_of(best)->median) {
            second = best;
            best = cell;
        } else if (!second || cost_of(cell)->median < cost_of(second)->median) {
            second = cell;
        }
    }
    if (!second || best->valid_rounds < 2)
        return NULL;
    *tie = cost_of(second)->min <= cost_of(best)->max;
    return *tie ? NULL : best;
}

/* -- for programs that draw ---------------------------------------------------- */

static void write_number(FILE *out, double number, const char *separator)
{
    if (isfinite(number))
        (void)fprintf(out, "%.9f", number);
    (void)fputs(separator, out);
}

static void write_spread(FILE *out, const struct spread *spread, const char *separator)
{
    write_number(out, spread->median, ",");
    write_number(out, spread->min, ",");
    write_number(out, spread->max, separator);
}

int summary_write_csv(const struct summary *summary, FILE *out, struct err *err)
{
    (void)fputs("variant,strategy,level,rounds,valid_rounds,ideal_s,"
                "cost_median_s,cost_min_s,cost_max_s,"
                "overhead_median_s,overhead_min_s,overhead_max_s,"
                "cpu_per_request_median_us,cpu_per_request_min_us,cpu_per_request_max_us,"
                "memory_per_request_median_bytes,memory_per_request_min_bytes,"
                "memory_per_request_max_bytes,reference\n",
                out);
    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        csv_write_text(out, cell->variant);
        (void)fputc(',', out);
        csv_write_text(out, cell->strategy);
        (void)fprintf(out, ",%" PRIu64 ",%zu,%zu,", cell->level, cell->rounds,
                      cell->valid_rounds);
        write_number(out, cell->ideal_s, ",");
        write_spread(out, &cell->spreads[METRIC_cost], ",");
        write_spread(out, &cell->spreads[METRIC_overhead], ",");
        write_spread(out, &cell->spreads[METRIC_cpu], ",");
        write_spread(out, &cell->spreads[METRIC_memory], ",");
        (void)fprintf(out, "%d\n", cell->notes[NOTE_REFERENCE]);
    }
    return ferror(out) ? err_errno(err, "cannot write the summary") : 0;
}
