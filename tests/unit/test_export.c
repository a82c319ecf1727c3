/* test_export.c - exported comparisons and summaries: compared byte by byte with
 * tests/golden/export, and parsed back. BENCH_WRITE_GOLDEN=1 rewrites the files. */
#include "tests/support/check.h"
#include "tests/support/rate_rows.h"
#include "tests/support/synthetic_runs.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/compare_json.h"
#include "analysis/report/compare_markdown.h"
#include "analysis/report/compare_table.h"
#include "analysis/report/github_benchmark.h"
#include "analysis/report/hyperfine.h"
#include "analysis/report/junit.h"
#include "analysis/report/summary_csv.h"
#include "analysis/report/summary_json.h"
#include "analysis/report/summary_markdown.h"
#include "analysis/report/table.h"
#include "base/utf8.h"

/* -- golden files -------------------------------------------------------------- */

/* Closes `out` and compares its text with the golden file. */
static void check_golden(FILE *out, char **text, const char *name)
{
    size_t place = 0;
    char path[512];
    char *golden = NULL;
    size_t size = 0;
    FILE *file;

    assert_int_equal(fclose(out), 0);
    while ((*text)[place]) {
        assert_true(utf8_length(*text + place) > 0); /* every format writes valid UTF-8 */
        place += utf8_length(*text + place);
    }
    (void)snprintf(path, sizeof(path), TESTS_DIR "/golden/export/%s", name);
    if (getenv("BENCH_WRITE_GOLDEN")) {
        file = fopen(path, "w");
        assert_non_null(file);
        (void)fputs(*text, file);
        (void)fclose(file);
    }
    file = fopen(path, "r");
    assert_non_null(file);
    assert_true(getdelim(&golden, &size, '\0', file) > 0);
    (void)fclose(file);
    assert_string_equal(*text, golden);
    free(golden);
}

static int write_table(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_table_write(comparison, true, out, err);
}

static int write_markdown(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_markdown_write(comparison, "bench compare a b\n# ```` is no end\n",
                                  out, err);
}

static char *written(int (*write)(const struct comparison *, FILE *, struct err *),
                     const struct comparison *comparison, const char *golden)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(write(comparison, out, NULL), 0);
    check_golden(out, &text, golden);
    return text;
}

/* -- comparisons --------------------------------------------------------------- */

static void test_tables(void **state)
{
    char *hard = written(write_table, &synthetic_hard, "hard.txt");
    char *same = written(write_table, &synthetic_same, "same.txt");
    char *wide = written(write_table, &synthetic_wide, "wide.txt");
    char *nothing = written(write_table, &synthetic_nothing, "nothing.txt");

    (void)state;
    /* Regressions come first, the largest at the top; items that fail nothing come last.
     */
    assert_true(strstr(hard, "\nslower      OVERALL, 6 cells") < strstr(hard, "+33.7 %"));
    assert_true(strstr(hard, "+33.7 %") < strstr(hard, "+12.3 %"));
    assert_true(strstr(hard, "+12.3 %") < strstr(hard, "\ncannot tell <b>"));
    assert_true(strstr(hard, "81.2") > strstr(hard, "shown only"));
    assert_non_null(strstr(same, "\nnothing slower ("));
    assert_non_null(strstr(nothing, "\nnothing was compared ("));
    for (const char *line = wide; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 100);
    for (const char *at = hard; *at; at++)
        assert_true(*at == '\n' || (unsigned char)*at >= ' ');
    free(hard);
    free(same);
    free(wide);
    free(nothing);
}

static size_t bare_pipes(const char *line)
{
    size_t count = 0;

    for (; *line && *line != '\n'; line++) {
        if (*line == '\\' && line[1])
            line++;
        else
            count += *line == '|';
    }
    return count;
}

/* Without `all`, items that do not gate are omitted. */
static int write_gating(const struct comparison *comparison, FILE *out, struct err *err)
{
    return compare_table_write(comparison, false, out, err);
}

static void test_gating_table(void **state)
{
    char *text = written(write_gating, &synthetic_hard, "gating.txt");

    (void)state;
    assert_non_null(strstr(text, "+33.7 %"));
    assert_null(strstr(text, "shown only"));
    assert_null(strstr(text, "+15.3 %"));
    free(text);
}

static void test_markdown(void **state)
{
    char *hard = written(write_markdown, &synthetic_hard, "hard.md");
    char *same = written(write_markdown, &synthetic_same, "same.md");
    size_t pipes = 0; /* in the rows of the current table */

    (void)state;
    assert_memory_equal(hard, "### :warning: bench: slower overall in cpu, and in ", 49);
    assert_memory_equal(same, "### :white_check_mark: bench: nothing slower\n", 45);
    for (const char *line = hard; *line; line = strchr(line, '\n') + 1) {
        if (*line == '|')
            assert_true(!pipes || bare_pipes(line) == pipes);
        pipes = *line == '|' ? bare_pipes(line) : 0;
    }
    assert_null(strstr(hard, "<b>"));
    assert_null(strstr(hard, "@all"));
    free(hard);
    free(same);
}

