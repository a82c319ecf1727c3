/* test_cell_lines.c - the last line of a cell that may explain its end. */
#include "harness/cell/cell_lines.h"

#include <stdio.h>

#include "tests/support/check.h"

#define WARNING \
    "ERROR: ld.so: object 'x.so' from LD_PRELOAD cannot be preloaded: ignored."

/* The loader's warnings explain nothing, wherever they stand. */
static void test_last_line(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"one\ntwo\033\n", "two?"},
        {WARNING, ""},
        {WARNING "\n" WARNING "\r\n", ""},
        {WARNING "\none\n", "one"},
        {"one\n" WARNING "\n", "one"},
        {"one\r\n" WARNING, "one"},
        {"not " WARNING, "not " WARNING},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[CELL_LINES_BYTES + 1];
        char line[CELL_LINE_SIZE];

        (void)snprintf(text, sizeof(text), "%s", cases[i][0]);
        assert_string_equal(cell_lines_last(text, line), cases[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_last_line),
    };

    return cmocka_run_group_tests_name("cell_lines", tests, NULL, NULL);
}
