/* test_variant.c - named environments: how they are parsed, and the variables that a cell
 * gets. */
#include "harness/plan/plan_cells.h"
#include "harness/plan/plan_fields.h"
#include "harness/plan/variant.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>

static void test_parsing(void **state)
{
    static const struct {
        const char *text, *name;
        const char *settings[3];
    } cases[] = {
        {"new:LD_LIBRARY_PATH=/opt/lib", "new", {"LD_LIBRARY_PATH=/opt/lib"}},
        {"b:A=1,B=2", "b", {"A=1", "B=2"}},
        {"list:A=1,2,3,B=x", "list", {"A=1,2,3", "B=x"}}, /* a comma in a value */
        {"text:A=x,1B=y,C=", "text", {"A=x,1B=y", "C="}}, /* 1B is not a variable name */
        {"base:", "base", {NULL}},
        {"base", "base", {NULL}},
        {"v1.2-rc_3:A=b:c=d", "v1.2-rc_3", {"A=b:c=d"}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct variant variant;
        size_t count = 0;

        assert_int_equal(variant_parse(&variant, cases[i].text, NULL), 0);
        assert_string_equal(variant.name, cases[i].name);
        for (; cases[i].settings[count]; count++)
            assert_string_equal(variant.settings[count], cases[i].settings[count]);
        assert_int_equal(variant.setting_count, count);
        variant_free(&variant);
    }
}

static void test_refused(void **state)
{
    static const char *const wrong[] = {
        "",        ":A=1",
        "a b:A=1", "n:A",
        "n:=1",    "n:1A=2",
        "n:A=1,",  "n:,A=1",
        "n/m:A=1", "a-name-of-more-than-thirty-two-characters:A=1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct variant variant;
        struct err err = {""};
        int result = variant_parse(&variant, wrong[i], &err);

        /* The last comma of "A=1," has nothing after it, so it belongs to the value. */
        if (!strcmp(wrong[i], "n:A=1,")) {
            assert_int_equal(result, 0);
            assert_string_equal(variant.settings[0], "A=1,");
        } else if (!result) {
            fail_msg("'%s' was taken", wrong[i]);
        } else {
            assert_true(err.text[0]);
        }
        variant_free(&variant);
    }
}

/* The value of a variable, and how many times it occurs. */
static const char *look_up(char **environment, const char *name, size_t *times)
{
    const char *value = NULL;

    *times = 0;
    for (; *environment; environment++)
        if (!strncmp(*environment, name, strlen(name)) &&
            (*environment)[strlen(name)] == '=') {
            value = *environment + strlen(name) + 1;
            ++*times;
        }
    return value;
}

static void test_environment(void **state)
{
    struct variant variant;
    char **environment;
    size_t times;

    (void)state;
    assert_int_equal(setenv("BENCH_TEST_A", "old", 1), 0);
    assert_int_equal(setenv("BENCH_TEST_AB", "stays", 1), 0);
    assert_int_equal(variant_parse(&variant, "v:BENCH_TEST_A=new,BENCH_TEST_C=c", NULL),
                     0);
    environment = variant_environment(&variant, NULL);
    assert_non_null(environment);
    assert_string_equal(look_up(environment, "BENCH_TEST_A", &times), "new");
    assert_int_equal(times, 1);
    assert_string_equal(look_up(environment, "BENCH_TEST_AB", &times), "stays");
    assert_string_equal(look_up(environment, "BENCH_TEST_C", &times), "c");
    free(environment);
    variant_free(&variant);
    assert_string_equal(getenv("BENCH_TEST_A"), "old"); /* our own is unchanged */
}

static void test_program(void **state)
{
    static const struct {
        const char *text, *program, *wrong;
    } cases[] = {
        {"v:A=1", NULL, NULL},
        {"v:A=1,BENCH_PROGRAM=/bin/sh", "/bin/sh", NULL},
        {"v:BENCH_PROGRAM=/no/such", "/no/such",
         "variant v: BENCH_PROGRAM /no/such: No such"},
        {"v:BENCH_PROGRAM=/etc/passwd", "/etc/passwd", "Permission denied"},
        {"v:BENCH_PROGRAM=/", "/", "is not a regular file"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct variant variant;
        struct err err = {""};
        int result;

        assert_int_equal(variant_parse(&variant, cases[i].text, NULL), 0);
        result = variant_check(&variant, &err);
        assert_int_equal(result, cases[i].wrong ? -1 : 0);
        if (cases[i].program)
            assert_string_equal(variant_program(&variant), cases[i].program);
        else
            assert_null(variant_program(&variant));
        if (cases[i].wrong && !strstr(err.text, cases[i].wrong))
            fail_msg("'%s' has no '%s'", err.text, cases[i].wrong);
        variant_free(&variant);
    }
}

/* Each round has every cell once per variant, in one shuffled order. */
static void test_interleaved(void **state)
{
    struct plan plan = plan_defaults();
    struct cell_list cells;
    size_t changes = 0;

    (void)state;
    assert_int_equal(variant_parse(&plan.variants[0], "a", NULL), 0);
    assert_int_equal(variant_parse(&plan.variants[1], "b:X=1", NULL), 0);
    plan.strategies[0] = strategies[0];
    plan.strategies[1] = strategies[1];
    plan.strategy_count = 2;
    plan.variant_count = 2;
    plan.once_above_ns = 0;
    plan.seed = 3;
    assert_int_equal(levels_parse(&plan.levels, &levels_kind, "1,3,5,10,15", NULL), 0);
    assert_int_equal(plan_cells(&plan, &cells, NULL), 0);
    assert_int_equal(cells.count, 2 * 5 * 2 * 3);
    for (unsigned round = 1; round <= 3; round++) {
        const struct cell *first = &cells.cells[(size_t)(round - 1) * 20];
        size_t of_b = 0;

        for (size_t i = 0; i < 20; i++) {
            assert_int_equal(first[i].round, round);
            of_b += first[i].variant == &plan.variants[1];
            changes += i && first[i].variant != first[i - 1].variant;
        }
        assert_int_equal(of_b, 10);
    }
    assert_true(changes > 15); /* of 57: the variants are interleaved */
    cell_list_free(&cells);
    plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parsing),     cmocka_unit_test(test_refused),
        cmocka_unit_test(test_environment), cmocka_unit_test(test_program),
        cmocka_unit_test(test_interleaved),
    };

    return cmocka_run_group_tests_name("variant", tests, NULL, NULL);
}
