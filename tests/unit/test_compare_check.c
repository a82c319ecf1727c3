/* test_compare_check.c - what bench compare refuses or reports as a problem by name. */
#include "analysis/compare/compare_env.h"
#include "tests/support/check.h"
#include "tests/support/paired_runs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct paired_runs cell = {"s", 10, 20, 1, 0.02, NULL};

/* The only problem must be of this kind and contain `words`; "" for no problem. */
static void expect_problem(const struct comparison *comparison,
                           enum compare_problem_kind kind, const char *words)
{
    if (!words[0]) {
        if (comparison->problem_count)
            fail_msg("unexpected: %s", comparison->problems[0].text);
        return;
    }
    assert_int_equal(comparison->problem_count, 1);
    assert_int_equal(comparison->problems[0].kind, kind);
    if (!strstr(comparison->problems[0].text, words))
        fail_msg("'%s' has no '%s'", comparison->problems[0].text, words);
}

/* -- rows ---------------------------------------------------------------------- */

typedef void alter_fn(struct runs *runs);

static void nothing(struct runs *runs)
{
    (void)runs;
}

static void fail_one(struct runs *runs)
{
    row_set_text(&runs->rows[3], COLUMN_status, "failed");
    row_set_text(&runs->rows[3], COLUMN_reason, "2 fetches timed out");
}

static void invalidate_one(struct runs *runs)
{
    row_set_text(&runs->rows[4], COLUMN_status, "invalid");
    row_set_text(&runs->rows[4], COLUMN_reason, "a latency below the delay");
}

static void unknown_status(struct runs *runs)
{
    row_set_text(&runs->rows[4], COLUMN_status, "splendid");
}

static void lose_last(struct runs *runs)
{
    runs->count--; /* interrupted between the two variants */
}

static void lose_head(struct runs *runs)
{
    for (size_t i = 0; i < runs->count; i++)
        if (!strcmp(row_text(&runs->rows[i], COLUMN_variant), "new"))
            row_set_count(&runs->rows[i], COLUMN_level, 11);
}

static void other_requests(struct runs *runs)
{
    for (size_t i = 1; i < runs->count; i += 2)
        row_set_count(&runs->rows[i], COLUMN_requests, 100);
}

static void skip_head(struct runs *runs)
{
    for (size_t i = 1; i < runs->count; i += 2) {
        row_set_text(&runs->rows[i], COLUMN_status, "infeasible");
        row_set_text(&runs->rows[i], COLUMN_reason, "no descriptors");
    }
}

static void test_rows(void **state)
{
    static const struct {
        alter_fn *alter;
        size_t problems;
        enum compare_problem_kind kind;
        const char *words;
    } cases[] = {
        {nothing, 0, COMPARE_NOTED, ""},
        /* Two more problems: the cell is missing from the overall lines of both metrics.
         */
        {fail_one, 3, COMPARE_INCOMPLETE,
         "new: 1 of 20 rows failed: 2 fetches timed out"},
        {invalidate_one, 3, COMPARE_INCOMPLETE, "base: 1 of 20 rows invalid: a latency"},
        {unknown_status, 3, COMPARE_INCOMPLETE, "rows invalid"},
        {lose_last, 1, COMPARE_INCOMPLETE, "base has 20 rows, new has 19"},
        {lose_head, 3, COMPARE_INCOMPLETE, "has no row of this cell"},
        {other_requests, 2, COMPARE_NOT_COMPARABLE, "differ in requests"},
        {skip_head, 2, COMPARE_INCOMPLETE, "not measured in new: no descriptors"},
    };
    struct compare_options options = compare_options_default();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct runs runs = {0};
        struct comparison comparison;

        paired_runs_add(&runs, &cell, 3);
        cases[i].alter(&runs);
        comparison = paired_runs_compare(&runs, &options);
        if (comparison.problem_count != cases[i].problems)
            fail_msg("case %zu has %zu problems", i, comparison.problem_count);
        if (cases[i].problems) {
            assert_int_equal(comparison.problems[0].kind, cases[i].kind);
            if (!strstr(comparison.problems[0].text, cases[i].words))
                fail_msg("case %zu: %s", i, comparison.problems[0].text);
        }
        comparison_free(&comparison);
        runs_free(&runs);
    }
}

