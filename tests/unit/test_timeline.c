/* test_timeline.c - a timeline from its requests: phases, lanes, and the chosen cells. */
#include "analysis/report/timeline.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/timeline_files.h"

#define REQUEST(variant, round, strategy, level, end)                                  \
    "r," variant "," round "," strategy "," level ",1,u,0,0.0,0.0," end "," end ",,,," \
    "ok\n"

static void expect_refusal(const char *message, const char *requests, const char *runs,
                           struct timeline_choice choice)
{
    struct timeline timeline;
    struct err err;

    assert_int_equal(timeline_files_read(&timeline, requests, runs, choice, &err), -1);
    if (!strstr(err.text, message))
        fail_msg("no '%s' in '%s'", message, err.text);
    timeline_free(&timeline);
}

/* -- phases and lanes ---------------------------------------------------------- */

static void phases_never_descend(void **state)
{
    /* In order; clocks that disagree; without connection; never ended; never taken. */
    struct timeline timeline = timeline_files_good(
        TIMELINE_HEADER "r,default,1,one,4,1,u,0,0.0,1.0,40.0,50.0,1.0,4.0,5.0,ok\n"
                        "r,default,1,one,4,2,u,0,60.0,59.0,70.0,90.0,,200.0,3.0,ok\n"
                        "r,default,1,one,4,3,u,0,95.0,96.0,,99.0,,,,io_failed\n"
                        "r,default,1,one,4,4,u,1,10.0,20.0,,,,,,lost\n"
                        "r,default,1,one,4,5,u,,,,,,,,,lost\n",
        NULL, (struct timeline_choice){0});
    static const double expected[][TIMELINE_PHASE_COUNT] = {{1, 5, 10, 40, 50},
                                                            {60, 90, 90, 90, 90},
                                                            {96, 96, 96, 99, 99},
                                                            {20, 20, 20, 99, 99}};
    const struct timeline_panel *panel = timeline.panels;

    (void)state;
    assert_int_equal(timeline.count, 1);
    assert_int_equal(panel->count, 4);
    assert_int_equal(panel->untaken, 1);
    assert_int_equal(panel->failed, 2);
    assert_int_equal(panel->status, STATUS_FAILED);
    assert_int_equal(panel->workers, 2);
    assert_true(panel->end_us == 99);
    for (size_t i = 0; i < 4; i++)
        for (int phase = 0; phase < TIMELINE_PHASE_COUNT; phase++)
            assert_true(panel->requests[i].until_us[phase] == expected[i][phase]);
    timeline_free(&timeline);
}

/* Requests that the end of a cell at a rate cut off are no failures. */
static void unfinished_requests_did_not_fail(void **state)
{
    struct timeline timeline = timeline_files_good(
        TIMELINE_HEADER "r,default,1,one,4,1,u,0,0.0,1.0,40.0,50.0,1.0,4.0,5.0,ok\n"
                        "r,default,1,one,4,2,u,1,10.0,20.0,,,,,,unfinished\n"
                        "r,default,1,one,4,3,u,2,10.0,20.0,,60.0,,,,unfinished\n",
        NULL, (struct timeline_choice){0});
    struct timeline_panel *panel = timeline.panels;
    char text[TIMELINE_TEXT_SIZE];

    (void)state;
    assert_int_equal(panel->failed, 0);
    assert_int_equal(panel->cut_off, 2);
    assert_false(panel->requests[1].failed);
    panel->untaken = 3;
    panel->kind = POINT_RATE;
    assert_non_null(strstr(timeline_panel_text(panel, text), "us; 5 unfinished"));
    panel->kind = POINT_LEVEL;
    assert_non_null(strstr(timeline_panel_text(panel, text), "; 3 failed; 2 unfinished"));
    timeline_free(&timeline);
}

