/* compare_check.c - see compare_check.h. */
#include "analysis/compare/compare_check.h"

#include "base/text.h"

/* How many rows of a side have a status, and the first reason. */
static size_t count_status(const struct group *group, enum row_status status,
                           const char **reason)
{
    size_t count = 0;

    for (size_t i = 0; i < group->count; i++) {
        if (row_status_of(group->rows[i]) != status)
            continue;
        if (!count++)
            *reason = row_text(group->rows[i], COLUMN_reason);
    }
    return count;
}

/* Reports rows of a side that were measured and are not valid. */
static int check_side(struct comparison *comparison, const struct group *group,
                      const char *name, struct err *err)
{
    static const enum row_status bad[] = {STATUS_INVALID, STATUS_FAILED};

    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *reason = "";
        size_t count = count_status(group, bad[i], &reason);

        if (count &&
            comparison_add_problem(
                comparison, COMPARE_INCOMPLETE, group->strategy, group->point, err,
                "%s: %zu of %zu %s %s: %s", name, count, group->count,
                plural(group->count, "row", "rows"), status_word(bad[i]), reason))
            return -1;
    }
    return 0;
}

/* Was the cell passed over in all rows: infeasible or skipped? */
static bool passed_over(const struct group *group, const char **reason)
{
    return count_status(group, STATUS_INFEASIBLE, reason) +
               count_status(group, STATUS_SKIPPED, reason) ==
           group->count;
}

/* A cell that was passed over on both sides is only noted. */
static int check_passed_over(struct comparison *comparison, const struct group *base,
                             const struct group *head, bool *go_on, struct err *err)
{
    const char *reason = "";
    bool base_is = passed_over(base, &reason);
    bool head_is = passed_over(head, &reason);
    const char *who = base_is ? comparison->base.name : comparison->head.name;

    *go_on = !base_is && !head_is;
    if (*go_on)
        return 0;
    if (base_is && head_is)
        return comparison_add_problem(comparison, COMPARE_NOTED, base->strategy,
                                      base->point, err, "not measured on either side: %s",
                                      reason);
    return comparison_add_problem(comparison, COMPARE_INCOMPLETE, base->strategy,
                                  base->point, err, "not measured in %s: %s", who,
                                  reason);
}

/* All rows of both sides must be of one plan, and each side of one set of libraries. */
static int check_conditions(struct comparison *comparison, const struct group *base,
                            const struct group *head, struct err *err)
{
    const struct row *first = base->rows[0];
    const struct row *other = first;
    enum column differs = COLUMN_COUNT;
    char was[ROW_VALUE_SIZE];
    char is[ROW_VALUE_SIZE];

    for (size_t i = 1; i < base->count && differs == COLUMN_COUNT; i++)
        differs = row_condition_differs(first, other = base->rows[i]);
    for (size_t i = 0; i < head->count && differs == COLUMN_COUNT; i++)
        differs = row_condition_differs(first, other = head->rows[i]);
    if (differs == COLUMN_COUNT)
        return 0;
    return comparison_add_problem(
        comparison, COMPARE_NOT_COMPARABLE, base->strategy, base->point, err,
        "the rows differ in %s (%s and %s): they measure different things",
        columns[differs].name, row_value_text(first, differs, was),
        row_value_text(other, differs, is));
}

/* In pairs, the side with fewer rows lacks rounds. */
static int check_rounds(struct comparison *comparison, const struct group *base,
                        const struct group *head, struct err *err)
{
    if (base->count == head->count)
        return 0;
    return comparison_add_problem(
        comparison, comparison->paired ? COMPARE_INCOMPLETE : COMPARE_NOTED,
        base->strategy, base->point, err, "%s has %zu %s, %s has %zu",
        comparison->base.name, base->count, plural(base->count, "row", "rows"),
        comparison->head.name, head->count);
}

typedef bool overloaded_fn(const struct row *row);

static bool is_not_held(const struct row *row)
{
    return notes_have(row_text(row, COLUMN_notes), NOTE_RATE_NOT_HELD);
}

/* Its p99 latency falls among requests that never ended. */
static bool is_endless(const struct row *row)
{
    return row_unfinished(row) && !row->fields[COLUMN_latency_p99_us].present;
}

/* Valid rows of a side, and which of them the load was too much for. */
static size_t count_overloaded(const struct group *group, overloaded_fn *is_overloaded,
                               size_t *valid)
{
    size_t count = 0;

    *valid = 0;
    for (size_t i = 0; i < group->count; i++) {
        if (!row_is_valid(group->rows[i]))
            continue;
        (*valid)++;
        count += is_overloaded(group->rows[i]);
    }
    return count;
}

/* A side that the load was too much for more often than for the other one got worse even
 * where its figures do not show it: requests that are not made cost no CPU time, and have
 * no latency. It must not pass then. */
static int check_load(struct comparison *comparison, const struct group *base,
                      const struct group *head, overloaded_fn *is_overloaded,
                      const char *what, struct err *err)
{
    size_t base_valid;
    size_t head_valid;
    size_t base_count = count_overloaded(base, is_overloaded, &base_valid);
    size_t head_count = count_overloaded(head, is_overloaded, &head_valid);

    if (!base_count && !head_count)
        return 0;
    return comparison_add_problem(
        comparison,
        head_count * base_valid > base_count * head_valid ? COMPARE_INCOMPLETE
                                                          : COMPARE_NOTED,
        base->strategy, base->point, err, "%s %s in %zu of %zu %s, %s in %zu of %zu",
        comparison->head.name, what, head_count, head_valid,
        plural(head_valid, "round", "rounds"), comparison->base.name, base_count,
        base_valid);
}

int compare_check(struct comparison *comparison, const struct group *base,
                  const struct group *head, bool *comparable, struct err *err)
{
    size_t problems = comparison->problem_count;

    if (check_passed_over(comparison, base, head, comparable, err))
        return -1;
    if (!*comparable)
        return 0;
    if (check_conditions(comparison, base, head, err))
        return -1;
    if (comparison->problem_count > problems) {
        *comparable = false; /* a ratio of different things says nothing */
        return 0;
    }
    return check_side(comparison, base, comparison->base.name, err) ||
                   check_side(comparison, head, comparison->head.name, err) ||
                   check_rounds(comparison, base, head, err) ||
                   check_load(comparison, base, head, is_not_held,
                              "did not hold the rate", err) ||
                   check_load(comparison, base, head, is_endless,
                              "has no p99 latency, since too many requests never ended,",
                              err)
               ? -1
               : 0;
}
