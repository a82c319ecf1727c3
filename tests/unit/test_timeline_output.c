/* test_timeline_output.c - the geometry of a timeline, its picture and its trace. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/timeline_bars.h"
#include "analysis/report/timeline_svg.h"
#include "analysis/report/trace_events.h"
#include "base/text.h"
#include "tests/support/check.h"
#include "tests/support/timeline_files.h"

/* -- bars ---------------------------------------------------------------------- */

static struct timeline_bars bars_of(const struct timeline_panel *panel, double until_us,
                                    bool by_request)
{
    struct timeline_scale scale = {768, until_us, by_request};
    struct timeline_bars bars;
    struct err err;

    assert_int_equal(timeline_bars_make(&bars, panel, &scale, &err), 0);
    for (size_t i = 0; i < bars.count; i++) {
        const struct timeline_bar *bar = &bars.bars[i];

        assert_true(bar->x >= 0 && bar->x + bar->width <= 768 + 1e-6);
        assert_true(bar->y >= 0 && bar->y + bar->height <= bars.height + 1e-6);
        assert_true(bar->width > 0 && bar->height >= 1);
    }
    return bars;
}

static void a_staircase_has_a_step_per_request(void **state)
{
    static const double begins[] = {0, 10, 20, 30};
    struct timeline_panel panel = timeline_files_panel(begins, NULL, 4);
    struct timeline_bars bars = bars_of(&panel, 40, true);

    (void)state;
    assert_int_equal(bars.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_true(fabs(bars.bars[i].x - (double)i * 192) < 1e-6);
        assert_true(fabs(bars.bars[i].width - 192) < 1e-6);
        assert_true(fabs(bars.bars[i].y - (double)i * bars.row_height) < 1e-6);
    }
    assert_false(bars.merged);
    timeline_bars_free(&bars);
    bars = bars_of(&panel, 40, false); /* one lane; a gap of a pixel between requests */
    assert_int_equal(bars.rows, 1);
    assert_true(fabs(bars.bars[3].width - 191) < 1e-6);
    timeline_bars_free(&bars);
    bars = bars_of(&panel, 15, true); /* cut off in the second */
    assert_int_equal(bars.count, 2);
    timeline_bars_free(&bars);
    free(panel.requests);
}

/* Columns of pixels that some bar covers, in all lines together. */
static double covered(const struct timeline_bars *bars)
{
    double sum = 0;

    for (size_t i = 0; i < bars->count; i++)
        sum += bars->bars[i].width;
    return sum;
}

static void more_requests_than_pixels_are_merged(void **state)
{
    enum { COUNT = 100000 };
    double *begins = calloc(COUNT, sizeof(*begins));
    struct timeline_panel panel;
    struct timeline_bars bars;

    (void)state;
    assert_non_null(begins);
    for (size_t i = 0; i < COUNT; i++)
        begins[i] = 10 * (double)i;
    panel = timeline_files_panel(begins, NULL, COUNT);
    bars = bars_of(&panel, 10.0 * COUNT, true);
    assert_true(bars.merged);
    assert_int_equal(bars.lines, 200);
    assert_true(bars.count >= 200 && bars.count < 2000);
    /* Every column is in flight once, or twice where a line ends. */
    assert_true(covered(&bars) >= 768 && covered(&bars) <= 768 + 200);
    timeline_bars_free(&bars);
    /* All at once: everything is covered. */
    memset(begins, 0, COUNT * sizeof(*begins));
    free(panel.requests);
    panel = timeline_files_panel(begins, NULL, COUNT);
    bars = bars_of(&panel, 10, false);
    assert_true(fabs(covered(&bars) - 768 * 200) < 1e-6);
    timeline_bars_free(&bars);
    free(panel.requests);
    free(begins);
}

static void a_failure_shows_in_a_crowd(void **state)
{
    enum { COUNT = 5000 };
    double *begins = calloc(COUNT, sizeof(*begins));
    struct timeline_panel panel;
    struct timeline_bars bars;
    size_t failed = 0;

    (void)state;
    assert_non_null(begins);
    panel = timeline_files_panel(begins, NULL, COUNT);
    panel.requests[2222].failed = true;
    bars = bars_of(&panel, 10, true);
    for (size_t i = 0; i < bars.count; i++)
        failed += bars.bars[i].shown == TIMELINE_FAILED;
    assert_int_equal(failed, 1);
    timeline_bars_free(&bars);
    free(panel.requests);
    free(begins);
}