/* A cell skipped on both sides is noted. If no other cell is left, nothing was compared.
 */
static void test_nothing_compared_is_a_problem(void **state)
{
    struct compare_options options = compare_options_default();
    struct comparison comparison;
    struct runs runs = {0};

    (void)state;
    paired_runs_add(&runs, &cell, 3);
    for (size_t i = 0; i < runs.count; i++)
        row_set_text(&runs.rows[i], COLUMN_status, "skipped");
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(comparison.problem_count, 2);
    assert_int_equal(comparison.problems[0].kind, COMPARE_NOTED);
    assert_int_equal(comparison.problems[1].kind, COMPARE_INCOMPLETE);
    assert_non_null(strstr(comparison.problems[1].text, "nothing was compared"));
    comparison_free(&comparison);
    runs_free(&runs);
}

/* -- machines and plans -------------------------------------------------------- */

static struct conditions conditions_of(const char *machine, const char *plan,
                                       const char *libcurl)
{
    json_t *env = json_pack("{s:o, s:{s:s}, s:{}, s:{s:s}}", "machine",
                            json_loads(machine, 0, NULL), "bench", "version", "1",
                            "libcurl_options", "libraries", "libcurl", libcurl);

    assert_non_null(env);
    return (struct conditions){.plan = json_loads(plan, 0, NULL), .env = env};
}

static void expect_env(const struct conditions *base, const struct conditions *head,
                       enum compare_problem_kind kind, const char *words)
{
    struct comparison comparison = {.base = {.name = "B"}, .head = {.name = "N"}};

    assert_int_equal(compare_env_check(&comparison, base, head, NULL), 0);
    expect_problem(&comparison, kind, words);
    comparison_free(&comparison);
}

static void test_machines_and_plans(void **state)
{
    struct conditions nothing = {.plan = NULL};
    struct conditions base = conditions_of("{\"kernel\": \"6\", \"load_average\": \"1\"}",
                                           "{\"timeout\": \"30s\", \"seed\": 1}",
                                           "8.0.0");
    struct conditions same = conditions_of("{\"kernel\": \"6\", \"load_average\": \"9\"}",
                                           "{\"timeout\": \"30s\", \"seed\": 2}",
                                           "8.0.0");
    struct conditions machine = conditions_of("{\"kernel\": \"7\"}",
                                              "{\"timeout\": \"30s\"}", "8.0.0");
    struct conditions plan = conditions_of(
        "{\"kernel\": \"6\"}", "{\"timeout\": \"30s\", \"delay\": \"1s\"}", "8.0.0");
    struct conditions subject = conditions_of("{\"kernel\": \"6\"}",
                                              "{\"timeout\": \"30s\"}", "8.1.0");

    (void)state;
    expect_env(&base, &same, COMPARE_NOTED, "");
    expect_env(&base, &machine, COMPARE_NOT_COMPARABLE,
               "machine.kernel is \"6\" in B and \"7\" in N");
    expect_env(&base, &plan, COMPARE_NOT_COMPARABLE,
               "delay is \"50ms\" in B and \"1s\" in N");
    expect_env(&base, &nothing, COMPARE_NOT_COMPARABLE,
               "no env.json beside the rows of N");
    expect_env(&nothing, &base, COMPARE_NOT_COMPARABLE,
               "no env.json beside the rows of B");
    expect_env(&base, &subject, COMPARE_NOTED,
               "libraries.libcurl is \"8.0.0\" in B and \"8.1.0\" in N");
    conditions_free(&base);
    conditions_free(&same);
    conditions_free(&machine);
    conditions_free(&plan);
    conditions_free(&subject);
}

/* -- claims -------------------------------------------------------------------- */

static void expect_claims(const struct runs *runs, const char *variants,
                          enum compare_problem_kind kind, const char *words)
{
    struct compare_source base = {"base", runs, "base"};
    struct compare_source head = {"new", runs, "new"};
    struct comparison comparison = {.base = {.name = "base"}, .head = {.name = "new"}};
    struct conditions conditions = {
        .plan = json_pack("{s:o}", "variants", json_loads(variants, 0, NULL))};

