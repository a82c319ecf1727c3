/* test_compare.c - the verdicts on two sides, and the rows and options that keep a
 * difference from passing unnoticed. */
#include "analysis/compare/judge.h"
#include "analysis/report/compare_text.h"
#include "tests/support/check.h"
#include "tests/support/paired_runs.h"

#include <math.h>
#include <string.h>

/* -- verdicts ------------------------------------------------------------------ */

/* One cell of a given difference, judged alone. */
static struct compare_item judged(const struct paired_runs *sides, enum metric metric,
                                  const struct compare_options *options)
{
    struct runs runs = {0};
    struct comparison comparison;
    struct compare_item item;

    paired_runs_add(&runs, sides, 7);
    comparison = paired_runs_compare(&runs, options);
    item = *paired_runs_item(&comparison, sides->strategy, sides->level, metric);
    comparison_free(&comparison);
    runs_free(&runs);
    return item;
}

static void test_verdicts(void **state)
{
    static const struct {
        struct paired_runs sides;
        enum compare_verdict verdict;
        const char *reason;
    } cases[] = {
        {{"s", 10, 20, 1.25, 0.02, NULL}, COMPARE_SLOWER, ""},
        {{"s", 10, 20, 0.75, 0.02, NULL}, COMPARE_FASTER, ""},
        {{"s", 10, 20, 1.00, 0.02, NULL}, COMPARE_SAME, ""},
        /* The interval reaches beyond the threshold on both sides; nothing is proved. */
        {{"s", 10, 20, 1.00, 0.50, NULL}, COMPARE_CANNOT_TELL, "too noisy"},
        /* Certainly slower, but perhaps by less than the threshold. */
        {{"s", 10, 20, 1.04, 0.02, NULL}, COMPARE_CANNOT_TELL, "no more than 5 %"},
        /* Four pairs cannot reach a p below 0.125. */
        {{"s", 10, 4, 9.00, 0.01, NULL},
         COMPARE_CANNOT_TELL,
         "4 rounds cannot decide 2 comparisons;"},
        {{"s", 10, 1, 9.00, 0.01, NULL},
         COMPARE_CANNOT_TELL,
         "1 round cannot decide 2 comparisons;"},
    };
    struct compare_options options = compare_options_default();

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct compare_item item = judged(&cases[i].sides, METRIC_cpu, &options);

        if (item.verdict != cases[i].verdict)
            fail_msg("case %zu is %s: ratio %g [%g, %g]", i,
                     compare_verdict_word(item.verdict), item.ratio.estimate,
                     item.ratio.low, item.ratio.high);
        if (!strstr(item.reason, cases[i].reason))
            fail_msg("case %zu: '%s' has no '%s'", i, item.reason, cases[i].reason);
        assert_int_equal(item.pairs, cases[i].sides.rounds);
    }
}

/* It may be faster or the same, but it is not slower, so a gate need not wait. */
static void test_not_slower(void **state)
{
    const struct paired_runs faster = {"s", 10, 20, 0.95, 0.05, NULL};
    struct compare_options options = compare_options_default();
    struct comparison comparison;
    struct runs runs = {0};

    (void)state;
    paired_runs_add(&runs, &faster, 7);
    comparison = paired_runs_compare(&runs, &options);
    for (size_t i = 0; i < comparison.item_count; i++) {
        const struct compare_item *item = &comparison.items[i];

        if (item->verdict == COMPARE_NOT_SLOWER)
            assert_true(item->ratio.high <= 1.05 ||
                        item->shift.high <= metrics[item->metric].floor);
    }
    assert_int_equal(paired_runs_item(&comparison, "s", 10, METRIC_cpu)->verdict,
                     COMPARE_NOT_SLOWER);
    assert_int_equal(compare_count(&comparison, COMPARE_NOT_SLOWER), 2);
    assert_int_equal(compare_count(&comparison, COMPARE_CANNOT_TELL), 0);
    comparison_free(&comparison);
    runs_free(&runs);
    assert_int_equal(
        judged(&(struct paired_runs){"s", 10, 4, 0.5, 0.01, NULL}, METRIC_cpu, &options)
            .verdict,
        COMPARE_CANNOT_TELL);
}

/* The figures printed beside a change differ in its direction. The median of new alone
 * may not, since a change is estimated from pairs. */
