/* test_palette.c - the colours of strategies: readable, different, and always the
 * same. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/palette.h"
#include "analysis/report/timeline.h"
#include "tests/support/check.h"

/* Relative luminance as in WCAG 2.2. */
static double luminance(const char *colour)
{
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    double sum = 0;

    assert_int_equal(colour[0], '#');
    assert_int_equal(strlen(colour), 7);
    for (int i = 0; i < 3; i++) {
        char digits[3] = {colour[1 + 2 * i], colour[2 + 2 * i], '\0'};
        double part = (double)strtol(digits, NULL, 16) / 255;

        sum += weights[i] *
               (part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static double contrast(const char *a, const char *b)
{
    double high = fmax(luminance(a), luminance(b)),
           low = fmin(luminance(a), luminance(b));

    return (high + 0.05) / (low + 0.05);
}

static void every_colour_stands_out_from_its_background(void **state)
{
    (void)state;
    for (int i = 0; i < PALETTE_COUNT; i++) {
        assert_true(contrast(palette[i].light, palette_paper.light) >= 3);
        assert_true(contrast(palette[i].dark, palette_paper.dark) >= 3);
        for (int j = 0; j < i; j++) {
            assert_string_not_equal(palette[i].light, palette[j].light);
            assert_string_not_equal(palette[i].dark, palette[j].dark);
        }
    }
    assert_true(contrast(palette_ink.light, palette_paper.light) >= 7);
    assert_true(contrast(palette_ink.dark, palette_paper.dark) >= 7);
    assert_true(contrast(palette_muted.light, palette_paper.light) >= 4.5);
    assert_true(contrast(palette_muted.dark, palette_paper.dark) >= 4.5);
}

static void every_phase_stands_out_from_its_background(void **state)
{
    static const struct palette_colour phases[] = {
#define X(name, word, class, light, dark, meaning) {light, dark},
        TIMELINE_PHASES(X)
#undef X
    };

    (void)state;
    for (int i = 0; i < TIMELINE_PHASE_COUNT; i++) {
        assert_true(contrast(phases[i].light, palette_paper.light) >= 3);
        assert_true(contrast(phases[i].dark, palette_paper.dark) >= 3);
    }
}

static void a_strategy_keeps_its_colour(void **state)
{
    static const char *const order[] = {"one", "two", "three", NULL};
    struct palette_colour stranger = palette_of("a stranger", order);

    (void)state;
    assert_string_equal(palette_of("two", order).light, palette[1].light);
    assert_string_equal(palette_of("two", order).dark, palette[1].dark);
    assert_string_equal(stranger.light, palette_of("a stranger", order).light);
    for (int i = 0; i < 3; i++)
        assert_string_not_equal(stranger.light, palette[i].light);
    assert_non_null(palette_of("", order).light);
}

static void more_strategies_than_colours_have_one_each(void **state)
{
    const char *many[PALETTE_COUNT + 3] = {NULL};
    char names[PALETTE_COUNT + 2][8];

    (void)state;
    for (int i = 0; i < PALETTE_COUNT + 2; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "s%d", i);
        many[i] = names[i];
    }
    assert_string_equal(palette_of(names[PALETTE_COUNT + 1], many).light,
                        palette[1].light);
    assert_non_null(palette_of("\xff\n<", many).dark);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_colour_stands_out_from_its_background),
        cmocka_unit_test(every_phase_stands_out_from_its_background),
        cmocka_unit_test(a_strategy_keeps_its_colour),
        cmocka_unit_test(more_strategies_than_colours_have_one_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
