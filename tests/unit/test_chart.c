/* test_chart.c - charts in characters fit their width and show all cells. */
#include "analysis/report/chart.h"

#include <stdlib.h>
#include <string.h>

#include "base/terminal.h"
#include "tests/support/cell_rows.h"
#include "tests/support/check.h"
#include "tests/support/text_checks.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct cell_rows cells[] = {
    {.strategy = "a", .level = 1, .cost_s = {0.5}, .ideal_s = 0.05},
    {.strategy = "a", .level = 10, .cost_s = {0.1, 0.11, 0.12}, .ideal_s = 0.05},
    {.strategy = "b\x1b[31m", .level = 10, .cost_s = {0.2, 0.4, 0.8}, .ideal_s = 0.05},
    {.strategy = "gr\xc3\xbcn", .level = 10, .cost_s = {5, 5, 5}, .ideal_s = 0.05},
};

static void test_widths(void **state)
{
    (void)state;
    for (unsigned width = 40; width < 200; width++) {
        struct view view = {.columns = width, .utf8 = width % 2};
        char *text = cell_rows_written(cells, COUNT_OF(cells), &view, chart_print);

        assert_true(longest_line(text) <= width);
        assert_null(strchr(text, '\x1b'));
        assert_int_equal(strstr(text, "\u25cf") != NULL, width % 2);
        free(text);
    }
}

/* Places are in the order of the figures, intervals around their medians. */
static void test_marks(void **state)
{
    struct view view = {.columns = 80};
    char *text = cell_rows_written(cells, COUNT_OF(cells), &view, chart_print);
    const char *wide = strstr(text, "\nb");

    (void)state;
    assert_non_null(strstr(text, "level 10"));
    assert_non_null(strstr(text, "\na       |"));
    assert_non_null(strstr(text, " 110ms\n"));
    assert_non_null(wide);
    assert_non_null(strstr(wide, "-o-"));
    assert_non_null(strstr(text, "o     5.00s\n"));
    assert_non_null(strstr(text, "50.0ms  "));
    free(text);
}

static void test_nothing(void **state)
{
    static const struct cell_rows one[] = {{.strategy = "a", .level = 5, .cost_s = {1}}};
    struct view view = {.columns = 80, .show = {.wanted = {[SHOWN_memory] = true}}};
    char *text = cell_rows_written(one, 1, &view, chart_print);

    (void)state;
    assert_string_equal(text, "");
    free(text);
    view.show.wanted[SHOWN_memory] = false;
    text = cell_rows_written(one, 1, &view, chart_print);
    assert_non_null(strstr(text, "o"));
    free(text);
    text = cell_rows_written(one, 0, &view, chart_print);
    assert_string_equal(text, "");
    free(text);
}

static void test_locales(void **state)
{
    static const struct {
        const char *all, *ctype, *lang;
        bool utf8;
    } cases[] = {
        {NULL, NULL, NULL, false},
        {NULL, NULL, "C.UTF-8", true},
        {NULL, NULL, "de_DE.utf8", true},
        {NULL, "C", "C.UTF-8", false},
        {"POSIX", "C.UTF-8", "C.UTF-8", false},
        {"", "", "C.UTF-8", true},
        {"C.UTF-8", "C", "C", true},
        {NULL, NULL, "de_DE.ISO-8859-1", false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *const values[] = {cases[i].all, cases[i].ctype, cases[i].lang};
        static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

        for (size_t j = 0; j < COUNT_OF(names); j++)
            assert_int_equal(
                values[j] ? setenv(names[j], values[j], 1) : unsetenv(names[j]), 0);
        assert_int_equal(terminal_takes_utf8(), cases[i].utf8);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_locales),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
