/* test_plot.c - the geometry of plots, and foreign texts in the script of one. */
#include "analysis/report/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/gnuplot.h"
#include "analysis/report/plot_overlap.h"
#include "analysis/report/plot_svg.h"
#include "tests/support/cell_rows.h"
#include "tests/support/check.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static bool is_near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

/* -- axes -------------------------------------------------------------------------- */

/* On any axis there are at least two ticks, ascending, on it, and not too close. */
static void test_ticks(void **state)
{
    static const double lows[] = {1e-6, 0.0123, 0.05, 0.99, 1, 3, 70, 4096, 1e9};
    static const double ratios[] = {3, 4, 7, 10, 33, 1e3, 1e6, 1e12};
    static const enum shown_kind kinds[] = {SHOWN_SECONDS, SHOWN_BYTES, SHOWN_AMOUNT};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lows) * COUNT_OF(ratios) * COUNT_OF(kinds); i++) {
        double low = lows[i % COUNT_OF(lows)];
        double ratio = ratios[i / COUNT_OF(lows) % COUNT_OF(ratios)];
        enum shown_kind kind = kinds[i / COUNT_OF(lows) / COUNT_OF(ratios)];
        struct axis axis = {low, low * ratio};
        struct axis_ticks ticks;

        axis_find_ticks(&ticks, axis, kind, 0.05);
        assert_true(ticks.count >= 2);
        for (size_t j = 0; j < ticks.count; j++) {
            double place = axis_place(axis, ticks.values[j]);

            assert_true(place >= -1e-9 && place <= 1 + 1e-9);
            if (j)
                assert_true(place - axis_place(axis, ticks.values[j - 1]) >= 0.05 - 1e-9);
        }
    }
}

static void test_tick_texts(void **state)
{
    char text[SHOWN_TEXT_SIZE];

    (void)state;
    assert_string_equal(shown_tick(SHOWN_SECONDS, 0.05, text), "50 ms");
    assert_string_equal(shown_tick(SHOWN_SECONDS, 100, text), "100 s");
    assert_string_equal(shown_tick(SHOWN_MICROSECONDS, 1500, text), "1.5 ms");
    assert_string_equal(shown_tick(SHOWN_BYTES, 512 * 1024, text), "512 KiB");
    assert_string_equal(shown_tick(SHOWN_AMOUNT, 20000, text), "20k");
    assert_string_equal(shown_tick(SHOWN_AMOUNT, 1.2, text), "1.2");
}

/* Texts that are kept have room beside each other; the last is always kept. */
static void test_thin_out(void **state)
{
    double places[200];
    double widths[200];
    bool kept[200];

    (void)state;
    for (size_t count = 1; count <= COUNT_OF(places); count++) {
        double free_from = -INFINITY;

        for (size_t i = 0; i < count; i++) {
            places[i] = 600 * log((double)i + 1) / log((double)count + 1);
            widths[i] = i < 9 ? 9 : i < 99 ? 18 : 27;
        }
        axis_thin_out(places, widths, count, 4, kept);
        assert_true(kept[count - 1]);
        for (size_t i = 0; i < count; i++) {
            if (!kept[i])
                continue;
            assert_true(places[i] - widths[i] / 2 >= free_from - 1e-9);
            free_from = places[i] + widths[i] / 2 + 4;
        }
        if (count < 10)
            for (size_t i = 0; i < count; i++)
                assert_true(kept[i]);
    }
}

/* -- labels ------------------------------------------------------------------------ */

/* Labels keep their order and distance, and those with room stay. */
static void test_spread(void **state)
{
    unsigned seed = 1;

    (void)state;
    for (int trial = 0; trial < 500; trial++) {
        size_t count = 1 + (size_t)trial % 40;
        double wanted[40];
        double places[40];

        wanted[0] = 0;
        for (size_t i = 0; i < count; i++) {
            seed = seed * 1103515245U + 12345U;
            wanted[i] = (i ? wanted[i - 1] : 0) +
                        (trial % 3 ? (seed >> 16) % 100 / 1500.0 : 0);
            places[i] = wanted[i];
        }
        overlap_spread(places, count, 0.02, 0, 1);
        for (size_t i = 0; i < count; i++) {
            assert_true(places[i] >= -1e-9 && places[i] <= 1 + 1e-9);
            if (i)
                assert_true(places[i] - places[i - 1] >= 0.02 - 1e-9);
        }
    }
}