static void requests_of_a_lane_do_not_overlap(void **state)
{
    static const double begins[] = {0, 2, 10, 12, 6, 21, 0, 10};
    static const unsigned workers[] = {0, 0, 0, 0, 0, 0, 3, 3};
    struct timeline_panel panel = timeline_files_panel(begins, workers, 8);

    (void)state;
    assert_int_equal(panel.lanes, 4); /* three of worker 0, one of worker 3 */
    assert_int_equal(panel.workers, 2);
    assert_int_equal(panel.peak, 4);
    for (size_t i = 0; i < panel.count; i++)
        for (size_t j = 0; j < i; j++)
            if (panel.requests[i].lane == panel.requests[j].lane) {
                assert_int_equal(panel.requests[i].worker, panel.requests[j].worker);
                assert_true(panel.requests[j].until_us[TIMELINE_RECEIVING] <=
                            panel.requests[i].begin_us);
            }
    free(panel.requests);
}

static void the_text_says_what_is_seen(void **state)
{
    static const double staircase[] = {0, 10, 20}, block[] = {0, 1, 2},
                        some[] = {0, 5, 50, 51};
    char text[TIMELINE_TEXT_SIZE];
    struct timeline_panel panel = timeline_files_panel(staircase, NULL, 3);

    (void)state;
    assert_string_equal(timeline_panel_text(&panel, text),
                        "3 requests, one after another, done after 30.0 us");
    free(panel.requests);
    panel = timeline_files_panel(block, NULL, 3);
    assert_string_equal(timeline_panel_text(&panel, text),
                        "3 requests, all at once, done after 12.0 us");
    free(panel.requests);
    panel = timeline_files_panel(some, NULL, 4);
    panel.failed = 1;
    assert_string_equal(timeline_panel_text(&panel, text),
                        "4 requests, up to 2 at a time, done after 61.0 us; 1 failed");
    free(panel.requests);
    panel = timeline_files_panel(block, NULL, 1);
    assert_string_equal(timeline_panel_text(&panel, text),
                        "1 request, done after 10.0 us");
    free(panel.requests);
}

static void durations_have_three_digits(void **state)
{
    static const struct {
        double us;
        const char *text;
    } cases[] = {{0, "0 us"},          {5.071e6, "5.07 s"}, {507e3, "507 ms"},
                 {52.04e3, "52.0 ms"}, {999.6, "1.00 ms"},  {9.996, "10.0 us"},
                 {999.9e3, "1.00 s"},  {12.34, "12.3 us"},  {3600e6, "3600 s"}};
    char text[32];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_string_equal(timeline_duration(cases[i].us, text, sizeof(text)),
                            cases[i].text);
}

/* -- which cells --------------------------------------------------------------- */

static void the_first_valid_round_at_the_highest_level(void **state)
{
    struct timeline timeline = timeline_files_good(timeline_many, timeline_many_rows,
                                                   (struct timeline_choice){0});

    (void)state;
    assert_int_equal(timeline.count, 3);
    assert_string_equal(timeline.panels[0].strategy, "one");
    assert_int_equal(timeline.panels[0].round, 2);
    assert_int_equal(timeline.panels[0].status, STATUS_VALID);
    /* No round of it is valid: the first one, and its reason. */
    assert_string_equal(timeline.panels[1].strategy, "two");
    assert_int_equal(timeline.panels[1].status, STATUS_INVALID);
    assert_string_equal(timeline.panels[1].reason, "why");
    assert_string_equal(timeline.panels[2].strategy, "zeta");
    /* Requests without a row mean nothing. */
    assert_string_equal(timeline.missing, "cut");
    assert_string_equal(timeline.variants, "other");
    assert_true(timeline_end_us(&timeline) == 5);
    timeline_free(&timeline);
}

static void options_choose_other_cells(void **state)
{
    struct timeline timeline = timeline_files_good(
        timeline_many, timeline_many_rows,
        (struct timeline_choice){.strategies = "zeta, one", .round = 1});

    (void)state;
    assert_int_equal(timeline.count, 2);
    assert_string_equal(timeline.panels[0].strategy, "zeta");
    assert_int_equal(timeline.panels[1].round, 1);
    assert_int_equal(timeline.panels[1].status, STATUS_INVALID);
    timeline_free(&timeline);
    timeline = timeline_files_good(timeline_many, timeline_many_rows,
                                   (struct timeline_choice){.point = 5});
    assert_int_equal(timeline.count, 1);
    assert_string_equal(timeline.missing, "one, zeta, cut");
    timeline_free(&timeline);
    timeline = timeline_files_good(timeline_many, timeline_many_rows,
                                   (struct timeline_choice){.variant = "other"});
    assert_int_equal(timeline.panels[0].point, 20);
    timeline_free(&timeline);
    /* Without runs.csv the requests decide. */
    timeline = timeline_files_good(timeline_many, NULL, (struct timeline_choice){0});
    assert_int_equal(timeline.count, 4);
    assert_int_equal(timeline.panels[0].round, 1);
    timeline_free(&timeline);
}