static void test_junit(void **state)
{
    char *hard = written(junit_write, &synthetic_hard, "hard.xml");
    char *same = written(junit_write, &synthetic_same, "same.xml");
    char *nothing = written(junit_write, &synthetic_nothing, "nothing.xml");

    (void)state;
    assert_non_null(
        strstr(hard, "tests=\"11\" failures=\"3\" errors=\"2\" skipped=\"3\">"));
    assert_non_null(
        strstr(same, "tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\">"));
    assert_non_null(strstr(nothing, "<error type=\"nothing was compared\""));
    assert_null(strpbrk(hard, "\x01\x1b\xFF"));
    assert_null(strstr(hard, "<b>"));
    free(hard);
    free(same);
    free(nothing);
}

static void test_json(void **state)
{
    char *hard = written(compare_json_write, &synthetic_hard, "hard.json");
    char *same = written(compare_json_write, &synthetic_same, "same.json");
    json_t *read = json_loads(hard, 0, NULL);
    const json_t *cannot = json_array_get(json_object_get(read, "items"), 6);
    const json_t *ratio = json_object_get(cannot, "ratio");
    const char *text = json_string_value(json_object_get(cannot, "strategy"));

    (void)state;
    assert_int_equal(json_integer_value(json_object_get(cannot, "level")),
                     9007199254740993);
    assert_true(json_is_null(json_object_get(ratio, "estimate")));
    assert_true(json_is_null(json_object_get(cannot, "detectable_ratio")));
    assert_int_equal(json_array_size(json_object_get(read, "items")), 8);
    assert_null(json_object_get(json_object_get(read, "new"), "tls_version"));
    /* Control characters and the rest survive; only invalid UTF-8 is replaced. */
    assert_non_null(strstr(text, "#1\n\t\x01\x1b[31m\xC3\xA4 ? \xEF\xBF\xBF]]>"));
    json_decref(read);
    free(hard);
    free(same);
}

/* -- summaries ----------------------------------------------------------------- */

struct fixture {
    struct runs runs;
    struct summary summary;
};

static void fixture_open(struct fixture *fixture)
{
    *fixture = (struct fixture){.runs = {0}};
    synthetic_runs(&fixture->runs);
    assert_int_equal(summary_make(&fixture->summary, &fixture->runs, NULL, NULL), 0);
}

static void fixture_close(struct fixture *fixture)
{
    summary_free(&fixture->summary);
    runs_free(&fixture->runs);
}

static const struct view plain = {.goal = GOAL_time, .columns = 100};

static char *summarized(summary_write_fn *write, const struct fixture *fixture,
                        const char *golden)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_int_equal(write(&fixture->summary, &plain, out, NULL), 0);
    check_golden(out, &text, golden);
    return text;
}

static void test_summaries(void **state)
{
    struct fixture fixture;
    json_t *read;
    json_t *cells;
    char *text;

    (void)state;
    fixture_open(&fixture);
    text = summarized(summary_json_write, &fixture, "summary.json");
    read = json_loads(text, 0, NULL);
    cells = json_object_get(read, "cells");
    assert_int_equal(json_array_size(cells), 4);
    /* Sorted by name: a|b, event-loop, gone; then the variant old. */
    assert_int_equal(
        json_object_size(json_object_get(json_array_get(cells, 2), "figures")), 0);
    json_decref(read);
    free(text);
    free(summarized(summary_markdown_write, &fixture, "summary.md"));
    fixture_close(&fixture);
}

/* The export of rates, which is checked against the schema too. */
static void test_summaries_of_rates(void **state)
{
    static const struct {
        summary_write_fn *write;
        const char *golden;
    } cases[] = {{summary_json_write, "rates.json"},
                 {summary_markdown_write, "rates.md"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct runs runs;
        struct summary summary;
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        rate_rows_summary(rate_rows_sample, 9, &runs, &summary);
        assert_int_equal(cases[i].write(&summary, &plain, out, NULL), 0);
        check_golden(out, &text, cases[i].golden);
        free(text);
        summary_free(&summary);
        runs_free(&runs);
    }
}

static void test_github(void **state)
{
    size_t count;
    struct fixture fixture;
    struct err err = {""};
    const json_t *value;
    size_t i;
    json_t *read;
    char *text;

    (void)state;
    fixture_open(&fixture);
    text = summarized(github_benchmark_write, &fixture, "github.json");
    read = json_loads(text, 0, NULL);
    assert_true(json_array_size(read) > 0);
    json_array_foreach(read, i, value)
        assert_true(json_number_value(json_object_get(value, "value")) > 0);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(read, 0), "name")),
        "new/a|b/10/cost");
    json_decref(read);
    free(text);
    count = fixture.summary.count;
    fixture.summary.count = 0; /* the GitHub action rejects an empty list */
    assert_int_equal(github_benchmark_write(&fixture.summary, &plain, stdout, &err), -1);
    assert_string_equal(err.text, "there is no valid row to export");
    fixture.summary.count = count;
    fixture_close(&fixture);
}

