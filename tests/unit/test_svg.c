/* test_svg.c - the SVG writer: hostile text stays text, numbers stay numbers, and the
 * program that makes PNG is run without a shell. */
#include "analysis/report/svg.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/svg_png.h"
#include "base/program.h"
#include "tests/support/check.h"
#include "tests/support/text_checks.h"

static const char hostile[] = "</text><script>alert('1')</script>&amp;\"'\x01\x1b[2J\xff"
                              "\xEF\xBF\xBF]]><!--";

static const struct svg_rule rules[] = {{"ink", "fill", {"#111111", "#eeeeee"}}};

static char *page_of(const char *text, size_t most)
{
    struct svg_page page = {.width = 800,
                            .height = 20.5,
                            .title = text,
                            .description = text,
                            .rules = rules,
                            .rule_count = 1,
                            .css = ""};
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    assert_non_null(out);
    svg_begin(out, &page);
    svg_text(out, "ink", 1, 2, text, most);
    svg_text_begin(out, "ink", 3, 4);
    svg_text_part(out, "ink", text, most);
    svg_text_end(out);
    svg_bars_begin(out, "ink");
    svg_bar(out, 1.5, 2, 3, 4);
    svg_bars_end(out);
    svg_end(out);
    assert_int_equal(fclose(out), 0);
    return bytes;
}

static void hostile_text_stays_text(void **state)
{
    char *page = page_of(hostile, 1000);

    (void)state;
    assert_null(strstr(page, "<script"));
    assert_null(strstr(page, "]]>"));
    assert_int_equal(count_of(page, "<!--"), 1); /* our own head */
    assert_int_equal(count_of(page, "&lt;/text&gt;&lt;script&gt;"), 4);
    assert_int_equal(count_of(page, "&amp;amp;"), 4);
    for (const char *at = page; *at; at++)
        assert_true((unsigned char)*at < 0x7f && (*at >= ' ' || *at == '\n'));
    assert_int_equal(strncmp(page, SVG_HEAD, strlen(SVG_HEAD)), 0);
    free(page);
}

static void long_text_is_cut_off_between_characters(void **state)
{
    char *page = page_of("\xC3\xA4\xC3\xB6\xC3\xBC\xC3\x9F", 3);

    (void)state;
    assert_int_equal(count_of(page, ">\xC3\xA4\xC3\xB6\xE2\x80\xA6<"), 2);
    assert_int_equal(count_of(page, "\xC3\x9F"), 2); /* in title and desc */
    free(page);
    page = page_of("abc", 3);
    assert_int_equal(count_of(page, ">abc<"), 4);
    free(page);
}

static void colours_follow_the_scheme_of_a_screen(void **state)
{
    char *page = page_of("a", 1);
    const char *dark = strstr(page, "@media screen and (prefers-color-scheme: dark)");

    (void)state;
    assert_non_null(dark);
    assert_true(strstr(page, ".ink{fill:#111111}") < dark);
    assert_non_null(strstr(dark, ".ink{fill:#eeeeee}"));
    assert_non_null(strstr(page, "M1.5 2h3v4h-3z"));
    assert_non_null(strstr(page, "viewBox=\"0 0 800 20.5\""));
    free(page);
}

static void numbers_are_short_and_finite(void **state)
{
    static const struct {
        double number;
        const char *text;
    } cases[] = {{0, "0"},     {-0.001, "0"}, {1.5, "1.5"},    {100, "100"},
                 {2.004, "2"}, {NAN, "0"},    {INFINITY, "0"}, {-3.456, "-3.46"},
                 {1e300, "0"}, {0.1, "0.1"}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        svg_number(out, cases[i].number);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(text, cases[i].text);
        free(text);
    }
}

/* -- programs ------------------------------------------------------------------ */

static void a_filter_reads_and_writes_any_bytes(void **state)
{
    static const char *const argv[] = {"cat", NULL};
    size_t size = 3000000; /* more than pipes hold */
    char *bytes = calloc(1, size);
    struct program_output output;
    struct err err;

    (void)state;
    assert_non_null(bytes);
    bytes[1] = '\xff';
    assert_int_equal(program_filter(argv, "coreutils", bytes, size, &output, &err), 0);
    assert_int_equal(output.size, size);
    assert_memory_equal(output.bytes, bytes, size);
    free(output.bytes);
    free(bytes);
}

static void a_missing_program_is_named_with_its_package(void **state)
{
    static const char *const argv[] = {"bench-is-not-there", NULL};
    struct program_output output;
    struct err err;

    (void)state;
    assert_int_equal(program_filter(argv, "some-package", "", 0, &output, &err), -1);
    assert_string_equal(err.text, "bench-is-not-there is not installed; apt-get install "
                                  "some-package");
}

static void a_failing_program_is_quoted(void **state)
{
    static const char *const argv[] = {"ls", "--no-such-option;touch x", NULL};
    struct program_output output;
    struct err err;

    (void)state;
    assert_int_equal(program_filter(argv, "coreutils", "", 0, &output, &err), -1);
    assert_non_null(strstr(err.text, "ls exited with status 2: "));
    assert_null(strchr(err.text, '\n'));
}

static void what_is_no_svg_becomes_no_png(void **state)
{
    char *png = NULL;
    size_t size;
    struct err err;

    (void)state;
    assert_int_equal(svg_png("no svg", 6, &png, &size, &err), -1);
    assert_non_null(strstr(err.text, "rsvg-convert "));
    assert_null(png);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(long_text_is_cut_off_between_characters),
        cmocka_unit_test(colours_follow_the_scheme_of_a_screen),
        cmocka_unit_test(numbers_are_short_and_finite),
        cmocka_unit_test(a_filter_reads_and_writes_any_bytes),
        cmocka_unit_test(a_missing_program_is_named_with_its_package),
        cmocka_unit_test(a_failing_program_is_quoted),
        cmocka_unit_test(what_is_no_svg_becomes_no_png),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