static void test_spread_of_few(void **state)
{
    double apart[] = {0.1, 0.5, 0.9};
    double together[] = {0.5, 0.5, 0.9};
    double crowded[11] = {0};

    (void)state;
    overlap_spread(apart, 3, 0.1, 0, 1);
    assert_true(is_near(apart[1], 0.5));
    overlap_spread(together, 3, 0.1, 0, 1);
    assert_true(is_near(together[0], 0.45));
    assert_true(is_near(together[1], 0.55));
    assert_true(is_near(together[2], 0.9));
    overlap_spread(crowded, 11, 0.5, 0, 1); /* more than there is room for */
    assert_true(is_near(crowded[10], 1));
    assert_true(is_near(crowded[5], 0.5));
}

/* -- curves ------------------------------------------------------------------------ */

static const char *const order[] = {"one", "two", NULL};

static void data_of(const struct cell_rows *cells, size_t count, enum plot_figure figure,
                    struct runs *runs, struct summary *summary, struct plot_data *data)
{
    cell_rows_summary(cells, count, runs, summary);
    assert_int_equal(plot_data_make(data, summary, figure, order[0], NULL), 0);
}

static void test_data(void **state)
{
    static const struct cell_rows cells[] = {
        {.strategy = "one", .level = 1, .cost_s = {1, 1.1, 1.2}, .ideal_s = 0.5},
        {.strategy = "one", .level = 10, .cost_s = {10, 11, 12}, .ideal_s = 0.5},
        {.strategy = "two", .level = 10, .cost_s = {2, 2.2, 2}, .ideal_s = 0.4},
        {.strategy = "two", .level = 100, .cost_s = {3}, .notes = "reference"},
    };
    struct runs runs;
    struct summary summary;
    struct plot_data data;

    (void)state;
    data_of(cells, COUNT_OF(cells), PLOT_cost, &runs, &summary, &data);
    assert_int_equal(data.count, 2);
    assert_int_equal(data.axis_count, 3);
    assert_int_equal(data.bound_count, 2);
    assert_true(is_near(data.bound[1].median, 0.4));
    assert_false(data.curves[0].reference);
    assert_true(data.curves[1].reference);
    assert_true(is_near(data.curves[0].points[1].high, 12));
    plot_data_free(&data);
    /* Only levels that the first strategy has, too, have a speed-up. */
    assert_int_equal(plot_data_make(&data, &summary, PLOT_speedup, order[0], NULL), 0);
    assert_int_equal(data.curves[1].count, 1);
    assert_true(is_near(data.curves[1].points[0].median, 5.5));
    assert_true(is_near(data.curves[1].points[0].low, 10 / 2.2));
    assert_true(is_near(data.curves[1].points[0].high, 6));
    assert_int_equal(data.bound_count, 0);
    plot_data_free(&data);
    assert_int_equal(plot_data_make(&data, &summary, PLOT_p50, order[0], NULL), 0);
    assert_int_equal(data.count, 0);
    plot_data_free(&data);
    summary_free(&summary);
    runs_free(&runs);
}

/* Of two curves that coincide the earlier one is the wider; those apart are not. */
static void test_coinciding(void **state)
{
    struct cell_rows cells[12];
    struct runs runs;
    struct summary summary;
    struct plot_data data;
    struct axis axis;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        size_t level = 1 + i / 3 * 10;
        double cost = i % 3 < 2 ? (double)level : 0.1 * (double)level;

        cells[i] = (struct cell_rows){.strategy = i % 3 == 0   ? "one"
                                                  : i % 3 == 1 ? "two"
                                                               : "apart",
                                      .level = level,
                                      .cost_s = {cost, cost, cost}};
    }
    data_of(cells, COUNT_OF(cells), PLOT_cost, &runs, &summary, &data);
    axis = axis_of_figures(&data);
    assert_int_equal(data.count, 3);
    assert_int_equal(overlap_crossing(&data, axis), 2);
    for (size_t i = 0; i < 3; i++) {
        struct overlap overlap = overlap_of(&data, axis, i, 0, data.count);

        assert_int_equal(overlap.depth, !strcmp(data.curves[i].strategy, "one"));
        assert_int_equal(overlap.covers, !strcmp(data.curves[i].strategy, "two"));
        assert_int_equal(overlap_of(&data, axis, i, i, i + 1).depth, 0);
    }
    plot_data_free(&data);
    summary_free(&summary);
    runs_free(&runs);
}

/* -- the script -------------------------------------------------------------------- */

static char *quoted(const char *text)
{
    char *bytes = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&bytes, &size);

    assert_non_null(out);
    gnuplot_text(out, text);
    assert_int_equal(fclose(out), 0);
    return bytes;
}

