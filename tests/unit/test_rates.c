/* test_rates.c - summaries, tables and exports of rates, and of levels with a duration.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/github_benchmark.h"
#include "analysis/report/html_latency.h"
#include "analysis/report/html_table.h"
#include "analysis/report/hyperfine.h"
#include "analysis/report/plot.h"
#include "analysis/report/summary_csv.h"
#include "analysis/report/summary_json.h"
#include "analysis/report/summary_markdown.h"
#include "analysis/report/summary_query.h"
#include "analysis/report/table.h"
#include "tests/support/check.h"
#include "tests/support/rate_rows.h"
#include "tests/support/text_checks.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct rate_rows levels[] = {
    {.strategy = "loop",
     .level = 10,
     .p99_us = {1000, 1010, 1020},
     .throughput = {900, 905, 910}},
    {.strategy = "loop",
     .level = 100,
     .p99_us = {2000, 2010, 2020},
     .throughput = {9000, 9050, 9100}},
    {.strategy = "threads",
     .level = 100,
     .p99_us = {4000, 4010, 4020},
     .throughput = {6000, 6050, 6100}},
};

static char *sample_written(const struct view *view, summary_write_fn *write)
{
    return rate_rows_written(rate_rows_sample, COUNT_OF(rate_rows_sample), view, write);
}

/* The texts, up to NULL, stand in it in this order. */
static void expect_in_order(const char *text, const char *const *expected)
{
    const char *at = text;

    for (; *expected; expected++) {
        at = strstr(at, *expected);
        if (!at) {
            fail_msg("'%s' is missing, or not behind what precedes it, in:\n%s",
                     *expected, text);
            return;
        }
    }
}

#define EXPECT_IN_ORDER(text, ...) \
    expect_in_order(text, (const char *const[]){__VA_ARGS__, NULL})

/* -- summaries ----------------------------------------------------------------- */

static void test_cells_by_rate(void **state)
{
    struct runs runs;
    struct summary summary;
    const struct summary_cell *cell;

    (void)state;
    rate_rows_summary(rate_rows_sample, COUNT_OF(rate_rows_sample), &runs, &summary);
    assert_int_equal(summary.count, 9);
    assert_int_equal(summary.kind, POINT_RATE);
    assert_true(summary.timed);
    assert_int_equal(summary_highest_point(&summary, "default"), 5000);
    cell = summary_find(&summary, "default", "loop", 2000);
    assert_non_null(cell);
    assert_int_equal(cell->valid_rounds, 3);
    assert_true(cell->spreads[SUMMARY_latency_p99_us].median == 1520);
    assert_true(isnan(cell->spreads[METRIC_memory].median));
    assert_null(summary_find(&summary, "default", "loop", RATE_LIMIT - 1));
    summary_free(&summary);
    runs_free(&runs);
    rate_rows_summary(levels, COUNT_OF(levels), &runs, &summary);
    assert_int_equal(summary.kind, POINT_LEVEL);
    assert_true(summary.timed);
    summary_free(&summary);
    runs_free(&runs);
}

/* The latency of a request that never ended is longer than all others; it has not failed,
 * and costs nothing. */
static void test_unfinished(void **state)
{
    struct rate_rows cell = {
        .strategy = "s", .rate = 1000, .p99_us = {1000, 1000, 1000}, .unfinished = 500};
    struct runs runs = {.rows = NULL};
    struct summary summary;
    const struct summary_cell *found;

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct row row;

        cell.unfinished = i ? 500 : 0; /* 5 % of them in two rounds of three */
        row = rate_rows_row(&cell, i);
        if (i)
            row.fields[COLUMN_latency_p99_us].present = false;
        row.fields[COLUMN_latency_p90_us].present = false; /* for another reason */
        assert_int_equal(runs_add(&runs, &row, NULL), 0);
    }
    assert_int_equal(summary_make(&summary, &runs, NULL, NULL), 0);
    found = &summary.cells[0];
    assert_true(isinf(found->spreads[SUMMARY_latency_p99_us].median));
    assert_true(found->spreads[SUMMARY_latency_p99_us].min == 1000);
    assert_true(isnan(found->spreads[SUMMARY_latency_p90_us].median));
    assert_true(summary_failed_percent(found) == 0);
    assert_true(found->spreads[METRIC_cpu].max > found->spreads[METRIC_cpu].min * 1.05);
    summary_free(&summary);
    runs_free(&runs);
}

/* -- tables -------------------------------------------------------------------- */

