/* test_suggest.c - which word is suggested for a mistyped one, and the messages. */
#include "base/suggest.h"
#include "tests/support/check.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static const char *const words[] = {"levels",        "level", "delay",  "strategy",
                                    "max-cell",      "run",   "rounds", "requests",
                                    "reset-at-once", "off",   "on",     "auto",
                                    "connections",   "500",   "",       NULL};

static const struct {
    const char *typed, *suggested;
} cases[] = {
    /* One mistake of each kind. */
    {"levls", "levels"},
    {"levvels", "levels"},
    {"lefels", "levels"},
    {"lveels", "levels"},
    {"rnu", "run"},
    {"of", "off"},
    {"5000", "500"},
    /* A third of the characters may be wrong, and no more. */
    {"strategies", "strategy"},
    {"streetgy", "strategy"},
    {"stroutgi", NULL},
    {"conecshuns", NULL},
    {"conectoins", "connections"},
    {"dly", NULL},
    {"delya", "delay"},
    /* The closest, and of equally close ones the first. */
    {"level", "level"},
    {"levelx", "levels"},
    {"levels", "levels"},
    /* A beginning. */
    {"conn", "connections"},
    {"strat", "strategy"},
    {"reset", "reset-at-once"},
    {"re", "requests"},
    {"r", NULL},
    {"s", NULL},
    {"connections-to-one", NULL},
    /* Case and '_' are no mistakes. */
    {"LEVELS", "levels"},
    {"max_cell", "max-cell"},
    {"MAX_CEL", "max-cell"},
    /* Two letters: "no" is not "on". */
    {"no", NULL},
    {"an", NULL},
    {"op", "on"},
    /* Nothing, and bytes of others. */
    {"", NULL},
    {"x", NULL},
    {"\xff\xfe", NULL},
    {"\xc3\xa9levels", "levels"},
    {"de\x1bl\x07y", "delay"},
};

static void test_words(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *best = suggest(cases[i].typed, words);

        if (!cases[i].suggested != !best ||
            (best && strcmp(best, cases[i].suggested) != 0))
            fail_msg("%s: %s, not %s", cases[i].typed, best ? best : "nothing",
                     cases[i].suggested ? cases[i].suggested : "nothing");
    }
    assert_null(suggest("levels", (const char *const[]){NULL}));
}

/* Any two words of up to two bytes of a small alphabet: the same result each time,
 * nothing for another length, and never a crash. */
static void test_short_words(void **state)
{
    static const char alphabet[] = "ab-_\xff";
    enum { LETTERS = sizeof(alphabet) };

    (void)state;
    for (int i = 0; i < LETTERS * LETTERS * LETTERS * LETTERS; i++) {
        char typed[] = {alphabet[i % LETTERS], alphabet[i / LETTERS % LETTERS], '\0'};
        char other[] = {alphabet[i / LETTERS / LETTERS % LETTERS],
                        alphabet[i / LETTERS / LETTERS / LETTERS], '\0'};
        const char *const list[] = {other, NULL};
        const char *best = suggest(typed, list);

        assert_true(!best || best == other);
        assert_ptr_equal(best, suggest(typed, list));
        if (typed[0] && typed[1] && !strcmp(typed, other))
            assert_non_null(best);
    }
}

/* Up to the longest, and beyond. */
static void test_long_words(void **state)
{
    char typed[3 * SUGGEST_LENGTH_MAX];
    char candidate[3 * SUGGEST_LENGTH_MAX];
    const char *const list[] = {candidate, NULL};

    (void)state;
    for (size_t length = 1; length < sizeof(typed); length++) {
        bool fits = length <= SUGGEST_LENGTH_MAX;

        memset(typed, 'a', length);
        typed[length] = '\0';
        memcpy(candidate, typed, length + 1);
        assert_true(!suggest(typed, list) == !fits);
        candidate[length / 2] = 'b';
        if (length >= 3)
            assert_true(!suggest(typed, list) == !fits);
        typed[1] = '\0';
        assert_null(length > 2 ? suggest(typed, list) : NULL);
    }
    /* The typed word may be the beginning of a longer text. */
    memset(typed, 'x', sizeof(typed) - 1);
    memcpy(typed, "levls", 5);
    {
        struct suggestion suggestion = suggest_begin(typed, 5);

        suggest_offer(&suggestion, "delay");
        assert_null(suggestion.best);
        suggest_offer(&suggestion, "levels");
        assert_string_equal(suggestion.best, "levels");
        suggest_offer(&suggestion, "levls"); /* closer */
        assert_string_equal(suggestion.best, "levls");
    }
}

