/* test_results.c - CSV, rows, runs, quantiles, summaries. */
#include "analysis/report/summary.h"
#include "analysis/report/summary_query.h"
#include "analysis/rows/csv.h"
#include "analysis/rows/runs.h"
#include "analysis/rows/words.h"
#include "analysis/statistics/stats.h"
#include "tests/support/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- CSV ----------------------------------------------------------------------- */

static void test_csv_reads(void **state)
{
    char text[] = "a,b,c\n"
                  "1,\"two, and \"\"more\"\"\",\n"
                  "\"over\ntwo lines\",,x\r\n"
                  ",,";
    struct csv_reader reader;

    (void)state;
    csv_reader_init(&reader, text);
    assert_int_equal(csv_read(&reader, NULL), 1);
    assert_int_equal(reader.count, 3);
    assert_string_equal(reader.fields[2], "c");
    assert_int_equal(csv_read(&reader, NULL), 1);
    assert_int_equal(reader.line, 2);
    assert_string_equal(reader.fields[1], "two, and \"more\"");
    assert_string_equal(reader.fields[2], "");
    assert_int_equal(csv_read(&reader, NULL), 1);
    assert_string_equal(reader.fields[0], "over\ntwo lines");
    assert_string_equal(reader.fields[2], "x");
    assert_int_equal(csv_read(&reader, NULL), 1);
    assert_int_equal(reader.line, 5);
    assert_int_equal(reader.count, 3);
    assert_int_equal(csv_read(&reader, NULL), 0);
    csv_reader_free(&reader);
}

static void test_csv_refuses(void **state)
{
    static const char *const bad[] = {"\"open", "\"a\"b,c", "x\n\"a\n\nb", "a,\"b\" ,c"};

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char *text = strdup(bad[i]);
        struct csv_reader reader;
        struct err err = {""};
        int more;

        csv_reader_init(&reader, text);
        while ((more = csv_read(&reader, &err)) == 1)
            ;
        assert_int_equal(more, -1);
        assert_memory_equal(err.text, "line ", 5);
        csv_reader_free(&reader);
        free(text);
    }
}

/* Any text is read back as it was written. */
static void test_csv_round_trip(void **state)
{
    static const char *const texts[] = {"plain",      "",           "a,b",
                                        "say \"no\"", "two\nlines", "\"",
                                        ",",          "cr\r\nlf",   " spaces "};
    enum { COUNT = sizeof(texts) / sizeof(texts[0]) };
    struct csv_reader reader;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        if (i)
            (void)fputc(',', out);
        csv_write_text(out, texts[i]);
    }
    (void)fputc('\n', out);
    (void)fclose(out);
    csv_reader_init(&reader, text);
    assert_int_equal(csv_read(&reader, NULL), 1);
    assert_int_equal(reader.count, COUNT);
    for (size_t i = 0; i < COUNT; i++)
        assert_string_equal(reader.fields[i], texts[i]);
    csv_reader_free(&reader);
    free(text);
}

/* -- rows ---------------------------------------------------------------------- */

/* Writes a file that the test owns; its name is in `path`. */
static void write_file(char *path, const char *text)
{
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    (void)close(fd);
}

static void test_absent_stays_absent(void **state)
{
    struct row row = {0};

    (void)state;
    row_set_number(&row, COLUMN_cost_s, NAN);
    row_set_number(&row, COLUMN_run_s, INFINITY);
    row_set_text(&row, COLUMN_reason, "");
    row_set_count(&row, COLUMN_cost_s, 5); /* the wrong type */
    row_set_number(&row, COLUMN_level, 5);
    for (int i = 0; i < COLUMN_COUNT; i++)
        assert_false(row.fields[i].present);
    assert_true(isnan(row_number(&row, COLUMN_cost_s)));
    assert_string_equal(row_text(&row, COLUMN_reason), "");
    row_set_count(&row, COLUMN_ok, 0); /* a count of zero is present */
    assert_true(row.fields[COLUMN_ok].present);
    assert_true(row_number(&row, COLUMN_ok) == 0);
}

