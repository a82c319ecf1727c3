/* grouping.c - see grouping.h. */
#include "analysis/rows/grouping.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

/* -- of a row ------------------------------------------------------------------ */

bool row_is_valid(const struct row *row)
{
    return !strcmp(row_text(row, COLUMN_status), status_word(STATUS_VALID));
}

enum row_status row_status_of(const struct row *row)
{
    int status = 0;

    while (status < STATUS_COUNT && strcmp(row_text(row, COLUMN_status),
                                           status_word((enum row_status)status)) != 0)
        status++;
    return status < STATUS_COUNT ? (enum row_status)status : STATUS_INVALID;
}

bool row_is_timed(const struct row *row)
{
    return row->fields[COLUMN_duration_s].present;
}

bool row_same_field(const struct row *a, const struct row *b, enum column column)
{
    double number_a = row_number(a, column);
    double number_b = row_number(b, column);

    if (columns[column].type == COLUMN_TYPE_TEXT)
        return !strcmp(row_text(a, column), row_text(b, column));
    return isnan(number_a) ? isnan(number_b) : number_a == number_b;
}

/* A hash that bench 0.1 did not write, program and libraries of a cell that did not
 * start, or a number of requests that was found by measuring. */
static bool may_differ(const struct row *a, const struct row *b, enum column column)
{
    if (column == COLUMN_requests)
        return row_is_timed(a) && row_is_timed(b);
    return (column == COLUMN_conditions ||
            columns[column].class == COLUMN_CLASS_SUBJECT) &&
           (!a->fields[column].present || !b->fields[column].present);
}

enum column row_differs_in(const struct row *a, const struct row *b,
                           enum column_class class)
{
    int column = 0;

    while (column < COLUMN_COUNT &&
           (columns[column].class != class || may_differ(a, b, (enum column)column) ||
            row_same_field(a, b, (enum column)column)))
        column++;
    return (enum column)column;
}

enum column row_condition_differs(const struct row *a, const struct row *b)
{
    static const enum column_class classes[] = {COLUMN_CLASS_LEVEL, COLUMN_CLASS_CELL,
                                                COLUMN_CLASS_CONDITION};
    enum column column = COLUMN_COUNT;

    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (column == COLUMN_COUNT)
            column = row_differs_in(a, b, classes[i]);
    return column;
}

/* -- cells --------------------------------------------------------------------- */

/* The sort key of a row. All rows are sorted, then cut into cells. */
struct entry {
    const struct row *row;
    size_t rank;  /* of its strategy */
    size_t place; /* in the file: rows of one cell keep their order */
};

size_t strategy_rank(const char *strategy, const char *const *order)
{
    size_t rank = 0;

    while (order && order[rank] && strcmp(order[rank], strategy) != 0)
        rank++;
    return rank;
}

static int compare_cells(const struct entry *a, const struct entry *b)
{
    uint64_t point_a = row_point(a->row);
    uint64_t point_b = row_point(b->row);
    int variants = strcmp(row_text(a->row, COLUMN_variant),
                          row_text(b->row, COLUMN_variant));

    if (variants)
        return variants;
    if (point_a != point_b)
        return point_a < point_b ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return strcmp(row_text(a->row, COLUMN_strategy), row_text(b->row, COLUMN_strategy));
}

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    int cells = compare_cells(a, b);

    return cells ? cells : (a->place > b->place) - (a->place < b->place);
}

/* The entries of a variant's rows, sorted; NULL: no memory. */
static struct entry *sort_rows(const struct runs *runs, const char *variant,
                               const char *const *order, size_t *count)
{
    struct entry *entries = calloc(runs->count + 1, sizeof(*entries));

    *count = 0;
    for (size_t i = 0; entries && i < runs->count; i++) {
        const struct row *row = &runs->rows[i];

        if (variant && strcmp(row_text(row, COLUMN_variant), variant) != 0)
            continue;
        entries[(*count)++] = (struct entry){
            row, strategy_rank(row_text(row, COLUMN_strategy), order), i};
    }
    if (entries)
        qsort(entries, *count, sizeof(*entries), compare_entries);
    return entries;
}

static void add_row(struct grouping *grouping, const struct entry *entry, size_t place,
                    bool begins_cell)
{
    grouping->rows[place] = entry->row;
    if (begins_cell)
        grouping->groups[grouping->count++] = (struct group){
            .variant = row_text(entry->row, COLUMN_variant),
            .strategy = row_text(entry->row, COLUMN_strategy),
            .kind = row_point_kind(entry->row),
            .point = row_point(entry->row),
            .rank = entry->rank,
            .rows = &grouping->rows[place],
        };
    grouping->groups[grouping->count - 1].count++;
}

int grouping_make(struct grouping *grouping, const struct runs *runs, const char *variant,
                  const char *const *order, struct err *err)
{
    size_t count;
    struct entry *entries = sort_rows(runs, variant, order, &count);

    *grouping = (struct grouping){
        .groups = calloc(count + 1, sizeof(*grouping->groups)),
        .rows = calloc(count + 1, sizeof(const struct row *)),
    };
    if (!entries || !grouping->groups || !grouping->rows) {
        free(entries);
        grouping_free(grouping);
        return err_errno(err, "no memory to sort %zu %s", runs->count,
                         plural(runs->count, "row", "rows"));
    }
    for (size_t i = 0; i < count; i++)
        add_row(grouping, &entries[i], i,
                !i || compare_cells(&entries[i - 1], &entries[i]));
    free(entries);
    return 0;
}

const struct group *grouping_find(const struct grouping *grouping, const char *strategy,
                                  uint64_t point)
{
    for (size_t i = 0; i < grouping->count; i++)
        if (grouping->groups[i].point == point &&
            !strcmp(grouping->groups[i].strategy, strategy))
            return &grouping->groups[i];
    return NULL;
}

void grouping_free(struct grouping *grouping)
{
    free(grouping->groups);
    free(grouping->rows);
    *grouping = (struct grouping){0};
}

size_t group_figures(const struct group *group, enum metric metric, double *figures)
{
    size_t count = 0;

    for (size_t i = 0; i < group->count; i++) {
        double figure = metric_of(group->rows[i], metric);

        if (row_is_valid(group->rows[i]) && isfinite(figure))
            figures[count++] = figure;
    }
    return count;
}
