/* one_table.c - see one_table.h. */
#include "analysis/rows/one_table.h"

#include <search.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "analysis/rows/conditions.h"
#include "analysis/rows/grouping.h"
#include "base/intern.h"

/* -- rows ---------------------------------------------------------------------- */

/* The first row that has a value in a column. */
struct witness {
    bool known;
    struct field field; /* its text is interned */
    const char *strategy;
    enum point_kind kind;
    uint64_t point;
};

/* Rows that must be equal in the columns of a class: all of them, those of one point, of
 * one cell, of one variant. Texts are interned; members that the class does not use are
 * NULL or 0. */
struct scope_key {
    enum column_class class;
    const char *variant, *strategy;
    uint64_t point;
};

struct scope {
    struct scope_key key;       /* first: the tree compares it */
    struct witness witnesses[]; /* one for each column of the class, in their order */
};

struct one_table {
    struct intern *texts;
    void *scopes; /* a tree of search.h */
    size_t column_counts[COLUMN_CLASS_SUBJECT + 1];
};

/* Interned texts are equal where their addresses are, and any order will do. */
static int compare_scopes(const void *left, const void *right)
{
    const struct scope_key *a = left;
    const struct scope_key *b = right;

    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->point != b->point)
        return a->point < b->point ? -1 : 1;
    if (a->strategy != b->strategy)
        return (uintptr_t)a->strategy < (uintptr_t)b->strategy ? -1 : 1;
    if (a->variant != b->variant)
        return (uintptr_t)a->variant < (uintptr_t)b->variant ? -1 : 1;
    return 0;
}

static struct scope *find_scope(struct one_table *table, const struct scope_key *key,
                                struct err *err)
{
    struct scope *const *found = tfind(key, &table->scopes, compare_scopes);
    struct scope *scope;

    if (found)
        return *found;
    scope = calloc(1, sizeof(*scope) +
                          table->column_counts[key->class] * sizeof(struct witness));
    if (scope) {
        scope->key = *key;
        if (tsearch(scope, &table->scopes, compare_scopes))
            return scope;
    }
    free(scope);
    (void)err_errno(err, "no memory to check the rows");
    return NULL;
}

/* -- one row against earlier ones ------------------------------------------------ */

static int refuse(const struct witness *witness, const struct row *row,
                  enum column column, bool *mixed, struct err *err)
{
    struct row other = {0};
    char text_a[ROW_VALUE_SIZE];
    char text_b[ROW_VALUE_SIZE];
    char point_a[POINT_TEXT_SIZE];
    char point_b[POINT_TEXT_SIZE];
    enum point_kind kind = row_point_kind(row);

    if (mixed)
        *mixed = true;
    other.fields[column] = witness->field;
    return err_set(err,
                   "rows that differ in %s cannot share a table: %s at %s %s has %s, %s "
                   "at %s %s has %s; summarize the runs one by one",
                   columns[column].name, witness->strategy, point_word(witness->kind),
                   point_text(witness->kind, witness->point, point_a),
                   row_value_text(&other, column, text_a), row_text(row, COLUMN_strategy),
                   point_word(kind), point_text(kind, row_point(row), point_b),
                   row_value_text(row, column, text_b));
}

/* A hash that bench 0.1 did not write, or program and libraries of a cell that did not
 * start: their absence says nothing. The number of requests in a given time is a result.
 */
static bool is_exempt(const struct row *row, enum column column)
{
    if (column == COLUMN_requests && row_is_timed(row))
        return true;
    if (row->fields[column].present)
        return false;
    return column == COLUMN_conditions || columns[column].class == COLUMN_CLASS_SUBJECT;
}

static int remember(struct one_table *table, struct witness *witness,
                    const struct row *row, enum column column, struct err *err)
{
    *witness = (struct witness){
        .known = true,
        .field = row->fields[column],
        .strategy = intern_text(table->texts, row_text(row, COLUMN_strategy), err),
        .kind = row_point_kind(row),
        .point = row_point(row),
    };
    if (!witness->strategy)
        return -1;
    if (columns[column].type != COLUMN_TYPE_TEXT || !witness->field.present)
        return 0;
    witness->field.text = intern_text(table->texts, witness->field.text, err);
    return witness->field.text ? 0 : -1;
}

