/* test_compare_rates.c - comparisons of cells with rates, or with a duration. */
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "analysis/report/compare_json.h"
#include "analysis/report/compare_markdown.h"
#include "analysis/report/compare_table.h"
#include "analysis/report/junit.h"
#include "tests/support/check.h"
#include "tests/support/rate_rows.h"

enum { ROUNDS = RATE_ROUNDS_MAX };

/* Both sides of one cell. */
struct sides {
    struct rate_rows base, head;
    double cpu_ratio, p99_ratio;         /* of head; 0: 1 */
    size_t base_not_held, head_not_held; /* rounds */
    size_t head_endless;
};

static void add_side(struct runs *runs, const struct sides *sides, bool is_head)
{
    struct rate_rows cell = is_head ? sides->head : sides->base;
    double cpu = is_head && sides->cpu_ratio > 0 ? sides->cpu_ratio : 1;
    double p99 = is_head && sides->p99_ratio > 0 ? sides->p99_ratio : 1;
    size_t not_held = is_head ? sides->head_not_held : sides->base_not_held;

    cell.variant = is_head ? "head" : "base";
    for (size_t i = 0; i < ROUNDS; i++) {
        struct row row;

        cell.p99_us[i] = 2000 * p99 * (1 + 0.003 * (double)((i * 5 + is_head) % 7));
        cell.throughput[i] = 5000;
        cell.cores = 0.4 * cpu * (1 + 0.003 * (double)((i * 3 + is_head) % 7));
        cell.notes[0] = NULL;
        row = rate_rows_row(&cell, i);
        row_set_number(&row, COLUMN_overhead_s,
                       0.1); /* in place of none, so that it could */
        if (i < not_held)
            row_set_text(&row, COLUMN_notes, "rate-not-held");
        if (is_head && i < sides->head_endless) {
            row.fields[COLUMN_latency_p99_us].present = false;
            row_set_count(&row, COLUMN_unfinished, 400);
        }
        assert_int_equal(runs_add(runs, &row, NULL), 0);
    }
}

static const struct rate_rows at_rate = {.strategy = "loop", .rate = 2000};
static const struct rate_rows at_level = {.strategy = "loop", .level = 100};

static struct comparison compare(const struct sides *sides, struct runs *runs,
                                 const struct compare_options *options)
{
    struct compare_source base = {"base", runs, "base"};
    struct compare_source head = {"head", runs, "head"};
    struct comparison comparison;

    *runs = (struct runs){.rows = NULL};
    add_side(runs, sides, false);
    add_side(runs, sides, true);
    assert_int_equal(comparison_make(&comparison, &base, &head, options, NULL), 0);
    return comparison;
}

static bool gates(const struct comparison *comparison, enum metric metric)
{
    for (size_t i = 0; i < comparison->item_count; i++)
        if (comparison->items[i].metric == metric && comparison->items[i].gates)
            return true;
    return false;
}

/* CPU time and p99 latency gate where the duration is given: the cost time is about the
 * same on any side then. */
static void test_gates(void **state)
{
    const struct rate_rows *const cells[] = {&at_rate, &at_level};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct sides sides = {*cells[i], *cells[i], .p99_ratio = 1};
        struct compare_options options = compare_options_default();
        struct runs runs;
        struct comparison comparison = compare(&sides, &runs, &options);

        assert_int_equal(comparison.point_kind, i ? POINT_LEVEL : POINT_RATE);
        assert_int_equal(comparison.items[0].level, i ? 100 : 2000);
        assert_true(gates(&comparison, METRIC_cpu) && gates(&comparison, METRIC_p99));
        assert_false(gates(&comparison, METRIC_cost) ||
                     gates(&comparison, METRIC_overhead));
        assert_int_equal(compare_outcome(&comparison), COMPARE_CLEAR);
        assert_int_equal(comparison.problem_count, 0);
        comparison_free(&comparison);
        runs_free(&runs);
    }
}