    assert_non_null(conditions.plan);
    assert_int_equal(
        compare_env_check_claims(&comparison, &base, &head, &conditions, NULL), 0);
    expect_problem(&comparison, kind, words);
    comparison_free(&comparison);
    conditions_free(&conditions);
}

static void test_claims(void **state)
{
    static const char claims[] =
        "{\"base\": {}, \"new\": {\"LD_LIBRARY_PATH\": \"/opt/x\"}}";
    struct runs runs = {0};

    (void)state;
    paired_runs_add(&runs, &cell, 3);
    expect_claims(&runs, "{\"base\": {}, \"new\": {\"A\": \"1\"}}", COMPARE_NOTED, "");
    expect_claims(&runs, claims, COMPARE_NOT_COMPARABLE, "new sets another");
    /* Two builds of one version differ in their build ids. */
    for (size_t i = 1; i < runs.count; i += 2)
        row_set_text(&runs.rows[i], COLUMN_libcurl_build_id, "abc");
    expect_claims(&runs, claims, COMPARE_NOTED, "");
    row_set_text(&runs.rows[5], COLUMN_libcurl_build_id, "def");
    expect_claims(&runs, claims, COMPARE_NOT_COMPARABLE,
                  "rows of new ran with different");
    runs_free(&runs);
}

/* A copy of a library under another path counts as the same library; without build ids
 * the path decides. */
static void test_claims_of_a_copy(void **state)
{
    static const char claims[] =
        "{\"base\": {}, \"new\": {\"LD_LIBRARY_PATH\": \"/opt/x\"}}";
    struct runs runs = {0};

    (void)state;
    paired_runs_add(&runs, &cell, 3);
    for (size_t i = 0; i < runs.count; i++)
        row_set_text(&runs.rows[i], COLUMN_libcurl_file, i % 2 ? "/opt/x/l" : "/usr/l");
    expect_claims(&runs, claims, COMPARE_NOTED, "");
    for (size_t i = 0; i < runs.count; i++)
        row_set_text(&runs.rows[i], COLUMN_libcurl_build_id, "abc");
    expect_claims(&runs, claims, COMPARE_NOT_COMPARABLE, "new sets another");
    runs_free(&runs);
}

/* Cells that only one plan selects are named; cells that both select are missing. */
static void test_selections(void **state)
{
    struct compare_options options = compare_options_default();

    (void)state;
    for (int differ = 0; differ < 2; differ++) {
        struct runs runs = {0};
        struct comparison comparison;

        options.selections_differ = differ;
        paired_runs_add(&runs, &cell, 3);
        lose_head(&runs);
        comparison = paired_runs_compare(&runs, &options);
        assert_int_equal(comparison.problems[0].kind,
                         differ ? COMPARE_NOTED : COMPARE_INCOMPLETE);
        assert_non_null(strstr(comparison.problems[0].text, "has no row of this cell"));
        comparison_free(&comparison);
        runs_free(&runs);
    }
}

static void test_versions(void **state)
{
    struct comparison comparison = {.base = {.name = "base"}};
    struct runs runs = {0};
    struct compare_source base = {"base", &runs, "base"};

    (void)state;
    paired_runs_add(&runs, &cell, 3);
    assert_int_equal(compare_env_check_version(&comparison, &base, "8.0.0", NULL), 0);
    assert_int_equal(compare_env_check_version(&comparison, &base, NULL, NULL), 0);
    expect_problem(&comparison, COMPARE_NOTED, "");
    assert_int_equal(compare_env_check_version(&comparison, &base, "8.1.0", NULL), 0);
    expect_problem(&comparison, COMPARE_NOT_COMPARABLE,
                   "with libcurl 8.0.0, not with 8.1");
    comparison_free(&comparison);
    runs_free(&runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_nothing_compared_is_a_problem),
        cmocka_unit_test(test_machines_and_plans),
        cmocka_unit_test(test_claims),
        cmocka_unit_test(test_claims_of_a_copy),
        cmocka_unit_test(test_selections),
        cmocka_unit_test(test_versions),
    };

    return cmocka_run_group_tests_name("compare_check", tests, NULL, NULL);
}