static void test_messages(void **state)
{
    static const char *const few[] = {"queue", "refuse", "slow", NULL};
    static const char *const many[] = {"a1", "b1", "c1", "d1", "e1", "f1",
                                       "g1", "h1", "i1", "j1", NULL};
    struct suggestion suggestion = suggest_begin("rnu", 3);
    char text[1000];
    struct err err;

    (void)state;
    assert_int_equal(suggest_unknown(&err, "command", &suggestion, "see bench --help"),
                     -1);
    assert_string_equal(err.text, "unknown command 'rnu'; see bench --help");
    suggest_offer(&suggestion, "run");
    assert_int_equal(suggest_unknown(&err, "command", &suggestion, "see bench --help"),
                     -1);
    assert_string_equal(err.text, "unknown command 'rnu'; did you mean 'run'?");
    assert_int_equal(suggest_one_of(&err, "refus", few), -1);
    assert_string_equal(
        err.text, "'refus' is not one of queue, refuse, slow; did you mean 'refuse'?");
    assert_int_equal(suggest_one_of(&err, "drop", few), -1);
    assert_string_equal(err.text, "'drop' is not one of queue, refuse, slow");
    assert_int_equal(suggest_one_of(&err, "j2", many), -1);
    assert_string_equal(err.text, "'j2' is not one of a1, b1, c1, d1, e1, f1, g1, h1, "
                                  "i1, ...; did you mean 'j1'?");
    assert_int_equal(suggest_unknown(&err, "word",
                                     &(struct suggestion){.typed = "x", .length = 1},
                                     NULL),
                     -1);
    assert_string_equal(err.text, "unknown word 'x'");
    assert_int_equal(suggest_also(&err, "9", "or", "off"), -1);
    assert_string_equal(err.text, "unknown word 'x', or 'off'");
    assert_int_equal(suggest_also(&err, "of", "or", "off"), -1);
    assert_string_equal(err.text, "unknown word 'x', or 'off'; did you mean 'off'?");
    assert_int_equal(suggest_also(NULL, "9", "or", "off"), -1);
    /* A long word leaves room for the rest. */
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    assert_int_equal(suggest_one_of(&err, text, few), -1);
    assert_non_null(strstr(err.text, "xxx...' is not one of queue, refuse, slow"));
    suggestion = suggest_begin(text, strlen(text));
    assert_int_equal(suggest_unknown(&err, "word", &suggestion, "see there"), -1);
    assert_non_null(strstr(err.text, "xxx...'; see there"));
    (void)snprintf(err.text, sizeof(err.text), "%s", text);
    assert_int_equal(suggest_append(&err, "refus", few), -1);
    assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
    assert_int_equal(suggest_one_of(NULL, "refus", few), -1);
}

static void test_items_of_a_list(void **state)
{
    char text[] = "1, 5 ,\t10,,a b , ";
    static const char *const items[] = {"1", "5", "10", "", "a b", "", NULL};
    char *rest = text;

    (void)state;
    for (size_t i = 0; items[i]; i++)
        assert_string_equal(text_take_item(&rest), items[i]);
    assert_null(text_take_item(&rest));
    assert_null(text_take_item(&rest));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),           cmocka_unit_test(test_short_words),
        cmocka_unit_test(test_long_words),      cmocka_unit_test(test_messages),
        cmocka_unit_test(test_items_of_a_list),
    };

    return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