static void test_latency(void **state)
{
    static const struct {
        double p99_ratio;
        enum compare_outcome outcome;
    } cases[] = {
        {1.4, COMPARE_REGRESSION},
        {0.6, COMPARE_CLEAR},
        {1, COMPARE_CLEAR},
    };
    struct compare_options options = compare_options_default();

    (void)state;
    options.by_cells = true;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sides sides = {at_rate, at_rate, .p99_ratio = cases[i].p99_ratio};
        struct runs runs;
        struct comparison comparison = compare(&sides, &runs, &options);

        assert_int_equal(compare_outcome(&comparison), cases[i].outcome);
        comparison_free(&comparison);
        runs_free(&runs);
    }
}

/* A side that no longer holds the rate never passes, with any figures. */
static void test_not_held(void **state)
{
    static const struct {
        size_t base, head, endless;
        double cpu_ratio, p99_ratio;
        enum compare_outcome outcome;
        const char *problem;
    } cases[] = {
        {0, 1, 0, 1, 1, COMPARE_ROWS_MISSING,
         "head did not hold the rate in 1 of 8 rounds, base in 0 of 8"},
        {0, 8, 0, 0.5, 0.5, COMPARE_ROWS_MISSING, "head did not hold the rate in 8"},
        {0, 8, 0, 0.5, 90, COMPARE_REGRESSION, "head did not hold the rate in 8"},
        {8, 0, 0, 1, 1, COMPARE_CLEAR,
         "head did not hold the rate in 0 of 8 rounds, base in 8 of 8"},
        {3, 3, 0, 1, 1, COMPARE_CLEAR, "in 3 of 8 rounds, base in 3 of 8"},
        {0, 0, 2, 1, 1, COMPARE_ROWS_MISSING,
         "head has no p99 latency, since too many requests never ended, in 2 of 8"},
    };
    struct compare_options options = compare_options_default();

    (void)state;
    options.by_cells = true;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct sides sides = {at_rate,
                              at_rate,
                              .cpu_ratio = cases[i].cpu_ratio,
                              .p99_ratio = cases[i].p99_ratio,
                              .base_not_held = cases[i].base,
                              .head_not_held = cases[i].head,
                              .head_endless = cases[i].endless};
        struct runs runs;
        struct comparison comparison = compare(&sides, &runs, &options);

        if (compare_outcome(&comparison) != cases[i].outcome)
            fail_msg("case %zu: %s", i,
                     compare_outcome_word(compare_outcome(&comparison)));
        assert_int_equal(comparison.problem_count, 1);
        if (!strstr(comparison.problems[0].text, cases[i].problem))
            fail_msg("case %zu: %s", i, comparison.problems[0].text);
        comparison_free(&comparison);
        runs_free(&runs);
    }
}

/* -- what is printed ----------------------------------------------------------- */

static int write_table(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_table_write(comparison, true, out, err);
}

static int write_markdown(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_markdown_write(comparison, "again", out, err);
}

static void test_names(void **state)
{
    static const struct {
        int (*write)(const struct comparison *, FILE *, struct err *);
        const char *present[3], *absent;
    } cases[] = {
        {write_table, {" rate metric ", " 2000/s p99", "loop@2000: head"}, "level"},
        {write_markdown, {"| strategy | rate |", "| 2000/s |", "@2000: head"}, "level"},
        {compare_json_write, {"\"rate_rps\": 2000"}, "\"level\""},
        {junit_write, {"name=\"rate 2000/s: p99\""}, "level"},
    };
    const struct sides sides = {at_rate, at_rate, .head_not_held = 1};
    struct compare_options options = compare_options_default();
    struct runs runs;
    struct comparison comparison = compare(&sides, &runs, &options);

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        assert_int_equal(cases[i].write(&comparison, out, NULL), 0);
        assert_int_equal(fclose(out), 0);
        for (size_t j = 0; j < 3 && cases[i].present[j]; j++)
            if (!strstr(text, cases[i].present[j]))
                fail_msg("'%s' is missing in:\n%s", cases[i].present[j], text);
        if (strstr(text, cases[i].absent))
            fail_msg("'%s' stands in:\n%s", cases[i].absent, text);
        free(text);
    }
    comparison_free(&comparison);
    runs_free(&runs);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_latency),
        cmocka_unit_test(test_not_held),
        cmocka_unit_test(test_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
