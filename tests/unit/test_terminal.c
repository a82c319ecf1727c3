/* test_terminal.c - foreign text must not control a terminal. */
#include "base/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"

static void expect(void (*write)(FILE *, const char *), const char *text,
                   const char *wanted)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    assert_non_null(out);
    write(out, text);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(bytes, wanted);
    free(bytes);
}

static void test_texts(void **state)
{
    static const char *const cases[][2] = {
        {"plain, with  spaces", "plain, with  spaces"},
        {"h\xc3\xa4ng \xe2\x82\xac \xf0\x9f\x98\x80",
         "h\xc3\xa4ng \xe2\x82\xac \xf0\x9f\x98\x80"},
        {"\x1b[31mred\x1b]0;title\x07", "?[31mred?]0;title?"},
        {"\xc2\x9b"
         "31m\xc2\x90q\xc2\x9c\xc2\xa0",
         "?31m?q?\xc2\xa0"},
        {"\x9b"
         "31m",
         "?31m"},
        {"a\r\nb\tc\bd\x7f", "a??b?c?d?"},
        /* NOLINTNEXTLINE(misc-misleading-bidirectional) */
        {"\xe2\x80\xae"
         "gnp.exe\xe2\x81\xa6\xe2\x80\xa8\xe2\x80\x8f",
         "?gnp.exe???"},
        {"\xff\xfe\xc0\x80\xed\xa0\x80", "???????"},
        {"\xe2\x80\x94\xe2\x81\xaa", "\xe2\x80\x94\xe2\x81\xaa"},
        {"cut \xe2\x82", "cut ??"},
        {"", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        expect(terminal_write, cases[i][0], cases[i][1]);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char copy[64];

        assert_string_equal(terminal_text(cases[i][0], copy, sizeof(copy)), cases[i][1]);
        (void)terminal_text(cases[i][0], copy, 4);
        assert_memory_equal(copy, cases[i][1], strlen(copy));
        assert_true(strlen(copy) < 4);
    }
    expect(terminal_write, NULL, "");
    expect(terminal_write_lines, "a\n\x1b[2J\r\nb\n", "a\n?[2J?\nb\n");
}

static void test_last_line(void **state)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"\n\r\n", ""},
        {"one", "one"},
        {"one\ntwo", "two"},
        {"one\ntwo\n\n", "two"},
        {"one\r\ntwo\r\n", "two"},
        {"10 %\r20 %\r", "20 %"},
        {"one\n \n", " "},
        {"one\n\x1b[31mtwo\tthree \xe2\x82\n", "?[31mtwo?three ??"},
        {"one\na line of over thirty-one characters\n",
         "a line of over thirty-one chara"},
        {"one\n123456789012345678901234567890\xe2\x82\xac",
         "123456789012345678901234567890"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char line[32];

        assert_string_equal(terminal_last_line(cases[i][0], line, sizeof(line)),
                            cases[i][1]);
    }
}

/* Every byte, and every pair whose first byte begins a two-byte character. */
static void test_no_control_passes(void **state)
{
    (void)state;
    for (int byte = 1; byte < 256; byte++)
        for (int next = 0; next < 256; next++) {
            char text[] = {(char)byte, (char)next, '\0'};
            char *bytes = NULL;
            size_t size = 0;
            FILE *out = open_memstream(&bytes, &size);

            assert_non_null(out);
            terminal_write(out, text);
            assert_int_equal(fclose(out), 0);
            for (size_t i = 0; i < size; i++) {
                unsigned char at = (unsigned char)bytes[i];

                if (at < ' ' || at == 0x7f || (!i && at >= 0x80 && at < 0xc2))
                    fail_msg("%02x %02x passed as %02x", byte, next, at);
            }
            free(bytes);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_last_line),
        cmocka_unit_test(test_no_control_passes),
    };

    return cmocka_run_group_tests_name("terminal", tests, NULL, NULL);
}
