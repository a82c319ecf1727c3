/* one_table.c - see one_table.h. */
#include "analysis/rows/one_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "analysis/rows/conditions.h"
#include "analysis/rows/grouping.h"

/* -- rows ---------------------------------------------------------------------- */

static int refuse(const struct row *a, const struct row *b, enum column column,
                  bool *mixed, struct err *err)
{
    char text_a[ROW_VALUE_SIZE];
    char text_b[ROW_VALUE_SIZE];

    if (mixed)
        *mixed = true;
    return err_set(
        err,
        "rows that differ in %s are not put into one table: %s at level %.0f has "
        "%s, %s at level %.0f has %s; summarize the runs one by one",
        columns[column].name, row_text(a, COLUMN_strategy), row_number(a, COLUMN_level),
        row_value_text(a, column, text_a), row_text(b, COLUMN_strategy),
        row_number(b, COLUMN_level), row_value_text(b, column, text_b));
}

/* The first group of the same level, in any variant. */
static const struct group *first_of_level(const struct grouping *grouping, uint64_t level)
{
    const struct group *group = grouping->groups;

    while (group->level != level)
        group++;
    return group;
}

/* What measured the rows of a variant: of each column the first row that has it. */
struct subject {
    const char *variant;
    const struct row *rows[COLUMN_COUNT];
};

static int check_subject(struct subject *subject, const struct row *row, bool *mixed,
                         struct err *err)
{
    for (int i = 0; i < COLUMN_COUNT; i++) {
        enum column column = (enum column)i;

        if (columns[i].class != COLUMN_CLASS_SUBJECT || !row->fields[i].present)
            continue;
        if (!subject->rows[i])
            subject->rows[i] = row;
        else if (!row_same_field(subject->rows[i], row, column))
            return refuse(subject->rows[i], row, column, mixed, err);
    }
    return 0;
}

/* Checks a row against those that it must be equal to. */
static int check_row(const struct grouping *grouping, const struct group *group,
                     const struct row *row, bool *mixed, struct err *err)
{
    const struct {
        const struct row *row;
        enum column_class class;
    } others[] = {
        {grouping->groups[0].rows[0], COLUMN_CLASS_CONDITION},
        {first_of_level(grouping, group->level)->rows[0], COLUMN_CLASS_LEVEL},
        {group->rows[0], COLUMN_CLASS_CELL},
    };

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        enum column column = row_differs_in(others[i].row, row, others[i].class);

        if (column != COLUMN_COUNT)
            return refuse(others[i].row, row, column, mixed, err);
    }
    return 0;
}

int one_table_check(const struct runs *runs, bool *mixed, struct err *err)
{
    struct subject subject = {.variant = NULL};
    struct grouping grouping;
    int result = 0;

    if (mixed)
        *mixed = false;
    if (grouping_make(&grouping, runs, NULL, NULL, err))
        return -1;
    for (size_t i = 0; i < grouping.count && !result; i++) {
        const struct group *group = &grouping.groups[i];

        if (!subject.variant || strcmp(subject.variant, group->variant) != 0)
            subject = (struct subject){.variant = group->variant};
        for (size_t j = 0; j < group->count && !result; j++)
            result = check_row(&grouping, group, group->rows[j], mixed, err) ||
                             check_subject(&subject, group->rows[j], mixed, err)
                         ? -1
                         : 0;
    }
    grouping_free(&grouping);
    return result;
}

/* -- files --------------------------------------------------------------------- */

static bool find_rows(const char *path, struct stat *info)
{
    char *inside = NULL;
    bool found = !stat(path, info);

    if (found && S_ISDIR(info->st_mode))
        found = asprintf(&inside, "%s/runs.csv", path) >= 0 && !stat(inside, info);
    free(inside);
    return found;
}

bool one_table_same_file(const char *a, const char *b)
{
    struct stat info_a;
    struct stat info_b;

    return find_rows(a, &info_a) && find_rows(b, &info_b) &&
           info_a.st_dev == info_b.st_dev && info_a.st_ino == info_b.st_ino;
}

/* Checks what is beside the rows of two paths; where there is nothing, the rows decide.
 */
static int check_beside(const char *path_a, const struct conditions *a,
                        const char *path_b, const struct conditions *b, bool *mixed,
                        struct err *err)
{
    struct difference difference;

    if (!a->env || !b->env)
        return 0;
    if (conditions_differ(a, b, CONDITIONS_SUMMARY, &difference, err))
        return -1;
    if (!difference.key[0])
        return 0;
    *mixed = true;
    return err_set(err,
                   "these runs are not put into one table: %s is %s in %.120s and %s in "
                   "%.120s; summarize them one by one",
                   difference.key, difference.a, path_a, difference.b, path_b);
}

static int add_path(struct runs *runs, char *const *paths, size_t at,
                    struct conditions *first, bool *mixed, struct err *err)
{
    struct conditions conditions;
    int result;

    for (size_t i = 0; i < at; i++)
        if (one_table_same_file(paths[i], paths[at]))
            return err_set(err, "'%s' and '%s' are the same rows: give each run once",
                           paths[i], paths[at]);
    if (runs_read(runs, paths[at], err) || conditions_read(&conditions, paths[at], err))
        return -1;
    result = check_beside(paths[0], first, paths[at], &conditions, mixed, err);
    if (!at)
        *first = conditions;
    else
        conditions_free(&conditions);
    return result;
}

int one_table_read(struct runs *runs, char *const *paths, size_t count, bool *mixed,
                   struct err *err)
{
    struct conditions first = {.plan = NULL};
    int result = 0;

    *mixed = false;
    for (size_t i = 0; i < count && !result; i++)
        result = add_path(runs, paths, i, &first, mixed, err);
    conditions_free(&first);
    if (result)
        return -1;
    if (!runs->count)
        return err_set(
            err,
            "no rows in %.200s%s: only a header, so the sweep ended before its "
            "first cell; continue it with bench run --resume --out DIRECTORY, "
            "or measure again into a new one",
            paths[0], count > 1 ? " and the others" : "");
    return one_table_check(runs, mixed, err);
}