static void test_hyperfine(void **state)
{
    struct fixture fixture;
    json_t *read;
    const json_t *results;
    const json_t *first;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    fixture_open(&fixture);
    assert_int_equal(hyperfine_write(&fixture.summary, &plain, out, NULL), 0);
    check_golden(out, &text, "hyperfine.json");
    read = json_loads(text, 0, NULL);
    results = json_object_get(read, "results");
    first = json_array_get(results, 0);
    assert_int_equal(json_array_size(results), 3); /* no entry for 'gone' */
    assert_true(fabs(json_real_value(json_object_get(first, "mean")) - 0.08) < 1e-12);
    assert_true(fabs(json_real_value(json_object_get(first, "stddev")) -
                     0.0141421356237) < 1e-12); /* divided by n - 1: sqrt(0.0002) */
    assert_int_equal(json_array_size(json_object_get(first, "memory_usage_byte")), 2);
    /* A list for only some runs would be read as one for all. */
    assert_null(json_object_get(json_array_get(results, 1), "memory_usage_byte"));
    assert_true(json_is_null(json_object_get(json_array_get(results, 2), "stddev")));
    /* All rows have level 10. */
    assert_null(json_object_get(json_object_get(first, "parameters"), "level"));
    json_decref(read);
    free(text);
    fixture_close(&fixture);
}

/* -- failures ------------------------------------------------------------------ */

static void test_full_disk(void **state)
{
    static int (*const of_comparison[])(const struct comparison *, FILE *,
                                        struct err *) = {write_table, write_markdown,
                                                         compare_json_write, junit_write};
    static summary_write_fn *const of_summary[] = {summary_csv_write, summary_json_write,
                                                   summary_markdown_write,
                                                   github_benchmark_write};
    FILE *full = fopen("/dev/full", "w");
    struct fixture fixture;

    (void)state;
    assert_non_null(full);
    (void)setvbuf(full, NULL, _IONBF, 0); /* else the error would show at the end only */
    fixture_open(&fixture);
    for (size_t i = 0; i < sizeof(of_comparison) / sizeof(of_comparison[0]); i++) {
        clearerr(full);
        assert_int_equal(of_comparison[i](&synthetic_hard, full, NULL), -1);
    }
    for (size_t i = 0; i < sizeof(of_summary) / sizeof(of_summary[0]); i++) {
        clearerr(full);
        assert_int_equal(of_summary[i](&fixture.summary, &plain, full, NULL), -1);
    }
    clearerr(full);
    assert_int_equal(hyperfine_write(&fixture.summary, &plain, full, NULL), -1);
    fixture_close(&fixture);
    (void)fclose(full);
}

/* -- characters ---------------------------------------------------------------- */

static void test_utf8(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"", 0},
        {"a", 1},
        {"\x7f", 1},
        {"\xC3\xA4", 2},
        {"\xE2\x82\xAC", 3},
        {"\xF0\x9F\x98\x80", 4},
        {"\xF4\x8F\xBF\xBF", 4},
        {"\x80", 0}, /* begins with a continuation byte */
        {"\xC3", 0}, /* ends within a character */
        {"\xC3\x28", 0},
        {"\xC0\x80", 0},         /* NUL, overlong */
        {"\xE0\x80\xAF", 0},     /* a slash, overlong */
        {"\xED\xA0\x80", 0},     /* a UTF-16 surrogate */
        {"\xF4\x90\x80\x80", 0}, /* beyond U+10FFFF */
        {"\xFF", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(utf8_length(cases[i].text), cases[i].length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_gating_table),
        cmocka_unit_test(test_markdown),
        cmocka_unit_test(test_junit),
        cmocka_unit_test(test_json),
        cmocka_unit_test(test_summaries),
        cmocka_unit_test(test_summaries_of_rates),
        cmocka_unit_test(test_github),
        cmocka_unit_test(test_hyperfine),
        cmocka_unit_test(test_full_disk),
        cmocka_unit_test(test_utf8),
    };

    return cmocka_run_group_tests_name("export", tests, NULL, NULL);
}