static void test_table_of_rates(void **state)
{
    struct view view = {.columns = 100};
    char *text = sample_written(&view, table_print);

    (void)state;
    EXPECT_IN_ORDER(text, "Latency, 99th percentile; further columns at rate 5000/s\n",
                    "rate ", "500/s", "2000/s", "5000/s", "reached", "p50", "p99.9",
                    "late p99", "CPU", "unfinished\n", "loop", "1.21ms", "1.52ms",
                    "3.20ms", "5000", "1.07ms", "6.40ms", "100us", "166us", "0\n",
                    "processes", "407ms<", "2.90s<", "1990", "12\n", "threads", "903ms<",
                    "3120", "0\n", "< rate not held (");
    assert_null(strstr(text, "level"));
    assert_null(strstr(text, "theoretical"));
    assert_null(strstr(text, "Cost"));
    free(text);
    view.show.wanted[SHOWN_reached] = view.show.wanted[SHOWN_unfinished] = true;
    view.show.wanted[SHOWN_memory] = true;
    text = sample_written(&view, table_print);
    EXPECT_IN_ORDER(text, "Memory per request", "no row has it\n", "Rate reached",
                    "rate ", "3120<", "Requests that never ended", "12<");
    free(text);
}

/* Columns that are empty, or all 0, are left out. */
static void test_no_empty_columns(void **state)
{
    struct view view = {.columns = 100};
    char *text = rate_rows_written(rate_rows_sample, 1, &view, table_print);

    (void)state;
    assert_non_null(strstr(text, "500/s"));
    assert_null(strstr(text, "p99.9")); /* of 5,000 requests */
    assert_null(strstr(text, "unfinished"));
    assert_null(strstr(text, "is empty"));
    free(text);
}

static void test_few_requests(void **state)
{
    static const struct rate_rows few[] = {
        {.strategy = "loop", .rate = 5, .p99_us = {NAN, NAN}},
        {.strategy = "loop", .rate = 500, .p99_us = {1200, 1210}},
    };
    static const struct rate_rows unstamped[] = {
        {.strategy = "program",
         .rate = 500,
         .p99_us = {NAN, NAN},
         .notes = {"no-stamps"}},
    };
    struct view view = {.columns = 80};
    char *text = rate_rows_written(few, COUNT_OF(few), &view, table_print);

    (void)state;
    EXPECT_IN_ORDER(text, "1.20ms", "p99 is empty below 100 good requests per cell\n");
    free(text);
    text = rate_rows_written(unstamped, COUNT_OF(unstamped), &view, table_print);
    assert_null(strstr(text, "is empty"));
    free(text);
}

static void test_table_of_durations(void **state)
{
    struct view view = {.columns = 80};
    char *text = rate_rows_written(levels, COUNT_OF(levels), &view, table_print);

    (void)state;
    EXPECT_IN_ORDER(text, "Requests per second; spread (+-) and latency at level 100\n",
                    "level ", " 10 ", "100", "+-", "p50", "p99\n", "905", "9050", "1%",
                    "670us", "2.01ms\n");
    assert_null(strstr(text, "Cost"));
    free(text);
}

/* Drawn delays have a theoretical minimum only where the requests are given. */
static void test_no_ideal(void **state)
{
    struct view view = {.columns = 80};
    struct runs runs = {.rows = NULL};
    struct row row = rate_rows_row(&rate_rows_sample[0], 0);
    struct summary summary;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    row_set_text(&row, COLUMN_delay_model, "uniform:1ms..9ms");
    assert_int_equal(runs_add(&runs, &row, NULL), 0);
    assert_int_equal(summary_make(&summary, &runs, NULL, NULL), 0);
    assert_int_equal(table_print(&summary, &view, out, NULL), 0);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "500/s"));
    assert_null(strstr(text, "theoretical minimum"));
    free(text);
    summary_free(&summary);
    runs_free(&runs);
}

static void test_widths(void **state)
{
    static const unsigned widths[] = {80, 100, 120, 200};
    struct rate_rows cells[40];

    (void)state;
    for (size_t i = 0; i < 40; i++)
        cells[i] = (struct rate_rows){.strategy = i < 20 ? "event-loop-per-core"
                                                         : "threads",
                                      .rate = 100 + i % 20 * 1000,
                                      .p99_us = {1234, 1235, 1336},
                                      .notes = {i == 39 ? "rate-not-held" : NULL},
                                      .unfinished = i == 39 ? 3 : 0};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        struct view view = {.columns = widths[i]};
        char *text = rate_rows_written(cells, 40, &view, table_print);

        assert_true(longest_line(text) <= widths[i]);
        assert_non_null(strstr(text, "19100/s"));
        if (widths[i] < 200)
            assert_non_null(strstr(text, "--show"));
        free(text);
    }
}

static void test_chart(void **state)
{
    struct view view = {.columns = 80, .chart = true};
    char *text = sample_written(&view, table_print);

    (void)state;
    EXPECT_IN_ORDER(text, "Latency, 99th percentile, rate 5000/s; logarithmic", "3.20ms",
                    "903ms");
    free(text);
}

/* -- pictures ------------------------------------------------------------------ */