static void test_figures_agree_with_the_change(void **state)
{
    static const double base[] = {1.00, 1.01, 1.02, 9.0, 9.1, 9.2, 9.3};
    static const double head[] = {1.07, 1.08, 1.09, 0.98, 9.7, 9.8, 9.9};
    const struct judge_sample sample = {base, head, 7, 7, true};
    struct compare_item item = {.metric = METRIC_cost, .threshold = 0.05};

    (void)state;
    assert_int_equal(judge_measure(&item, &sample, 0.95, NULL), 0);
    assert_true(item.ratio.estimate > 1);
    assert_true(compare_head_figure(&item) > item.base_median);
    item.ratio.estimate = NAN;
    item.shift.estimate = -0.5;
    assert_true(compare_head_figure(&item) < item.base_median);
}

/* A metric that no row has gates only if it was requested by name: without an ideal there
 * is no overhead. */
static void test_default_gates(void **state)
{
    const struct paired_runs same = {"s", 10, 20, 1.0, 0.02, NULL};
    struct compare_options options = compare_options_default();
    struct comparison comparison;
    struct runs runs = {0};

    (void)state;
    paired_runs_add(&runs, &same, 7);
    for (size_t i = 0; i < runs.count; i++)
        runs.rows[i].fields[COLUMN_overhead_s].present = false;
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(comparison.family, 2);
    assert_true(paired_runs_item(&comparison, "s", 10, METRIC_cpu)->gates);
    assert_true(paired_runs_item(&comparison, "s", 10, METRIC_cost)->gates);
    comparison_free(&comparison);
    options.gates_by_default = false;
    comparison = paired_runs_compare(&runs, &options);
    assert_true(paired_runs_item(&comparison, "s", 10, METRIC_overhead)->gates);
    assert_false(paired_runs_item(&comparison, "s", 10, METRIC_cost)->gates);
    assert_int_equal(compare_count(&comparison, COMPARE_CANNOT_TELL), 1);
    comparison_free(&comparison);
    runs_free(&runs);
}

/* Each of the three conditions alone prevents the verdict 'slower'. */
static void test_a_regression_needs_all_three(void **state)
{
    const struct paired_runs slower = {"s", 10, 20, 1.25, 0.02, NULL};
    struct compare_options options = compare_options_default();
    struct comparison comparison;
    struct runs runs = {0};

    (void)state;
    assert_int_equal(judged(&slower, METRIC_cpu, &options).verdict, COMPARE_SLOWER);
    options.threshold = 0.4; /* the interval ends below it */
    assert_int_equal(judged(&slower, METRIC_cpu, &options).verdict, COMPARE_SAME);
    options = compare_options_default();
    options.alpha = 1e-6; /* 20 rounds cannot prove it at this level */
    assert_int_equal(judged(&slower, METRIC_cpu, &options).verdict, COMPARE_CANNOT_TELL);

    /* 25 % of 2 us is proved and far beyond the threshold, but irrelevant. */
    options = compare_options_default();
    paired_runs_add(&runs, &slower, 7);
    for (size_t i = 0; i < runs.count; i++)
        row_set_number(&runs.rows[i], COLUMN_user_s,
                       row_number(&runs.rows[i], COLUMN_user_s) / 50);
    comparison = paired_runs_compare(&runs, &options);
    assert_true(paired_runs_item(&comparison, "s", 10, METRIC_cpu)->ratio.low > 1.05);
    assert_int_equal(paired_runs_item(&comparison, "s", 10, METRIC_cpu)->verdict,
                     COMPARE_SAME);
    comparison_free(&comparison);
    runs_free(&runs);
}

/* With this seed, a p of 0.002 suffices for one comparison but not for one of sixty. */
static void test_multiple_comparisons_are_corrected(void **state)
{
    struct compare_options options = compare_options_default();
    struct paired_runs cell = {"s", 1, 10, 1.2, 0.02, NULL};
    struct runs runs = {0};
    struct comparison comparison;

    (void)state;
    paired_runs_add(&runs, &cell, 3);
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(comparison.family, 2);
    assert_int_equal(paired_runs_item(&comparison, "s", 1, METRIC_cpu)->verdict,
                     COMPARE_SLOWER);
    comparison_free(&comparison);
    cell.ratio = 1;
    for (cell.level = 2; cell.level <= 30; cell.level++)
        paired_runs_add(&runs, &cell, cell.level);
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(comparison.family, 60);
    assert_int_equal(paired_runs_item(&comparison, "s", 1, METRIC_cpu)->verdict,
                     COMPARE_CANNOT_TELL);
    assert_true(isinf(paired_runs_item(&comparison, "s", 1, METRIC_cpu)->detectable));
    comparison_free(&comparison);
    runs_free(&runs);
}

