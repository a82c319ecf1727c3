/* test_stats_golden.c - statistics compared with R, its packages and SciPy on the same
 * values: tests/golden/stats/r.txt and scipy.txt, with the scripts that wrote them. */
#include "analysis/statistics/stats.h"
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -- the files ----------------------------------------------------------------- */

enum { FIELDS_MAX = 8, VALUES_MAX = 1200, LINE_BYTES = 16384 };

struct field {
    char name[32];
    double values[VALUES_MAX];
    size_t count;
};

/* A line with the kind, then a line for each field, then an empty one. */
struct vector {
    char kind[32];
    struct field fields[FIELDS_MAX];
    size_t field_count;
    size_t line; /* the last line read */
};

static void read_field(struct field *field, const char *text)
{
    size_t length = strcspn(text, " ");
    char *end;

    assert_true(length < sizeof(field->name));
    memcpy(field->name, text, length);
    field->name[length] = 0;
    field->count = 0;
    for (text += length; *text == ' '; text = end) {
        assert_true(field->count < VALUES_MAX);
        field->values[field->count++] = strtod(text, &end);
        assert_ptr_not_equal(end, text);
    }
    assert_int_equal(*text, 0);
}

/* Reads a line without its newline, skipping comments; false at the end of the file. */
static bool read_line(FILE *file, char *text, size_t *line)
{
    do {
        if (!fgets(text, LINE_BYTES, file))
            return false;
        ++*line;
    } while (text[0] == '#');
    assert_non_null(strchr(text, '\n'));
    text[strcspn(text, "\n")] = 0;
    return true;
}

/* False at the end of the file. */
static bool read_vector(FILE *file, struct vector *vector)
{
    char text[LINE_BYTES] = "";

    while (!text[0])
        if (!read_line(file, text, &vector->line))
            return false;
    assert_true(strlen(text) < sizeof(vector->kind));
    memcpy(vector->kind, text, strlen(text) + 1);
    vector->field_count = 0;
    while (read_line(file, text, &vector->line) && text[0]) {
        assert_true(vector->field_count < FIELDS_MAX);
        read_field(&vector->fields[vector->field_count++], text);
    }
    return true;
}

static const struct field *find(const struct vector *vector, const char *name)
{
    for (size_t i = 0; i < vector->field_count; i++)
        if (!strcmp(vector->fields[i].name, name))
            return &vector->fields[i];
    return NULL;
}

static const struct field *need(const struct vector *vector, const char *name)
{
    const struct field *field = find(vector, name);

    if (!field || !field->count)
        fail_msg("near line %zu: %s without %s", vector->line, vector->kind, name);
    return field;
}

static double number(const struct vector *vector, const char *name)
{
    return need(vector, name)->values[0];
}

/* Equal within rounding. */
static void check(const struct vector *vector, const char *what, double found,
                  double expected)
{
    double apart = fabs(found - expected);

    if (isnan(expected) ? isnan(found)
                        : apart <= 1e-10 * fmax(fabs(found), fabs(expected)))
        return;
    fail_msg("%s near line %zu: %s is %.17g, not %.17g", vector->kind, vector->line, what,
             found, expected);
}

static void check_interval(const struct vector *vector, struct interval found)
{
    const struct field *expected = need(vector, "interval");

    assert_int_equal(expected->count, 3);
    check(vector, "the estimate", found.estimate, expected->values[0]);
    check(vector, "the lower end", found.low, expected->values[1]);
    check(vector, "the upper end", found.high, expected->values[2]);
}

static void check_test(const struct vector *vector, const struct rank_test *found)
{
    check(vector, "the statistic", found->statistic, number(vector, "statistic"));
    check(vector, "p", found->p, number(vector, "p"));
    check(vector, "exact", found->exact, number(vector, "exact"));
}

/* -- comparisons --------------------------------------------------------------- */

static void check_unpaired(const struct vector *vector)
{
    const struct field *base = need(vector, "base");
    const struct field *other = need(vector, "other");
    struct rank_test test = unpaired(base->values, base->count, other->values,
                                     other->count);

    check_test(vector, &test);
    if (find(vector, "interval"))
        check_interval(vector,
                       shift_unpaired(base->values, base->count, other->values,
                                      other->count, number(vector, "confidence")));
}

static void check_paired(const struct vector *vector)
{
    const struct field *differences = need(vector, "differences");
    struct rank_test test = paired(differences->values, differences->count);

    check_test(vector, &test);
    if (find(vector, "interval"))
        check_interval(vector, shift_paired(differences->values, differences->count,
                                            number(vector, "confidence")));
}

static void check_median(const struct vector *vector)
{
    const struct field *values = need(vector, "values");

    check_interval(vector, stats_median_interval(values->values, values->count,
                                                 number(vector, "confidence")));
}

static void check_holm(const struct vector *vector)
{
    const struct field *p = need(vector, "p");
    const struct field *expected = need(vector, "adjusted");
    double adjusted[VALUES_MAX];
    size_t room[VALUES_MAX];

    assert_int_equal(expected->count, p->count);
    stats_holm(p->values, p->count, adjusted, room);
    for (size_t i = 0; i < p->count; i++)
        check(vector, "an adjusted p", adjusted[i], expected->values[i]);
}

static void check_quantile(const struct vector *vector)
{
    const struct field *p = need(vector, "p");
    const struct field *z = need(vector, "z");

    assert_int_equal(z->count, p->count);
    for (size_t i = 0; i < p->count; i++)
        check(vector, "a quantile", stats_normal_quantile(p->values[i]), z->values[i]);
}

/* -- every vector -------------------------------------------------------------- */

static const struct kind {
    const char *name;
    void (*check)(const struct vector *vector);
} kinds[] = {
    {"unpaired", check_unpaired}, {"paired", check_paired},     {"median", check_median},
    {"holm", check_holm},         {"quantile", check_quantile},
};

static void check_vector(const struct vector *vector)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (!strcmp(kinds[i].name, vector->kind)) {
            kinds[i].check(vector);
            return;
        }
    }
    fail_msg("near line %zu: what is %s?", vector->line, vector->kind);
}

static void check_file(const char *path, size_t least)
{
    FILE *file = fopen(path, "r");
    struct vector vector = {.line = 0};
    size_t checked = 0;

    assert_non_null(file);
    for (; read_vector(file, &vector); checked++)
        check_vector(&vector);
    (void)fclose(file);
    assert_true(checked >= least);
}

static void test_r(void **state)
{
    (void)state;
    check_file(TESTS_DIR "/golden/stats/r.txt", 80);
}

static void test_scipy(void **state)
{
    (void)state;
    check_file(TESTS_DIR "/golden/stats/scipy.txt", 24);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_r),
        cmocka_unit_test(test_scipy),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