static void what_is_short_is_a_pixel_wide(void **state)
{
    static const double begins[] = {0, 999990};
    struct timeline_panel panel = timeline_files_panel(begins, NULL, 2);
    struct timeline_bars bars = bars_of(&panel, 1e6, true);

    (void)state;
    assert_int_equal(bars.count, 2);
    assert_true(fabs(bars.bars[0].width - 1) < 1e-6);
    assert_true(fabs(bars.bars[1].width - 1) < 1e-6);
    timeline_bars_free(&bars);
    free(panel.requests);
}

/* Moments that bench never writes stay within the picture, drawn one by one or merged. */
static void moments_of_other_writers_stay_inside(void **state)
{
    static const char *const begins[] = {"-5.0", "-1e300", "1e300", "1e-300"};
    static const size_t beside[] = {2, 2500};

    (void)state;
    for (size_t i = 0; i < 8; i++) {
        struct timeline timeline;
        struct timeline_bars bars;
        struct text text;
        char *requests;

        assert_int_equal(text_open(&text, NULL), 0);
        (void)fputs(TIMELINE_HEADER, text.out);
        for (size_t j = 0; j < beside[i % 2]; j++)
            (void)fprintf(text.out, "r,v,1,one,9,%zu,u,0,5.0,6.0,8.0,10.0,,,,ok\n",
                          j + 1);
        (void)fprintf(text.out, "r,v,1,one,9,9999,u,0,%s,6.0,8.0,10.0,,,,ok\n",
                      begins[i / 2]);
        requests = text_close(&text, NULL, NULL);
        assert_non_null(requests);
        timeline = timeline_files_good(requests, NULL, (struct timeline_choice){0});
        bars = bars_of(&timeline.panels[0], 10, true);
        assert_true(bars.count > 0);
        timeline_bars_free(&bars);
        timeline_free(&timeline);
        free(requests);
    }
}

/* -- outputs ------------------------------------------------------------------- */

/* A strategy, a variant, a URL and an outcome that try to end the text they are in. */
static const char hostile[] = TIMELINE_HEADER
    "r,default,1,\"</svg><script>x</script>\"\"\\\n\xff\x1b[2J\",1,1,"
    "\"javascript:\"\"}]\",0,0.0,1.0,9.0,10.0,,2.0,,\"<b>\"\n"
    "r,\"<i>\",1,one,1,1,u,0,0.0,1.0,9.0,10.0,,2.0,,ok\n";

static char *svg_of(const struct timeline *timeline, struct timeline_look look)
{
    char *svg = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&svg, &size);
    struct err err;

    assert_non_null(out);
    look.order = timeline_order;
    assert_int_equal(timeline_svg_write(timeline, &look, out, &err), 0);
    assert_int_equal(fclose(out), 0);
    return svg;
}

static void hostile_names_stay_text_in_svg(void **state)
{
    struct timeline timeline = timeline_files_good(hostile, NULL,
                                                   (struct timeline_choice){0});
    char *svg = svg_of(&timeline, (struct timeline_look){.animate = true});

    (void)state;
    assert_null(strstr(svg, "<script"));
    assert_null(strstr(svg, "<i>"));
    assert_null(strchr(svg, '\x1b'));
    assert_null(strchr(svg, '\xff'));
    assert_non_null(strstr(svg, "&lt;script&gt;"));
    assert_non_null(strstr(svg, "<title>1 request at level 1</title>"));
    assert_ptr_equal(strstr(svg, "</svg>"), svg + strlen(svg) - strlen("</svg>\n"));
    free(svg);
    timeline_free(&timeline);
}

static void only_animation_has_keyframes(void **state)
{
    struct timeline timeline = timeline_files_good(timeline_many, timeline_many_rows,
                                                   (struct timeline_choice){0});
    char *svg = svg_of(&timeline, (struct timeline_look){0});
    const char *media;

    (void)state;
    assert_null(strstr(svg, "@keyframes"));
    assert_null(strstr(svg, "clip-path"));
    assert_non_null(strstr(svg, "two: 1 request, done after 3.00 us"));
    assert_non_null(strstr(svg, "Not measured at this level and round: cut"));
    assert_non_null(strstr(svg, "two, status invalid: why"));
    free(svg);
    /* It moves on a screen alone, and not for a reader who wants no motion. */
    svg = svg_of(&timeline, (struct timeline_look){.animate = true});
    media = strstr(svg, "@media screen and (prefers-reduced-motion: no-preference)");
    assert_non_null(media);
    assert_ptr_equal(strstr(svg, "animation:"), strstr(media, "animation:"));
    free(svg);
    timeline_free(&timeline);
}