static int check_column(struct one_table *table, struct witness *witness,
                        const struct row *row, enum column column, bool *mixed,
                        struct err *err)
{
    struct row other = {0};

    if (is_exempt(row, column))
        return 0;
    if (!witness->known)
        return remember(table, witness, row, column, err);
    other.fields[column] = witness->field;
    return row_same_field(&other, row, column) ? 0
                                               : refuse(witness, row, column, mixed, err);
}

static int check_scope(struct one_table *table, const struct scope_key *key,
                       const struct row *row, bool *mixed, struct err *err)
{
    struct scope *scope = find_scope(table, key, err);
    size_t place = 0;

    for (int i = 0; scope && i < COLUMN_COUNT; i++)
        if (columns[i].class == key->class &&
            check_column(table, &scope->witnesses[place++], row, (enum column)i, mixed,
                         err))
            return -1;
    return scope ? 0 : -1;
}

int one_table_add(struct one_table *table, const struct row *row, bool *mixed,
                  struct err *err)
{
    const char *variant = intern_text(table->texts, row_text(row, COLUMN_variant), err);
    const char *strategy = intern_text(table->texts, row_text(row, COLUMN_strategy), err);
    uint64_t point = row_point(row);
    const struct scope_key keys[] = {
        {.class = COLUMN_CLASS_CONDITION},
        {.class = COLUMN_CLASS_LEVEL, .point = point},
        {.class = COLUMN_CLASS_CELL, variant, strategy, point},
        {.class = COLUMN_CLASS_SUBJECT, .variant = variant},
    };

    if (mixed)
        *mixed = false;
    if (!variant || !strategy)
        return -1;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        if (check_scope(table, &keys[i], row, mixed, err))
            return -1;
    return 0;
}

int one_table_open(struct one_table **out, struct err *err)
{
    struct one_table *table = calloc(1, sizeof(*table));

    if (!table)
        return err_errno(err, "no memory to check the rows");
    table->texts = intern_open(err);
    if (!table->texts) {
        free(table);
        return -1;
    }
    for (int i = 0; i < COLUMN_COUNT; i++)
        table->column_counts[columns[i].class]++;
    *out = table;
    return 0;
}

void one_table_close(struct one_table *table)
{
    if (!table)
        return;
    tdestroy(table->scopes, free);
    intern_close(table->texts);
    free(table);
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

/* Checks the files beside the rows of two paths; without such files the rows decide. */
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
    return err_set(
        err,
        "these runs cannot share a table: %s is %s in %.120s and %s in %.120s; "
        "summarize them one by one",
        difference.key, difference.a, path_a, difference.b, path_b);
}

/* The state of reading all the files. */
struct reading {
    runs_each_fn *each;
    void *user;
    size_t rows;
};

static int count_row(void *user, const struct row *row, struct err *err)
{
    struct reading *reading = user;

    reading->rows++;
    return reading->each(reading->user, row, err);
}

/* The files beside the rows come first: they say more than the rows. */
static int read_path(struct reading *reading, char *const *paths, size_t at,
                     struct conditions *first, bool *mixed, struct err *err)
{
    struct conditions conditions;
    int result;

    for (size_t i = 0; i < at; i++)
        if (one_table_same_file(paths[i], paths[at]))
            return err_set(err, "'%s' and '%s' are the same rows; give each run once",
                           paths[i], paths[at]);
    if (conditions_read(&conditions, paths[at], err))
        return -1;
    result = check_beside(paths[0], first, paths[at], &conditions, mixed, err);
    if (!at)
        *first = conditions;
    else
        conditions_free(&conditions);
    return result ? -1 : runs_each(paths[at], count_row, reading, err);
}

int one_table_read(char *const *paths, size_t count, runs_each_fn *each, void *user,
                   bool *mixed, struct err *err)
{
    struct conditions first = {.plan = NULL};
    struct reading reading = {each, user, 0};
    int result = 0;

    *mixed = false;
    for (size_t i = 0; i < count && !result; i++)
        result = read_path(&reading, paths, i, &first, mixed, err);
    conditions_free(&first);
    if (result || reading.rows)
        return result;
    return err_set(err,
                   "no rows in %.200s%s: only a header, so the sweep ended before its "
                   "first cell; continue it with bench run --resume --out DIRECTORY, "
                   "or measure again into a new one",
                   paths[0], count > 1 ? " and the others" : "");
}