static void test_curves(void **state)
{
    static const struct plot_set none = {{false}};
    struct runs runs;
    struct summary summary;
    struct plot_data data;

    (void)state;
    rate_rows_summary(rate_rows_sample, COUNT_OF(rate_rows_sample), &runs, &summary);
    assert_true(plot_set_of(&none, &summary).wanted[PLOT_p99]);
    assert_false(plot_set_of(&none, &summary).wanted[PLOT_cost]);
    assert_int_equal(plot_data_make(&data, &summary, PLOT_p99, "loop", NULL), 0);
    assert_int_equal(data.count, 3);
    assert_string_equal(data.curves[1].strategy, "processes");
    assert_true(data.curves[0].knee == 0); /* it held all rates */
    assert_true(data.curves[1].knee == 500);
    assert_true(data.curves[2].knee == 2000);
    assert_false(data.curves[1].points[0].hollow);
    assert_true(data.curves[1].points[1].hollow && data.curves[1].points[2].hollow);
    assert_true(data.curves[1].points[1].at == 2000);
    assert_int_equal(data.bound_count, 0);
    plot_data_free(&data);
    assert_int_equal(plot_data_make(&data, &summary, PLOT_reached, "loop", NULL), 0);
    assert_int_equal(data.bound_count, 3); /* the rates that were asked for */
    assert_true(data.bound[2].median == 5000);
    plot_data_free(&data);
    assert_int_equal(plot_data_make(&data, &summary, PLOT_cost, "loop", NULL), 0);
    assert_int_equal(data.count, 0); /* it is the duration */
    plot_data_free(&data);
    summary_free(&summary);
    runs_free(&runs);
    rate_rows_summary(levels, COUNT_OF(levels), &runs, &summary);
    assert_true(plot_set_of(&none, &summary).wanted[PLOT_throughput]);
    summary_free(&summary);
    runs_free(&runs);
}

static void test_script(void **state)
{
    static const char *const order[] = {"loop", "threads", "processes", NULL};
    struct runs runs;
    struct summary summary;
    char *script;
    size_t size;

    (void)state;
    rate_rows_summary(rate_rows_sample, COUNT_OF(rate_rows_sample), &runs, &summary);
    assert_int_equal(
        plot_script(&script, &size, &summary, PLOT_p99, order, PLOT_SVG, NULL), 0);
    EXPECT_IN_ORDER(script, "\n2000 406520 406500 406530 1\n",
                    "rate: requests that become due per second", "with points pt 6");
    assert_non_null(strstr(script, "hollow"));
    assert_null(strstr(script, "level"));
    free(script);
    summary_free(&summary);
    runs_free(&runs);
}

/* -- exports ------------------------------------------------------------------- */

static void test_exports(void **state)
{
    static const struct {
        summary_write_fn *write;
        const char *present[3], *absent;
    } cases[] = {
        {summary_csv_write,
         {"variant,strategy,rate_rps,", "default,loop,2000,3,3,",
          ",capacity,begun_median_rps,"},
         NULL},
        {summary_json_write,
         {"\"rate_rps\": 2000", "\"kind\": \"summary\""},
         "\"level\""},
        {summary_markdown_write,
         {"| rate | strategy |", "| 2000/s | **loop** |"},
         "level"},
        {github_benchmark_write, {"\"loop/2000rps/cpu\""}, "loop/500/"},
        {hyperfine_write, {"\"loop 2000/s\"", "\"rate\": \"2000\""}, "\"level\""},
    };
    struct view view = {.columns = 80};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text = sample_written(&view, cases[i].write);

        for (size_t j = 0; j < 3 && cases[i].present[j]; j++)
            if (!strstr(text, cases[i].present[j]))
                fail_msg("'%s' is missing in:\n%s", cases[i].present[j], text);
        if (cases[i].absent && strstr(text, cases[i].absent))
            fail_msg("'%s' stands in:\n%s", cases[i].absent, text);
        free(text);
    }
}

static int write_html(const struct summary *summary, const struct view *view, FILE *out,
                      struct err *err)
{
    static const char *const order[] = {NULL};

    (void)view;
    html_tables_write(summary, order, out);
    html_invalid_write(summary, out);
    return html_latency_write(summary, order, out, err);
}

static void test_html(void **state)
{
    char *text = sample_written(&(struct view){.columns = 80}, write_html);

    (void)state;
    EXPECT_IN_ORDER(text, ">rate</th>", "CPU per request", "latency p99.9",
                    "lateness p99", "reached per second", "unfinished", ">5000/s<",
                    "3120", "rate-not-held", "Rate 5000/s: median",
                    "; rate not held: processes, threads</");
    assert_null(strstr(text, "cost time"));
    assert_null(strstr(text, ">level<"));
    free(text);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cells_by_rate),  cmocka_unit_test(test_unfinished),
        cmocka_unit_test(test_table_of_rates), cmocka_unit_test(test_no_empty_columns),
        cmocka_unit_test(test_few_requests),   cmocka_unit_test(test_table_of_durations),
        cmocka_unit_test(test_no_ideal),       cmocka_unit_test(test_widths),
        cmocka_unit_test(test_chart),          cmocka_unit_test(test_exports),
        cmocka_unit_test(test_curves),         cmocka_unit_test(test_script),
        cmocka_unit_test(test_html),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
