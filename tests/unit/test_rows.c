/* test_rows.c - many rows: written fast, and read one by one without storing them. */
#include "analysis/rows/runs.h"
#include "base/random.h"
#include "tests/support/check.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Numbers are written as printf() would write them, up to the last digit shown. */
static void test_numbers_are_written_as_by_printf(void **state)
{
    static const struct column_info shown[] = {
        {.name = "s", .type = COLUMN_TYPE_SECONDS},
        {.name = "us", .type = COLUMN_TYPE_MICROSECONDS},
        {.name = "rate", .type = COLUMN_TYPE_RATE},
        {.name = "count", .type = COLUMN_TYPE_COUNT},
    };
    static const struct column_list list = {shown, 4};
    struct random random = {5};

    (void)state;
    for (unsigned i = 0; i < 20000; i++) {
        int64_t ns = (int64_t)random_below(&random, UINT64_C(1)
                                                        << random_below(&random, 50));
        double sign = random_below(&random, 2) && ns > 1000000 ? -1 : 1;
        double number = sign * (double)ns / 1e9;
        uint64_t count = random_below(&random, UINT64_MAX) >> random_below(&random, 64);
        struct field fields[4] = {{.present = false}};
        int64_t us_tenths = ns / 100;
        int64_t rate_thousandths = ns / 10;
        double us = sign * (double)us_tenths / 10;
        double rate = sign * (double)rate_thousandths / 1000;
        char expected[256];
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        field_set_number(&fields[0], &shown[0], number);
        field_set_number(&fields[1], &shown[1], us);
        field_set_number(&fields[2], &shown[2], rate);
        field_set_count(&fields[3], &shown[3], count);
        fields_write(out, &list, fields);
        assert_int_equal(fclose(out), 0);
        (void)snprintf(expected, sizeof(expected), "%.9f,%.1f,%.3f,%" PRIu64 "\n", number,
                       us, rate, count);
        assert_string_equal(text, expected);
        free(text);
    }
}

/* Texts of every length around that of the buffer in which a line is made. */
static void test_long_texts_are_written_whole(void **state)
{
    static const struct column_info shown[] = {
        {.name = "first", .type = COLUMN_TYPE_TEXT},
        {.name = "second", .type = COLUMN_TYPE_TEXT},
    };
    static const struct column_list list = {shown, 2};
    char text[3001];
    char expected[6 + sizeof(text) * 2];

    (void)state;
    for (size_t length = 1; length < sizeof(text); length++) {
        struct field fields[2] = {{.present = false}};
        char *written = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&written, &size);

        assert_non_null(out);
        memset(text, 'x', length);
        text[length] = '\0';
        field_set_text(&fields[0], &shown[0], text);
        field_set_text(&fields[1], &shown[1], length % 2 ? "a\"b,c\nd" : text);
        fields_write(out, &list, fields);
        assert_int_equal(fclose(out), 0);
        (void)snprintf(expected, sizeof(expected), "%s,%s\n", text,
                       length % 2 ? "\"a\"\"b,c d\"" : text);
        assert_string_equal(written, expected);
        free(written);
    }
}

/* The rows that runs_each() must deliver. */
struct both_ways {
    struct runs runs;
    size_t at;
};

static int expect_row(void *user, const struct row *row, struct err *err)
{
    struct both_ways *both = user;
    const struct row *other = &both->runs.rows[both->at++];

    (void)err;
    assert_true(both->at <= both->runs.count);
    assert_int_equal(row_count(row, COLUMN_level), row_count(other, COLUMN_level));
    assert_string_equal(row_text(row, COLUMN_reason), row_text(other, COLUMN_reason));
    return 0;
}

/* A file of some megabytes has the same rows when read in parts, even if a part ends
 * within a line, within quotes, or after a line break inside a field. */
static void test_row_by_row(void **state)
{
    static const char letters[] = "abc,\"\n \r";
    char path[] = "/tmp/bench-test-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fdopen(fd, "w");
    struct both_ways both = {.at = 0};
    struct random random = {11};
    struct err err = {""};

    (void)state;
    assert_non_null(file);
    (void)fputs("strategy,level,reason,status\n", file);
    for (unsigned i = 0; i < 6000; i++) {
        uint64_t length = random_below(&random, 800);

        (void)fprintf(file, "s,%u,\"", i);
        for (uint64_t j = 0; j < length; j++) {
            char letter = letters[random_below(&random, sizeof(letters) - 1)];

            (void)fprintf(file, letter == '"' ? "\"\"" : "%c", letter);
        }
        (void)fputs(i < 5999 ? "\",valid\n" : "\",valid", file);
    }
    assert_int_equal(fclose(file), 0);
    assert_int_equal(runs_read(&both.runs, path, NULL), 0);
    assert_int_equal(both.runs.count, 6000);
    assert_int_equal(runs_each(path, expect_row, &both, NULL), 0);
    assert_int_equal(both.at, 6000);
    runs_free(&both.runs);
    assert_int_equal(truncate(path, 2000000), 0); /* in the middle of a row */
    assert_int_equal(runs_read(&both.runs, path, &err), -1);
    both.at = 0;
    assert_int_equal(runs_each(path, expect_row, &both, &err), -1);
    runs_free(&both.runs);
    (void)unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_written_as_by_printf),
        cmocka_unit_test(test_long_texts_are_written_whole),
        cmocka_unit_test(test_row_by_row),
    };

    return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