/* One cell alone would be slower: its interval is beyond the threshold and p is small
 * enough for one test. Among thirty cells p is too large; the other conditions hold. */
static void test_large_p_alone_prevents_a_verdict(void **state)
{
    struct compare_options options = compare_options_default();
    struct paired_runs cell = {"s", 1, 12, 1.2, 0.1, NULL};
    struct runs runs = {0};
    struct comparison comparison;
    const struct compare_item *item;

    (void)state;
    options.by_cells = true; /* which use all of alpha */
    paired_runs_add(&runs, &cell, 3);
    cell.ratio = 1;
    for (cell.level = 2; cell.level <= 30; cell.level++)
        paired_runs_add(&runs, &cell, cell.level);
    comparison = paired_runs_compare(&runs, &options);
    item = paired_runs_item(&comparison, "s", 1, METRIC_cpu);
    assert_true(item->ratio.low > 1.05);
    assert_true(item->p < 0.05);
    assert_true(item->p_adjusted > 0.05);
    assert_true(item->detectable < INFINITY);
    assert_int_equal(item->verdict, COMPARE_CANNOT_TELL);
    comparison_free(&comparison);
    runs_free(&runs);
}

static void test_interim_analyses_divide_alpha(void **state)
{
    const struct paired_runs cell = {"s", 10, 20, 1.2, 0.02, NULL};
    struct compare_options options = compare_options_default();
    struct runs runs = {0};
    struct comparison comparison;

    (void)state;
    options.analyses = 5;
    paired_runs_add(&runs, &cell, 3);
    comparison = paired_runs_compare(&runs, &options);
    assert_true(fabs(comparison.alpha - 0.005) < 1e-12); /* half of alpha */
    assert_true(fabs(comparison.confidence - 0.995) < 1e-12);
    comparison_free(&comparison);
    options.by_cells = true;
    comparison = paired_runs_compare(&runs, &options);
    assert_true(fabs(comparison.alpha - 0.01) < 1e-12);
    comparison_free(&comparison);
    runs_free(&runs);
}

/* -- error rates --------------------------------------------------------------- */

/* Returns the share of items with this verdict in many sweeps over cells of one true
 * ratio. */
static double share_of(const struct paired_runs *cell, enum compare_verdict verdict,
                       double *detectable)
{
    struct compare_options options = compare_options_default();
    size_t found = 0;
    size_t all = 0;

    *detectable = 0;
    for (uint64_t seed = 1; seed <= 400; seed++) {
        struct runs runs = {0};
        struct comparison comparison;

        paired_runs_add(&runs, cell, seed * 7919);
        comparison = paired_runs_compare(&runs, &options);
        for (size_t i = 0; i < comparison.item_count; i++)
            if (comparison.items[i].gates) {
                found += comparison.items[i].verdict == verdict;
                *detectable += comparison.items[i].detectable;
                all++;
            }
        comparison_free(&comparison);
        runs_free(&runs);
    }
    *detectable /= (double)all;
    return (double)found / (double)all;
}

static void test_false_alarms_are_rare(void **state)
{
    struct paired_runs equal = {"s", 10, 20, 1, 0.05, NULL};
    double detectable;

    (void)state;
    /* The interval must be beyond the threshold too, so the rate is far below alpha. */
    assert_true(share_of(&equal, COMPARE_SLOWER, &detectable) <= 0.005);
    equal.noise = 0.3;
    assert_true(share_of(&equal, COMPARE_SLOWER, &detectable) <= 0.03);
    assert_true(share_of(&equal, COMPARE_SAME, &detectable) <= 0.005);
}

/* A change of the size called detectable is found about four times in five; a change of
 * twice the threshold is never called the same. */