static void test_runs_round_trip(void **state)
{
    char path[] = "/tmp/bench-test-XXXXXX";
    struct row row = {0};
    struct runs runs = {0};
    struct runs copy = {0};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    row_set_text(&row, COLUMN_strategy, "event-loop");
    row_set_count(&row, COLUMN_level, 500);
    row_set_text(&row, COLUMN_status, "failed");
    row_set_text(&row, COLUMN_reason, "a \"reason\", with\r\nall of it");
    row_set_number(&row, COLUMN_cost_s, 1.064000001);
    row_set_number(&row, COLUMN_latency_p50_us, 123.4);
    row_set_number(&row, COLUMN_throughput_rps, 9999.125);
    assert_int_equal(row_write_header(out, NULL), 0);
    assert_int_equal(row_write(out, &row, NULL), 0);
    (void)fclose(out);
    write_file(path, text);
    free(text);
    assert_int_equal(runs_read(&runs, path, NULL), 0);
    (void)unlink(path);
    assert_int_equal(runs.count, 1);
    assert_int_equal(runs_add(&copy, &runs.rows[0], NULL), 0);
    runs_free(&runs); /* the copy is independent */
    assert_string_equal(row_text(&copy.rows[0], COLUMN_reason),
                        "a \"reason\", with  all of it"); /* line breaks become spaces */
    for (int i = 0; i < COLUMN_COUNT; i++)
        assert_int_equal(copy.rows[0].fields[i].present, row.fields[i].present);
    assert_true(row_number(&copy.rows[0], COLUMN_cost_s) == 1.064000001);
    assert_true(row_number(&copy.rows[0], COLUMN_latency_p50_us) == 123.4);
    assert_true(row_number(&copy.rows[0], COLUMN_throughput_rps) == 9999.125);
    assert_int_equal(row_count(&copy.rows[0], COLUMN_level), 500);
    runs_free(&copy);
}

static void test_runs_of_other_programs(void **state)
{
    char path[] = "/tmp/bench-test-XXXXXX";
    struct runs runs = {0};

    (void)state;
    /* Another order, an unknown column, most columns missing, no newline at the end. */
    write_file(path,
               "level,mood,status,strategy\n10,good,valid,asyncio\n30,,valid,asyncio");
    assert_int_equal(runs_read(&runs, path, NULL), 0);
    (void)unlink(path);
    assert_int_equal(runs.count, 2);
    assert_string_equal(row_text(&runs.rows[1], COLUMN_strategy), "asyncio");
    assert_int_equal(row_count(&runs.rows[1], COLUMN_level), 30);
    assert_false(runs.rows[0].fields[COLUMN_cost_s].present);
    runs_free(&runs);
}

static int no_row(void *user, const struct row *row, struct err *err)
{
    (void)user;
    (void)row;
    (void)err;
    return 0;
}