/* A text is one string of letters, blanks, hyphens and escapes of three digits. */
static void test_foreign_texts(void **state)
{
    static const char *const texts[] = {
        "",
        "event-loop",
        "\"; system('x'); \"",
        "`x`",
        "back\\slash\\",
        "two\nlines",
        "gr\xc3\xbcn",
        "\xff\xc3",
        "\x1b[31m",
        "%d %s @ ^ _ { }",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        char *text = quoted(texts[i]);
        size_t length = strlen(text);

        assert_true(length >= 2 && text[0] == '"' && text[length - 1] == '"');
        for (size_t j = 1; j < length - 1; j++) {
            if (text[j] != '\\') {
                assert_true(strchr("abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ -",
                                   text[j]) != NULL);
                continue;
            }
            for (int digit = 0; digit < 3; digit++)
                assert_true(text[++j] >= '0' && text[j] <= '7');
        }
        free(text);
    }
}

/* No byte of a hostile name is in a script. */
static void test_script_has_no_foreign_byte(void **state)
{
    static const struct cell_rows cells[] = {
        {.strategy = "'; system \"touch x\" #`$!", .level = 1, .cost_s = {1, 1.1, 1.2}}};
    struct runs runs;
    struct summary summary;
    char *script;
    size_t size;

    (void)state;
    cell_rows_summary(cells, 1, &runs, &summary);
    for (int format = 0; format < PLOT_FORMAT_COUNT; format++) {
        assert_int_equal(plot_script(&script, &size, &summary, PLOT_cost, order,
                                     (enum plot_format)format, NULL),
                         0);
        assert_non_null(script);
        assert_null(strstr(script, "; system"));
        assert_null(strchr(script, '`'));
        assert_non_null(strstr(script, "system \\042touch x\\042"));
        free(script);
    }
    assert_int_equal(
        plot_script(&script, &size, &summary, PLOT_memory, order, PLOT_PNG, NULL), 0);
    assert_null(script);
    summary_free(&summary);
    runs_free(&runs);
}

/* One title, that of the figure; text that looks like a title is none. */
static void test_svg_titles(void **state)
{
    static const char from[] = "<svg><title>Gnuplot</title>\n<desc>by x</desc><g>"
                               "<title>$f0 using 1:2</title><text>&lt;title&gt;"
                               "</text></g></svg>";
    static const struct plot_about about = {"How long do 99 of 100?", "latency",
                                            POINT_RATE, false};
    char *svg = strdup(from);
    size_t size = strlen(from);

    (void)state;
    assert_non_null(svg);
    assert_int_equal(plot_svg_describe(&svg, &size, PLOT_p99, about, NULL), 0);
    assert_int_equal(size, strlen(svg));
    assert_non_null(strstr(svg, "<svg><title>How long do 99 of 100"));
    assert_non_null(strstr(svg, "Curves of latency against the rate, one per"));
    assert_non_null(strstr(svg, "bench summary --show p99"));
    assert_non_null(strstr(svg, "</desc>\n<g><text>&lt;title&gt;</text></g></svg>"));
    assert_null(strstr(svg, "using"));
    assert_null(strstr(svg, "by x"));
    free(svg);
}

/* Curves that cross have a panel each, and an overview if all have a label there. */
static void test_panels(void **state)
{
    static const struct {
        size_t strategies, panels;
    } cases[] = {{1, 1}, {8, 1}, {9, 10}, {16, 17}, {17, 17}, {40, 40}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct cell_rows cells[40];
        char names[40][24];
        struct runs runs;
        struct summary summary;
        char *script;
        size_t size;
        size_t panels = 0;

        for (size_t j = 0; j < cases[i].strategies; j++) {
            (void)snprintf(names[j], sizeof(names[j]), "s%zu", j);
            cells[j] = (struct cell_rows){
                .strategy = names[j], .level = 10, .cost_s = {1, 1, 1}};
        }
        cell_rows_summary(cells, cases[i].strategies, &runs, &summary);
        assert_int_equal(
            plot_script(&script, &size, &summary, PLOT_cost, order, PLOT_SVG, NULL), 0);
        for (const char *at = script; (at = strstr(at, "\nreset\n")); at++)
            panels++;
        assert_int_equal(panels, cases[i].panels);
        free(script);
        summary_free(&summary);
        runs_free(&runs);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ticks),
        cmocka_unit_test(test_tick_texts),
        cmocka_unit_test(test_thin_out),
        cmocka_unit_test(test_spread),
        cmocka_unit_test(test_spread_of_few),
        cmocka_unit_test(test_data),
        cmocka_unit_test(test_coinciding),
        cmocka_unit_test(test_foreign_texts),
        cmocka_unit_test(test_script_has_no_foreign_byte),
        cmocka_unit_test(test_svg_titles),
        cmocka_unit_test(test_panels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
