/* test_troff.c - a man page and a completion obey none of the text that they show. */
#include "harness/cli/troff.h"

#include <stdlib.h>
#include <string.h>

#include "harness/cli/shell_quote.h"
#include "tests/support/check.h"

static char *written(const char *text, enum troff_form form)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    assert_non_null(out);
    troff_write(out, text, form);
    assert_int_equal(fclose(out), 0);
    return bytes;
}

static void expect(const char *text, enum troff_form form, const char *wanted)
{
    char *bytes = written(text, form);

    assert_string_equal(bytes, wanted);
    free(bytes);
}

static void test_commands_of_troff_are_text(void **state)
{
    (void)state;
    for (int form = TROFF_FILLED; form <= TROFF_ARGUMENT; form++) {
        expect(".so x", (enum troff_form)form, "\\&.so x");
        expect("'br", (enum troff_form)form, "\\(aqbr");
        expect("a\\fBb\\*c", (enum troff_form)form, "a\\efBb\\e*c");
        expect("\"--x-y\" ^~", (enum troff_form)form, "\\(dq\\-\\-x\\-y\\(dq \\(ha\\(ti");
        expect("1...3", (enum troff_form)form, "1...3");
        expect("\x1b[m\x7f\t", (enum troff_form)form, "?[m??");
        expect("\xff\xc3\xa4\xe4\xb8\xad\xc2\x9b", (enum troff_form)form,
               "?\\[u00E4]\\[u4E2D]?");
    }
}

static void test_lines(void **state)
{
    (void)state;
    expect("a\n.b\n\n c ", TROFF_FILLED, "a .b c");
    expect("a\n.b\n\n c ", TROFF_ARGUMENT, "a .b c");
    expect("a\n.b\n\n  c \nd\n", TROFF_VERBATIM, "a\n\\&.b\n\n  c\nd\n");
}

static void test_backquotes_are_bold_in_pairs(void **state)
{
    (void)state;
    expect("a `b c` d", TROFF_FILLED, "a \\fBb c\\fR d");
    expect("a `b", TROFF_FILLED, "a \\(gab");
    expect("`a` `b", TROFF_VERBATIM, "\\fBa\\fR \\(gab");
    expect("`a`", TROFF_ARGUMENT, "\\(gaa\\(ga");
}

/* A '.' that a break puts at the beginning of a line is no command either. */
static void test_long_lines_are_broken(void **state)
{
    char text[400] = "";
    char *bytes;

    (void)state;
    while (strlen(text) < 300)
        strncat(text, "abcdefghi ....... ", 20);
    bytes = written(text, TROFF_FILLED);
    for (const char *line = bytes; *line; line += strcspn(line, "\n") + 1) {
        assert_true(line[0] != '.');
        assert_true(strcspn(line, "\n") <= 80);
        if (!strchr(line, '\n'))
            break;
    }
    assert_non_null(strstr(bytes, "\n\\&."));
    free(bytes);
}

static void test_words_of_a_shell(void **state)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    (void)state;
    assert_non_null(out);
    shell_quote(out, "a'$(x)`y`\"\\ b");
    assert_int_equal(fclose(out), 0);
    assert_string_equal(bytes, "'a'\\''$(x)`y`\"\\ b'");
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_commands_of_troff_are_text),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_backquotes_are_bold_in_pairs),
        cmocka_unit_test(test_long_lines_are_broken),
        cmocka_unit_test(test_words_of_a_shell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