static void test_invalid_runs_files(void **state)
{
    static const struct {
        const char *text, *words;
    } bad[] = {
        {"", "is empty"},
        {"a,b\n1,2\n", "no column 'strategy'"},
        {"strategy,level,status\nx,1\n", "line 2 has 2 fields, but the header has 3"},
        {"strategy,level,status\nx,one,valid\n", "line 2: column level: 'one'"},
        {"strategy,level,status\nx,-1,valid\n", "line 2: column level"},
        {"strategy,level,status\n\"x,1,valid\n", "line 2: a quote is not closed"},
        {"strategy,level,status,cost_s\nx,1,valid,nan\n", "column cost_s: 'nan'"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        char path[] = "/tmp/bench-test-XXXXXX";
        struct runs runs = {0};
        struct err err = {""};

        write_file(path, bad[i].text);
        assert_int_equal(runs_read(&runs, path, &err), -1);
        assert_int_equal(runs_each(path, no_row, NULL, NULL), -1);
        (void)unlink(path);
        assert_non_null(strstr(err.text, path));
        if (!strstr(err.text, bad[i].words))
            fail_msg("'%s' does not say '%s'", err.text, bad[i].words);
        runs_free(&runs);
    }
    assert_int_equal(runs_read(&(struct runs){0}, "/no/such/file", NULL), -1);
}

/* -- statistics ---------------------------------------------------------------- */

static void test_quantiles(void **state)
{
    double values[1000];

    (void)state;
    for (int i = 0; i < 1000; i++)
        values[i] = 1000 - i;
    stats_sort(values, 1000);
    assert_true(values[0] == 1 && values[999] == 1000);
    /* Nearest rank: an observed value, the ceil(q * n)th smallest. */
    assert_true(stats_quantile(values, 1000, 0.5) == 500);
    assert_true(stats_quantile(values, 1000, 0.99) == 990);
    assert_true(stats_quantile(values, 100, 0.99) == 99);
    assert_true(stats_quantile(values, 10, 0.9) == 9);
    assert_true(stats_quantile(values, 5, 0.5) == 3);
    assert_true(stats_quantile(values, 4, 0.5) == 2);
    assert_true(stats_quantile(values, 1, 0.5) == 1);
    /* Too few values. */
    assert_true(isnan(stats_quantile(values, 99, 0.99)));
    assert_true(isnan(stats_quantile(values, 9, 0.9)));
    assert_true(isnan(stats_quantile(values, 0, 0.5)));
    assert_true(stats_median(values, 3) == 2);
    assert_true(stats_median(values, 4) == 2.5);
    assert_true(isnan(stats_median(values, 0)));
}

/* -- words --------------------------------------------------------------------- */

static void test_notes(void **state)
{
    (void)state;
    assert_true(notes_have("origin-bound", NOTE_ORIGIN_BOUND));
    assert_true(notes_have("level-not-held origin-bound", NOTE_ORIGIN_BOUND));
    assert_true(notes_have("origin-bound measured-once", NOTE_ORIGIN_BOUND));
    assert_false(notes_have("origin-bounded", NOTE_ORIGIN_BOUND));
    assert_false(notes_have("my-origin-bound", NOTE_ORIGIN_BOUND));
    assert_false(notes_have("", NOTE_ORIGIN_BOUND));
}

/* -- summaries ----------------------------------------------------------------- */

static void add(struct runs *runs, const char *strategy, uint64_t level,
                const char *status, double cost_s, const char *notes)
{
    struct row row = {0};

    row_set_text(&row, COLUMN_variant, "default");
    row_set_text(&row, COLUMN_strategy, strategy);
    row_set_count(&row, COLUMN_level, level);
    row_set_count(&row, COLUMN_requests, level);
    row_set_count(&row, COLUMN_inflight_limit, level);
    row_set_text(&row, COLUMN_status, status);
    row_set_number(&row, COLUMN_cost_s, cost_s);
    row_set_number(&row, COLUMN_ideal_s, 0.05);
    row_set_text(&row, COLUMN_notes, notes);
    row_set_number(&row, COLUMN_user_s, 0.001);
    row_set_number(&row, COLUMN_system_s, 0.003);
    assert_int_equal(runs_add(runs, &row, NULL), 0);
}

/* Every metric has a figure, or none where its columns are absent. */
static void test_metrics(void **state)
{
    struct row row = {0};

    (void)state;
    for (int metric = 0; metric < METRIC_COUNT; metric++) {
        assert_true(isnan(metric_of(&row, (enum metric)metric)));
        assert_int_equal(metric_find(metrics[metric].name), metric);
    }
    assert_int_equal(metric_find("costs"), METRIC_COUNT);
    row_set_number(&row, COLUMN_cost_s, 0.75);
    row_set_number(&row, COLUMN_overhead_s, 0.25);
    row_set_number(&row, COLUMN_user_s, 0.001);
    row_set_number(&row, COLUMN_system_s, 0.003);
    row_set_count(&row, COLUMN_peak_rss_bytes, 8192);
    row_set_count(&row, COLUMN_connections, 10);
    row_set_count(&row, COLUMN_voluntary_ctx_switches, 50);
    row_set_count(&row, COLUMN_requests, 0);
    assert_true(isnan(metric_of(&row, METRIC_connections)));
    row_set_count(&row, COLUMN_requests, 20);
    row_set_count(&row, COLUMN_inflight_limit, 4);
    assert_true(metric_of(&row, METRIC_cost) == 0.75);
    assert_true(metric_of(&row, METRIC_overhead) == 0.25);
    assert_true(fabs(metric_of(&row, METRIC_cpu) - 200) < 1e-9);
    assert_true(metric_of(&row, METRIC_memory) == 2048);
    row_set_count(&row, COLUMN_peak_pss_bytes, 4096); /* preferred if present */
    assert_true(metric_of(&row, METRIC_memory) == 1024);
    assert_true(metric_of(&row, METRIC_connections) == 0.5);
    assert_true(metric_of(&row, METRIC_switches) == 2.5);
}

static void test_summary(void **state)
{
    static const char *const order[] = {"second", "first", NULL};
    static const struct summary_options how = {.order = order};
    struct runs runs = {0};
    struct summary summary;
    const struct summary_cell *cell;

    (void)state;
    add(&runs, "first", 10, "valid", 0.30, "");
    add(&runs, "second", 10, "valid", 0.20, "");
    add(&runs, "first", 10, "valid", 0.10, "level-not-held");
    add(&runs, "second", 10, "failed", 0.01, ""); /* fast because it failed */
    add(&runs, "first", 10, "valid", 0.11, "");
    add(&runs, "second", 10, "valid", 0.22, "");
    add(&runs, "alien", 4, "valid", 0.07, "");
    assert_int_equal(summary_make(&summary, &runs, &how, NULL), 0);
    assert_int_equal(summary.count, 3);
    assert_string_equal(summary.cells[0].strategy, "alien");
    assert_string_equal(summary.cells[1].strategy, "second");
    assert_string_equal(summary.cells[2].strategy, "first");
    cell = summary_find(&summary, "default", "first", 10);
    assert_int_equal(cell->valid_rounds, 3);
    assert_true(cell->spreads[METRIC_cost].median == 0.11);
    assert_true(cell->spreads[METRIC_cost].min == 0.10 &&
                cell->spreads[METRIC_cost].max == 0.30);
    assert_true(cell->notes[NOTE_LEVEL_NOT_HELD]);
    assert_true(fabs(cell->spreads[METRIC_cpu].median - 400) < 1e-9);
    cell = summary_find(&summary, "default", "second", 10);
    assert_int_equal(cell->rounds, 3);
    assert_int_equal(cell->valid_rounds, 2);
    assert_int_equal(cell->worst, STATUS_FAILED);
    assert_true(fabs(cell->spreads[METRIC_cost].median - 0.21) <
                1e-9); /* without the failed run */
    summary_free(&summary);
    runs_free(&runs);
}

/* Rows that failed only because requests did count as valid, if they are few enough. */
static void test_allowed_errors(void **state)
{
    static const struct {
        const char *status, *reason;
        uint64_t ok, lost;
        bool counts;
    } cases[] = {
        {"failed", "2 of 100 requests failed (timed_out 2); the first was", 98, 0, true},
        {"failed", "2 of 100 requests were refused (503)", 98, 0, true},
        {"failed", "6 of 100 requests failed (timed_out 6)", 94, 0, false},
        {"failed", "the cell's process was killed by signal 11", 98, 0, false},
        {"failed", "20 of 100 requests failed (lost 2)", 98, 0, false},
        {"failed", "2 of 100 requests failed (lost 2)", 98, 2, false},
        {"invalid", "2 of 100 requests failed", 98, 0, false},
    };
    static const struct summary_options how = {.allowed_errors = 0.05};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct runs runs = {0};
        struct summary summary;
        struct row *row;

        add(&runs, "flaky", 100, cases[i].status, 0.3, "");
        row = &runs.rows[0];
        row_set_text(row, COLUMN_reason, cases[i].reason);
        row_set_count(row, COLUMN_ok, cases[i].ok);
        row_set_count(row, COLUMN_lost, cases[i].lost);
        row_set_number(row, COLUMN_overhead_s, 0.25);
        assert_int_equal(summary_make(&summary, &runs, &how, NULL), 0);
        assert_int_equal(summary.cells[0].valid_rounds, cases[i].counts);
        if (cases[i].counts) {
            assert_true(fabs(summary_failed_percent(&summary.cells[0]) - 2) < 1e-9);
            /* A request that failed may have ended early. */
            assert_true(isnan(summary.cells[0].spreads[METRIC_overhead].median));
        }
        summary_free(&summary);
        assert_int_equal(summary_make(&summary, &runs, NULL, NULL), 0);
        assert_int_equal(summary.cells[0].valid_rounds, 0);
        summary_free(&summary);
        runs_free(&runs);
    }
}

