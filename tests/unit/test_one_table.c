/* test_one_table.c - which rows, and which run directories, cannot share a table. */
#include "analysis/rows/one_table.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/json.h"
#include "tests/support/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* -- rows ---------------------------------------------------------------------- */

static void add(struct runs *runs, const char *variant, const char *strategy,
                uint64_t level)
{
    struct row row = {0};

    for (int i = 0; i < COLUMN_COUNT; i++) {
        row_set_text(&row, (enum column)i, "t");
        row_set_count(&row, (enum column)i, 5);
        row_set_number(&row, (enum column)i, 0.5);
    }
    row.fields[COLUMN_rate_rps].present = false;
    row.fields[COLUMN_duration_s].present = false;
    row_set_text(&row, COLUMN_variant, variant);
    row_set_text(&row, COLUMN_strategy, strategy);
    row_set_count(&row, COLUMN_level, level);
    assert_int_equal(runs_add(runs, &row, NULL), 0);
}

static void change(struct row *row, enum column column)
{
    row_set_text(row, column, "u");
    row_set_count(row, column, 6);
    row_set_number(row, column, 0.6);
}

/* Adds the rows in order. */
static int check(const struct runs *runs, bool *mixed, struct err *err)
{
    struct one_table *table;
    int result = 0;

    if (mixed)
        *mixed = false;
    assert_int_equal(one_table_open(&table, NULL), 0);
    for (size_t i = 0; i < runs->count && !result; i++)
        result = one_table_add(table, &runs->rows[i], mixed, err);
    one_table_close(table);
    return result;
}

/* Rows to add to row 0; each shares less with it. */
static const struct {
    const char *variant, *strategy;
    uint64_t level;
    bool refused[COLUMN_CLASS_SUBJECT + 1];
} others[] = {
    {"v",
     "s",
     10,
     {[COLUMN_CLASS_CONDITION] = true,
      [COLUMN_CLASS_LEVEL] = true,
      [COLUMN_CLASS_CELL] = true,
      [COLUMN_CLASS_SUBJECT] = true}},
    {"v",
     "r",
     10,
     {[COLUMN_CLASS_CONDITION] = true,
      [COLUMN_CLASS_LEVEL] = true,
      [COLUMN_CLASS_SUBJECT] = true}},
    {"w", "s", 10, {[COLUMN_CLASS_CONDITION] = true, [COLUMN_CLASS_LEVEL] = true}},
    {"v", "s", 20, {[COLUMN_CLASS_CONDITION] = true, [COLUMN_CLASS_SUBJECT] = true}},
    {"w", "r", 20, {[COLUMN_CLASS_CONDITION] = true}},
};

static void test_every_column(void **state)
{
    (void)state;
    for (int column = 0; column < COLUMN_COUNT; column++) {
        bool is_key = column == COLUMN_variant || column == COLUMN_strategy ||
                      column == COLUMN_level || column == COLUMN_rate_rps;

        for (size_t i = 0; !is_key && i < sizeof(others) / sizeof(others[0]); i++) {
            bool expected = others[i].refused[columns[column].class];
            struct err err = {""};
            struct runs runs = {0};
            bool mixed;

            add(&runs, "v", "s", 10);
            add(&runs, others[i].variant, others[i].strategy, others[i].level);
            assert_int_equal(check(&runs, &mixed, &err), 0);
            assert_false(mixed);
            change(&runs.rows[1], (enum column)column);
            if (check(&runs, &mixed, &err) != (expected ? -1 : 0) || mixed != expected)
                fail_msg("%s in the row %zu", columns[column].name, i);
            if (expected)
                assert_non_null(strstr(err.text, columns[column].name));
            runs_free(&runs);
        }
    }
}

/* Rows of rates have those as their points, and levels never share a table with them.
 * Where there is a duration, how many requests there were in it is a result. */
static void test_rates(void **state)
{
    struct err err = {""};
    struct runs runs = {0};

    (void)state;
    for (uint64_t i = 0; i < 3; i++) {
        add(&runs, "v", "s", 500);
        row_set_count(&runs.rows[i], COLUMN_rate_rps, i ? 2000 : 1000);
        row_set_number(&runs.rows[i], COLUMN_duration_s, 10);
        row_set_count(&runs.rows[i], COLUMN_requests, 10000 + i);
    }
    assert_int_equal(check(&runs, NULL, NULL), 0);
    row_set_count(&runs.rows[1], COLUMN_workers, 7); /* of another rate than row 0 */
    row_set_count(&runs.rows[2], COLUMN_workers, 7);
    assert_int_equal(check(&runs, NULL, NULL), 0);
    row_set_count(&runs.rows[2], COLUMN_workers, 8);
    assert_int_equal(check(&runs, NULL, &err), -1);
    assert_non_null(strstr(err.text, "differ in workers cannot share a table: s at rate "
                                     "2000/s has 7, s at rate 2000/s has 8"));
    runs.rows[2].fields[COLUMN_rate_rps].present = false;
    runs.rows[2].fields[COLUMN_arrivals].present = false;
    assert_int_equal(check(&runs, NULL, &err), -1);
    assert_non_null(strstr(err.text, "differ in arrivals cannot share a table: s at rate "
                                     "1000/s has \"t\", s at level 500 has absent"));
    runs_free(&runs);
}