static void what_cannot_be_shown_is_a_message(void **state)
{
    (void)state;
    expect_refusal("the file is empty", "", NULL, (struct timeline_choice){0});
    expect_refusal("no request to draw", TIMELINE_HEADER, NULL,
                   (struct timeline_choice){0});
    expect_refusal("no column 'begin_us'", "round,strategy,level\n1,one,1\n", NULL,
                   (struct timeline_choice){0});
    expect_refusal("did you mean 'zeta'?", timeline_many, timeline_many_rows,
                   (struct timeline_choice){.strategies = "one,zetta"});
    expect_refusal("did you mean 'other'?", timeline_many, timeline_many_rows,
                   (struct timeline_choice){.variant = "othr"});
    expect_refusal("no requests at level 7; drop --level", timeline_many,
                   timeline_many_rows, (struct timeline_choice){.point = 7});
    expect_refusal("in round 9; drop --round", timeline_many, timeline_many_rows,
                   (struct timeline_choice){.round = 9});
    expect_refusal("line 2", TIMELINE_HEADER "r,d,1,one,4,1,u,0,x,,,,,,,ok\n", NULL,
                   (struct timeline_choice){0});
    expect_refusal("line 2 has 3 fields",
                   TIMELINE_HEADER "r,d,1\n" REQUEST("d", "1", "a", "1", "1"), NULL,
                   (struct timeline_choice){0});
}

/* All cells of a run with rates have one level. */
static void cells_of_rates(void **state)
{
    static const char requests[] =
        "run_id,variant,round,strategy,level,rate_rps,request,begin_us,end_us,outcome\n"
        "r,d,1,one,500,100,1,0.0,5.0,ok\n"
        "r,d,1,one,500,2000,1,0.0,5.0,ok\n"
        "r,d,1,one,500,2000,2,1.0,6.0,ok\n";
    struct timeline timeline = timeline_files_good(requests, NULL,
                                                   (struct timeline_choice){0});

    (void)state;
    assert_int_equal(timeline.count, 1);
    assert_int_equal(timeline.panels[0].kind, POINT_RATE);
    assert_int_equal(timeline.panels[0].point, 2000);
    assert_int_equal(timeline.panels[0].level, 500);
    assert_int_equal(timeline.panels[0].count, 2);
    timeline_free(&timeline);
    timeline = timeline_files_good(
        requests, NULL, (struct timeline_choice){.kind = POINT_RATE, .point = 100});
    assert_int_equal(timeline.panels[0].count, 1);
    timeline_free(&timeline);
    expect_refusal("no requests at rate 7/s; drop --rate for the highest rate", requests,
                   NULL, (struct timeline_choice){.kind = POINT_RATE, .point = 7});
    expect_refusal("no requests at level 2000; drop --level for the highest rate",
                   requests, NULL, (struct timeline_choice){.point = 2000});
}

static void a_line_that_was_cut_off_is_ignored(void **state)
{
    struct timeline timeline = timeline_files_good(
        TIMELINE_HEADER REQUEST("d", "1", "one", "2", "9.0") "r,d,1,one,2,2,htt", NULL,
        (struct timeline_choice){0});

    (void)state;
    assert_int_equal(timeline.panels[0].count, 1);
    timeline_free(&timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phases_never_descend),
        cmocka_unit_test(unfinished_requests_did_not_fail),
        cmocka_unit_test(requests_of_a_lane_do_not_overlap),
        cmocka_unit_test(the_text_says_what_is_seen),
        cmocka_unit_test(durations_have_three_digits),
        cmocka_unit_test(the_first_valid_round_at_the_highest_level),
        cmocka_unit_test(options_choose_other_cells),
        cmocka_unit_test(what_cannot_be_shown_is_a_message),
        cmocka_unit_test(cells_of_rates),
        cmocka_unit_test(a_line_that_was_cut_off_is_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