static void test_summary_refuses_mixed_plans(void **state)
{
    struct runs runs = {0};
    struct summary summary;
    struct err err = {""};

    (void)state;
    add(&runs, "a", 10, "valid", 0.2, "");
    add(&runs, "a", 10, "valid", 5.2, "");
    row_set_number(&runs.rows[1], COLUMN_ideal_s, 5);
    assert_int_equal(summary_make(&summary, &runs, NULL, &err), -1);
    assert_non_null(strstr(err.text, "differ in ideal_s"));
    row_set_number(&runs.rows[1], COLUMN_ideal_s, 0.05);
    assert_int_equal(summary_make(&summary, &runs, NULL, &err), 0);
    summary_free(&summary);
    row_set_count(&runs.rows[1], COLUMN_requests, 11);
    assert_int_equal(summary_make(&summary, &runs, NULL, &err), -1);
    assert_non_null(strstr(err.text, "differ in requests"));
    row_set_count(&runs.rows[1], COLUMN_requests, 10);
    row_set_text(&runs.rows[1], COLUMN_policy, "reuse");
    assert_int_equal(summary_make(&summary, &runs, NULL, &err), -1);
    assert_non_null(strstr(err.text, "differ in policy"));
    runs_free(&runs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_csv_reads),
        cmocka_unit_test(test_csv_refuses),
        cmocka_unit_test(test_csv_round_trip),
        cmocka_unit_test(test_absent_stays_absent),
        cmocka_unit_test(test_runs_round_trip),
        cmocka_unit_test(test_runs_of_other_programs),
        cmocka_unit_test(test_invalid_runs_files),
        cmocka_unit_test(test_quantiles),
        cmocka_unit_test(test_notes),
        cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_summary),
        cmocka_unit_test(test_allowed_errors),
        cmocka_unit_test(test_summary_refuses_mixed_plans),
    };

    return cmocka_run_group_tests_name("results", tests, NULL, NULL);
}