/* An absent hash, or a cell that did not start, differs from nothing. */
static void test_absent(void **state)
{
    struct runs runs = {0};

    (void)state;
    add(&runs, "v", "s", 10);
    add(&runs, "v", "s", 10);
    add(&runs, "v", "s", 10);
    for (int column = 0; column < COLUMN_COUNT; column++)
        if (column == COLUMN_conditions || columns[column].class == COLUMN_CLASS_SUBJECT)
            runs.rows[0].fields[column].present = false;
    assert_int_equal(check(&runs, NULL, NULL), 0);
    change(&runs.rows[2], COLUMN_libcurl_build_id);
    assert_int_equal(check(&runs, NULL, NULL), -1);
    runs.rows[2].fields[COLUMN_libcurl_build_id].present = false;
    runs.rows[2].fields[COLUMN_delay_s].present = false;
    assert_int_equal(check(&runs, NULL, NULL), -1);
    runs_free(&runs);
    assert_int_equal(check(&(struct runs){0}, NULL, NULL), 0);
}

/* A column that tells the difference is named before the hash, which only tells that
 * there is one. */
static void test_the_hash_is_named_last(void **state)
{
    struct runs runs = {0};
    struct err err = {""};

    (void)state;
    add(&runs, "v", "s", 10);
    add(&runs, "v", "r", 20);
    change(&runs.rows[1], COLUMN_conditions);
    change(&runs.rows[1], COLUMN_delay_s);
    assert_int_equal(check(&runs, NULL, &err), -1);
    assert_non_null(strstr(err.text, "differ in delay_s"));
    assert_non_null(strstr(err.text, "0.5"));
    assert_non_null(strstr(err.text, "0.6"));
    runs_free(&runs);
}

/* -- directories --------------------------------------------------------------- */

static char dir[] = "bench-test-one-table-XXXXXX";

static int make_dir(void **state)
{
    (void)state;
    return mkdtemp(dir) && !chdir(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
    (void)state;
    return chdir("..") || rmdir(dir);
}

static void write_run(const char *name, const char *strategy, const char *delay)
{
    char text[160];
    char path[32];
    int length = snprintf(text, sizeof(text), "strategy,level,status\n%s,10,valid\n",
                          strategy);

    assert_int_equal(directory_make(name, NULL), 0);
    (void)snprintf(path, sizeof(path), "%s/runs.csv", name);
    assert_int_equal(file_replace(path, text, (size_t)length, NULL), 0);
    (void)snprintf(path, sizeof(path), "%s/env.json", name);
    assert_int_equal(json_replace_file(json_object(), path, NULL), 0);
    (void)snprintf(path, sizeof(path), "%s/plan.json", name);
    assert_int_equal(
        json_replace_file(
            json_pack("{s:i, s:{s:s}}", "schema", 1, "plan", "delay", delay), path, NULL),
        0);
}

static void remove_run(const char *name)
{
    static const char *const files[] = {"runs.csv", "env.json", "plan.json"};
    char path[32];

    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof(path), "%s/%s", name, files[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(name), 0);
}

static int count_row(void *user, const struct row *row, struct err *err)
{
    size_t *rows = user;

    (void)row;
    (void)err;
    (*rows)++;
    return 0;
}

static int read_all(char *a, char *b, size_t *rows, bool *mixed, struct err *err)
{
    *rows = 0;
    return one_table_read((char *[]){a, b}, 2, count_row, rows, mixed, err);
}

static void test_directories(void **state)
{
    char a[] = "a", b[] = "b", c[] = "c", again[] = "link/runs.csv";
    struct err err = {""};
    size_t rows;
    bool mixed;

    (void)state;
    write_run(a, "s", "50ms");
    write_run(b, "r", "50ms");
    write_run(c, "t", "20ms");
    assert_int_equal(symlink("a", "link"), 0);
    assert_int_equal(read_all(a, b, &rows, &mixed, &err), 0);
    assert_int_equal(rows, 2);
    assert_int_equal(read_all(a, c, &rows, &mixed, &err), -1);
    assert_true(mixed);
    assert_non_null(strstr(err.text, "delay is \"50ms\" in a and \"20ms\" in c"));
    assert_int_equal(read_all(a, a, &rows, &mixed, &err), -1);
    assert_false(mixed);
    assert_int_equal(read_all(a, again, &rows, &mixed, &err), -1);
    assert_false(mixed);
    assert_non_null(strstr(err.text, "same rows"));
    assert_false(one_table_same_file(a, b));
    assert_false(one_table_same_file("missing", "missing"));
    assert_int_equal(unlink("link"), 0);
    remove_run(a);
    remove_run(b);
    remove_run(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_column),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_absent),
        cmocka_unit_test(test_the_hash_is_named_last),
        cmocka_unit_test(test_directories),
    };

    return cmocka_run_group_tests_name("one_table", tests, make_dir, remove_dir);
}