static void test_detectable_changes_are_found(void **state)
{
    struct paired_runs cell = {"s", 10, 25, 1, 0.05, NULL};
    double detectable;
    double found;

    (void)state;
    (void)share_of(&cell, COMPARE_SAME, &detectable);
    cell.ratio = detectable;
    found = share_of(&cell, COMPARE_SLOWER, &detectable);
    if (found < 0.7 || found > 0.95)
        fail_msg("a ratio of %g was found in %g of the sweeps", cell.ratio, found);
    cell.ratio = 1.1;
    assert_true(share_of(&cell, COMPARE_SAME, &detectable) == 0);
}

/* -- what does not gate -------------------------------------------------------- */

static void test_rows_that_do_not_gate(void **state)
{
    static const char *const notes[] = {"measured-once", "reference"};
    struct compare_options options = compare_options_default();

    (void)state;
    for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++) {
        const struct paired_runs cell = {"s", 10, 20, 2, 0.02, notes[i]};

        assert_false(judged(&cell, METRIC_cpu, &options).gates);
    }
    assert_true(
        judged(&(struct paired_runs){"s", 10, 20, 2, 0.02, NULL}, METRIC_cpu, &options)
            .gates);
    assert_false(judged(&(struct paired_runs){"s", 10, 20, 2, 0.02, NULL},
                        METRIC_switches, &options)
                     .gates);
}

/* All rows of a cell repeat one memory probe; twenty copies prove nothing. */
static void test_one_memory_probe_is_one_reading(void **state)
{
    const struct paired_runs cell = {"s", 10, 20, 1, 0.02, NULL};
    struct compare_options options = compare_options_default();
    struct runs runs = {0};
    struct comparison comparison;

    (void)state;
    options.gates[METRIC_memory] = true;
    paired_runs_add(&runs, &cell, 3);
    for (size_t i = 1; i < runs.count; i += 2)
        row_set_count(&runs.rows[i], COLUMN_peak_pss_bytes, 2000000);
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(paired_runs_item(&comparison, "s", 10, METRIC_memory)->pairs, 1);
    assert_int_equal(paired_runs_item(&comparison, "s", 10, METRIC_memory)->verdict,
                     COMPARE_CANNOT_TELL);
    comparison_free(&comparison);
    /* One reading per round counts as many readings as rounds. */
    for (size_t i = 0; i < runs.count; i++)
        row_set_count(&runs.rows[i], COLUMN_peak_pss_bytes,
                      (i % 2 ? 2000000 : 1000000) + 100 * i);
    comparison = paired_runs_compare(&runs, &options);
    assert_int_equal(paired_runs_item(&comparison, "s", 10, METRIC_memory)->pairs, 20);
    assert_int_equal(paired_runs_item(&comparison, "s", 10, METRIC_memory)->verdict,
                     COMPARE_SLOWER);
    comparison_free(&comparison);
    runs_free(&runs);
}

/* A figure of 0 has no ratio, so the difference decides. */
static void test_change_from_zero(void **state)
{
    const struct paired_runs cell = {"s", 10, 20, 1, 0.02, NULL};
    struct compare_options options = compare_options_default();
    struct runs runs = {0};
    struct comparison comparison;
    const struct compare_item *item;

    (void)state;
    options.gates[METRIC_switches] = true;
    paired_runs_add(&runs, &cell, 3);
    for (size_t i = 0; i < runs.count; i += 2)
        row_set_count(&runs.rows[i], COLUMN_voluntary_ctx_switches, 0);
    comparison = paired_runs_compare(&runs, &options);
    item = paired_runs_item(&comparison, "s", 10, METRIC_switches);
    assert_true(isnan(item->ratio.estimate));
    assert_int_equal(item->verdict, COMPARE_SLOWER);
    comparison_free(&comparison);
    runs_free(&runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_not_slower),
        cmocka_unit_test(test_figures_agree_with_the_change),
        cmocka_unit_test(test_default_gates),
        cmocka_unit_test(test_a_regression_needs_all_three),
        cmocka_unit_test(test_multiple_comparisons_are_corrected),
        cmocka_unit_test(test_large_p_alone_prevents_a_verdict),
        cmocka_unit_test(test_interim_analyses_divide_alpha),
        cmocka_unit_test(test_false_alarms_are_rare),
        cmocka_unit_test(test_detectable_changes_are_found),
        cmocka_unit_test(test_rows_that_do_not_gate),
        cmocka_unit_test(test_one_memory_probe_is_one_reading),
        cmocka_unit_test(test_change_from_zero),
    };

    return cmocka_run_group_tests_name("compare", tests, NULL, NULL);
}