static json_t *trace_of(const struct timeline *timeline)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct err err;
    json_error_t error;
    json_t *trace;

    assert_non_null(out);
    assert_int_equal(trace_events_write(timeline, out, &err), 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strncmp(text, TRACE_EVENTS_HEAD, strlen(TRACE_EVENTS_HEAD)), 0);
    trace = json_loads(text, 0, &error);
    if (!trace)
        fail_msg("%s at line %d", error.text, error.line);
    free(text);
    return trace;
}

static const char *word_at(const json_t *event, const char *key)
{
    const char *word = json_string_value(json_object_get(event, key));

    return word ? word : "";
}

/* Complete events of one thread are nested or apart, as the format demands. */
static void expect_nested(json_t *events)
{
    size_t i, j;
    json_t *a, *b;

    json_array_foreach(events, i, a) json_array_foreach(events, j, b)
    {
        double from = json_number_value(json_object_get(a, "ts"));
        double to = from + json_number_value(json_object_get(a, "dur"));
        double begin = json_number_value(json_object_get(b, "ts"));
        double end = begin + json_number_value(json_object_get(b, "dur"));

        if (strcmp(word_at(a, "ph"), "X") != 0 || strcmp(word_at(b, "ph"), "X") != 0 ||
            !json_equal(json_object_get(a, "pid"), json_object_get(b, "pid")) ||
            !json_equal(json_object_get(a, "tid"), json_object_get(b, "tid")))
            continue;
        assert_true(end <= from + 1e-6 || begin >= to - 1e-6 ||
                    (begin >= from - 1e-6 && end <= to + 1e-6) ||
                    (begin <= from + 1e-6 && end >= to - 1e-6));
    }
}

static void a_trace_has_complete_events_and_names(void **state)
{
    struct timeline timeline = timeline_files_good(
        TIMELINE_HEADER
        "r,d,1,one,2,1,http://a/,0,0.0,1.0,40.0,50.0,1.0,4.0,5.0,ok\n"
        "r,d,1,one,2,2,http://b/,0,5.0,6.0,44.0,45.0,1.0,4.0,5.0,bad_status\n"
        "r,d,1,two,2,1,http://a/,7,0.0,0.0,40.0,50.0,,,,ok\n",
        NULL, (struct timeline_choice){.with_texts = true});
    json_t *trace = trace_of(&timeline);
    json_t *events = json_object_get(trace, "traceEvents");
    size_t requests = 0, phases = 0, processes = 0, threads = 0, i;
    json_t *event;

    (void)state;
    json_array_foreach(events, i, event)
    {
        bool is_complete = !strcmp(word_at(event, "ph"), "X");

        assert_true(is_complete || !strcmp(word_at(event, "ph"), "M"));
        assert_true(json_integer_value(json_object_get(event, "pid")) > 0);
        assert_true(json_integer_value(json_object_get(event, "tid")) > 0);
        assert_true(!is_complete || json_is_number(json_object_get(event, "ts")));
        assert_true(!is_complete || json_is_number(json_object_get(event, "dur")));
        requests += !strncmp(word_at(event, "name"), "request ", 8);
        phases += !strcmp(word_at(event, "cat"), "phase");
        processes += !strcmp(word_at(event, "name"), "process_name");
        threads += !strcmp(word_at(event, "name"), "thread_name");
    }
    assert_int_equal(requests, 3);
    assert_int_equal(phases, 5 + 5 + 2);
    assert_int_equal(processes, 2);
    assert_int_equal(threads, 3);
    expect_nested(events);
    json_decref(trace);
    timeline_free(&timeline);
}

static void hostile_names_stay_text_in_a_trace(void **state)
{
    struct timeline timeline = timeline_files_good(
        hostile, NULL, (struct timeline_choice){.with_texts = true});
    json_t *trace = trace_of(&timeline);

    (void)state;
    assert_int_equal(json_array_size(json_object_get(trace, "traceEvents")), 9);
    json_decref(trace);
    timeline_free(&timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_staircase_has_a_step_per_request),
        cmocka_unit_test(more_requests_than_pixels_are_merged),
        cmocka_unit_test(a_failure_shows_in_a_crowd),
        cmocka_unit_test(what_is_short_is_a_pixel_wide),
        cmocka_unit_test(moments_of_other_writers_stay_inside),
        cmocka_unit_test(hostile_names_stay_text_in_svg),
        cmocka_unit_test(only_animation_has_keyframes),
        cmocka_unit_test(a_trace_has_complete_events_and_names),
        cmocka_unit_test(hostile_names_stay_text_in_a_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
