/* test_base.c - durations, counts, errors, the generator. */
#include "base/err.h"
#include "base/loaded.h"
#include "base/parse.h"
#include "base/random.h"
#include "tests/support/check.h"

#include <errno.h>
#include <string.h>

static const struct {
    const char *text;
    uint64_t ns;
    const char *back; /* expected from duration_text() */
} durations[] = {
    {"0", 0, "0"},
    {"0ms", 0, "0"},
    {"1ns", 1, "1ns"},
    {"999ns", 999, "999ns"},
    {"200us", 200000, "200us"},
    {"50ms", 50000000, "50ms"},
    {"0.5ms", 500000, "500us"},
    {"1.5s", 1500000000, "1.5s"},
    {"1.000000001s", 1000000001, "1.000000001s"},
    {"5s", 5000000000, "5s"},
    {"2m", 120000000000, "120s"},
    {"1h", 3600000000000, "3600s"},
    {"57ms", 57000000, "57ms"},
    {"1.25us", 1250, "1.25us"},
    {"10.010s", 10010000000, "10.01s"},
};

static void test_durations(void **state)
{
    char text[DURATION_TEXT_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
        uint64_t ns = 12345;

        assert_int_equal(parse_duration(durations[i].text, &ns, NULL), 0);
        assert_int_equal(ns, durations[i].ns);
        assert_string_equal(duration_text(ns, text), durations[i].back);
        assert_int_equal(parse_duration(text, &ns, NULL), 0);
        assert_int_equal(ns, durations[i].ns);
    }
}

static void test_bad_durations(void **state)
{
    static const char *const bad[] = {
        "",     "5",   "ms",  "-5ms",  "+5ms", " 5ms", "5 ms",         "5ms ",
        "5min", "5MS", "1.s", ".5s",   "1e3s", "0.5",  "0.5ns",        "1.0000000001s",
        "nan",  "inf", "5s5", "1..5s", "1,5s", "0x5s", "99999999999h", "1.5",
    };

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err err = {""};
        uint64_t ns = 7;

        if (!parse_duration(bad[i], &ns, &err))
            fail_msg("'%s' was read as %lu ns", bad[i], (unsigned long)ns);
        assert_int_equal(ns, 7);
        assert_non_null(strstr(err.text, bad[i])); /* the message names it ... */
        assert_non_null(strstr(err.text, "50ms")); /* ... and shows a valid one */
    }
}

static void test_counts(void **state)
{
    static const char *const bad[] = {"",   "x",   "-1",   "+1", " 1",
                                      "1 ", "1.0", "0x10", "11", "18446744073709551616"};
    struct err err = {""};
    uint64_t value = 0;

    (void)state;
    assert_int_equal(parse_count("1", 1, 10, &value, NULL), 0);
    assert_int_equal(value, 1);
    assert_int_equal(parse_count("10", 1, 10, &value, NULL), 0);
    assert_int_equal(value, 10);
    assert_int_equal(parse_count("18446744073709551615", 0, UINT64_MAX, &value, NULL), 0);
    assert_true(value == UINT64_MAX);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(parse_count(bad[i], 0, 10, &value, &err), -1);
    assert_int_equal(parse_count("0", 1, 10, &value, &err), -1);
    assert_string_equal(err.text, "'0' is not a whole number from 1 to 10");
}

static void test_numbers(void **state)
{
    static const char *const bad[] = {"", "x", "nan", "inf", "1.5x", "1e999"};
    double value = 0;

    (void)state;
    assert_int_equal(parse_number("0.052000001", &value, NULL), 0);
    assert_true(value == 0.052000001);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(parse_number(bad[i], &value, NULL), -1);
}

static void test_errors(void **state)
{
    struct err err = {""};
    char long_word[2000];

    (void)state;
    assert_int_equal(err_set(&err, "level %d", 5), -1);
    assert_string_equal(err.text, "level 5");
    errno = ENOENT;
    assert_int_equal(err_errno(&err, "cannot read %s", "x"), -1);
    assert_string_equal(err.text, "cannot read x: No such file or directory");
    assert_int_equal(err_prefix(&err, "line %d", 3), -1);
    assert_string_equal(err.text, "line 3: cannot read x: No such file or directory");
    assert_int_equal(err_set(NULL, "nobody listens"), -1);
    assert_int_equal(err_errno(NULL, "nobody listens"), -1);
    assert_int_equal(err_prefix(NULL, "nobody listens"), -1);
    /* A text that is too long is cut; nothing is written beyond the buffer. */
    memset(long_word, 'x', sizeof(long_word) - 1);
    long_word[sizeof(long_word) - 1] = '\0';
    (void)err_set(&err, "%s", long_word);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    (void)err_errno(&err, "%s", long_word);
    (void)err_prefix(&err, "%s", long_word);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
}

/* The published test vector of SplitMix64 for the seed 1234567. */
static void test_generator(void **state)
{
    static const uint64_t expected[] = {6457827717110365317ull, 3203168211198807973ull,
                                        9817491932198370423ull, 4593380528125082431ull,
                                        16408922859458223821ull};
    struct random random = {1234567};
    unsigned seen[7] = {0};

    (void)state;
    for (size_t i = 0; i < 5; i++)
        assert_true(random_next(&random) == expected[i]);
    for (int i = 0; i < 7000; i++)
        seen[random_below(&random, 7)]++;
    for (size_t i = 0; i < 7; i++)
        assert_in_range(seen[i], 850, 1150); /* 1000 each, plus or minus five sigma */
    assert_int_equal(random_below(&random, 1), 0);
}

static void test_ranges(void **state)
{
    static const char *const bad[] = {
        "",  ",",  "1,", ",1", "-1",   "1-",   "3-1",   "1x",
        "x", " 1", "1 ", "11", "1-11", "1--2", "1-2-3", "99999999999999999999"};
    const char *at = "0-2,5,10";
    uint64_t from, to;

    (void)state;
    assert_int_equal(parse_range(&at, 10, &from, &to, NULL), 0);
    assert_true(from == 0 && to == 2);
    assert_string_equal(at, "5,10");
    assert_int_equal(parse_range(&at, 10, &from, &to, NULL), 0);
    assert_true(from == 5 && to == 5);
    assert_int_equal(parse_range(&at, 10, &from, &to, NULL), 0);
    assert_true(from == 10 && to == 10);
    assert_string_equal(at, "");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct err err = {""};

        at = bad[i];
        if (!parse_range(&at, 10, &from, &to, &err))
            fail_msg("'%s' was taken for a range", bad[i]);
        assert_true(err.text[0]);
    }
}

/* Finds the program itself and a library: different files, different build ids. */
static void test_loaded(void **state)
{
    struct loaded own = loaded_at((uintptr_t)test_loaded);
    struct loaded library = loaded_at((uintptr_t)_cmocka_run_group_tests);
    struct loaded nobody = loaded_at(0);

    (void)state;
    assert_non_null(strstr(own.file, "/test_base"));
    assert_non_null(strstr(library.file, "/libcmocka.so"));
    assert_true(strlen(own.build_id) >= 16);
    assert_int_equal(strspn(own.build_id, "0123456789abcdef"), strlen(own.build_id));
    assert_true(strlen(library.build_id) >= 16);
    assert_string_not_equal(own.build_id, library.build_id);
    assert_string_equal(nobody.file, "");
    assert_string_equal(nobody.build_id, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ranges),        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_bad_durations), cmocka_unit_test(test_counts),
        cmocka_unit_test(test_numbers),       cmocka_unit_test(test_errors),
        cmocka_unit_test(test_generator),     cmocka_unit_test(test_loaded),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
