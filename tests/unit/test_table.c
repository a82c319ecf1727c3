/* test_table.c - tables fit the terminal, and figures have units that fit. */
#include "analysis/report/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/cell_rows.h"
#include "tests/support/check.h"
#include "tests/support/text_checks.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* No line is wider than the terminal; levels without room are counted below it. */
static void test_widths(void **state)
{
    static const unsigned widths[] = {60, 80, 100, 120, 200};
    struct cell_rows cells[40];

    (void)state;
    for (size_t i = 0; i < 40; i++)
        cells[i] = (struct cell_rows){.strategy = i < 20 ? "event-loop-per-core"
                                                         : "sequential",
                                      .level = 1 + i % 20 * 100,
                                      .cost_s = {0.1, 0.1, 0.2},
                                      .ideal_s = 0.05};
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        struct view view = {.columns = widths[i]};
        char *text = cell_rows_written(cells, 40, &view, table_print);

        assert_true(longest_line(text) <= widths[i]);
        if (widths[i] < 200)
            assert_non_null(strstr(text, "--show cost"));
        assert_non_null(strstr(text, "1901"));
        free(text);
        view.show.wanted[SHOWN_cost] = true;
        text = cell_rows_written(cells, 40, &view, table_print);
        assert_true(longest_line(text) <= widths[i]);
        for (size_t j = 0; j < 20; j++) {
            char level[16];

            (void)snprintf(level, sizeof(level), " %zu", 1 + j * 100);
            assert_non_null(strstr(text, level));
        }
        free(text);
    }
}

static void test_what_a_table_shows(void **state)
{
    static const struct cell_rows foreign[] = {
        {.strategy = "a", .level = 10, .cost_s = {0.1, 0.11, 0.12}},
        {.strategy = "b", .level = 10, .cost_s = {0.2, 0.21, 0.22}}};
    struct view view = {.columns = 80};
    char *text = cell_rows_written(foreign, 2, &view, table_print);

    (void)state;
    assert_null(strstr(text, "theoretical minimum"));
    assert_null(strchr(text, '\x1b'));
    free(text);
    view.show.wanted[SHOWN_overhead] = true;
    view.colour = true;
    text = cell_rows_written(foreign, 2, &view, table_print);
    assert_non_null(strstr(text, "Overhead (cost time less the theoretical minimum): no "
                                 "row has it"));
    free(text);
    view.show = (struct shown_set){.wanted = {[SHOWN_throughput] = true}};
    text = cell_rows_written(foreign, 2, &view, table_print);
    assert_non_null(strstr(text, "9.09k"));
    free(text);
    view.show = (struct shown_set){.wanted = {[SHOWN_cost] = true}};
    text = cell_rows_written(foreign, 2, &view, table_print);
    assert_non_null(strstr(text, "\x1b[32m110ms\x1b[0m")); /* the best is green */
    free(text);
}

/* Three significant digits, in units that fit. */
static void test_units(void **state)
{
    static const struct {
        enum shown shown;
        double value;
        const char *text;
    } cases[] = {
        {SHOWN_cost, 0.0853, "85.3ms"},
        {SHOWN_cost, 1.0471, "1.05s"},
        {SHOWN_cost, 0.00009996, "100us"},
        {SHOWN_cost, 0.0009997, "1.00ms"},
        {SHOWN_cost, 0.09996, "100ms"},
        {SHOWN_cost, 59.96, "60.0s"},
        {SHOWN_cost, 90, "1.50min"},
        {SHOWN_cost, 0, "0us"},
        {SHOWN_cost, -0.0123, "-12.3ms"},
        {SHOWN_p99, 999.7, "1.00ms"},
        {SHOWN_p99, 12.34, "12.3us"},
        {SHOWN_memory, 17203, "16.8KiB"},
        {SHOWN_memory, 3.0 * (1 << 20), "3.00MiB"},
        {SHOWN_threads, 501, "501"},
        {SHOWN_switches, 3.4567, "3.46"},
        {SHOWN_throughput, 114600, "115k"},
        {SHOWN_faults, 0.0012, "0.00"},
        {SHOWN_cost, NAN, ""},
    };
    char text[SHOWN_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(shown_text(cases[i].shown, cases[i].value, text),
                            cases[i].text);
}

static void test_show_list(void **state)
{
    struct shown_set set;
    struct err err;

    (void)state;
    assert_int_equal(shown_parse_list(&set, "cost, p99", &err), 0);
    assert_true(set.wanted[SHOWN_cost] && set.wanted[SHOWN_p99]);
    assert_false(set.wanted[SHOWN_cpu]);
    assert_int_equal(shown_parse_list(&set, "all", &err), 0);
    for (int i = 0; i < SHOWN_COUNT; i++)
        assert_true(set.wanted[i]);
    assert_int_equal(shown_parse_list(&set, "cost,speed", &err), -1);
    assert_non_null(strstr(err.text, "unknown figure 'speed'"));
    assert_int_equal(shown_parse_list(&set, "", &err), -1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_what_a_table_shows),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_show_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
