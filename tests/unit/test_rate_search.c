/* test_rate_search.c - the search for the highest rate that keeps a bound: on made-up
 * clients, and with measurements that are made up. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/report/found.h"
#include "analysis/report/plot_data.h"
#include "analysis/report/summary_json.h"
#include "analysis/report/table.h"
#include "analysis/rows/rate_search.h"
#include "base/clock.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_fields.h"
#include "harness/sweep/search.h"
#include "tests/support/check.h"
#include "tests/support/recorded_sweep.h"

enum { LOWEST = 100, HIGHEST = 20000, ROUNDS = 3 };

static struct rate_bound bound_of(const char *text)
{
    struct rate_bound bound;
    struct err err = {""};

    if (rate_bound_parse(&bound, text, &err))
        fail_msg("%s", err.text);
    return bound;
}

/* -- the bound ----------------------------------------------------------------- */

static void test_bounds(void **state)
{
    static const char *const wrong[] = {"",
                                        "p99",
                                        "p99<",
                                        "<20ms",
                                        "p98<20ms",
                                        "p99<0s",
                                        "p99>20ms",
                                        "p99=1s",
                                        "p99<20",
                                        "p99<20ms<30ms",
                                        "p99<-1ms",
                                        "20ms<p99",
                                        "p99<20ms and a text that is too long to keep"};
    struct rate_bound bound;

    (void)state;
    bound = bound_of("p99<20ms");
    assert_int_equal(bound.quantile, COLUMN_latency_p99_us);
    assert_true(bound.us == 20000);
    assert_true(bound.requests == 100);
    assert_string_equal(bound.text, "p99<20ms");
    bound = bound_of("p999<1.5s");
    assert_true(bound.us == 1.5e6);
    assert_true(bound.requests == 10000);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct err err = {""};

        if (!rate_bound_parse(&bound, wrong[i], &err) || !err.text[0])
            fail_msg("'%s' was read as a bound, or refused without a reason", wrong[i]);
    }
}

/* A row of a rate; p99 NAN: not known. */
static struct row row_of(unsigned rate, unsigned round, double p99_us, const char *notes,
                         enum row_status status)
{
    struct row row = {0};

    row_set_text(&row, COLUMN_variant, "default");
    row_set_text(&row, COLUMN_strategy, "mock-parallel");
    row_set_count(&row, COLUMN_round, round);
    row_set_count(&row, COLUMN_level, 500);
    row_set_count(&row, COLUMN_rate_rps, rate);
    row_set_text(&row, COLUMN_find_rate, "p99<20ms");
    row_set_text(&row, COLUMN_status, status_word(status));
    row_set_text(&row, COLUMN_notes, notes);
    row_set_number(&row, COLUMN_latency_p99_us, p99_us);
    return row;
}

static void test_kept(void **state)
{
    struct rate_bound bound = bound_of("p99<20ms");
    const struct {
        double p99_us;
        const char *notes;
        enum row_status status;
        bool kept;
    } cases[] = {{19999, "", STATUS_VALID, true},
                 {20000, "", STATUS_VALID, false},
                 {1000, "origin-late rate-not-held", STATUS_VALID, false},
                 {1000, "origin-late", STATUS_VALID, true},
                 {NAN, "", STATUS_VALID, false},
                 {1000, "", STATUS_INVALID, false},
                 {1000, "", STATUS_FAILED, false}};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct row row = row_of(100, 1, cases[i].p99_us, cases[i].notes, cases[i].status);

        assert_int_equal(rate_bound_is_kept(&bound, &row), cases[i].kept);
    }
}

/* -- the search ---------------------------------------------------------------- */

/* Searches on a client that keeps the bound up to `limit`, but for every `odd`th row,
 * which says the opposite (0: none). Returns the rows that it took. */
static unsigned follow(struct rate_search *search, const struct rate_bound *bound,
                       unsigned limit, unsigned odd)
{
    unsigned rows = 0;

    rate_search_begin(search, bound, LOWEST, HIGHEST, ROUNDS);
    while (search->rate) {
        bool keeps = search->rate <= limit;
        struct row row;

        if (odd && rows % odd == odd - 1)
            keeps = !keeps;
        row = row_of(search->rate, rate_search_round(search), keeps ? 1e3 : 1e6, "",
                     STATUS_VALID);
        assert_true(rate_search_round(search) <= ROUNDS);
        assert_in_range(search->rate, LOWEST, HIGHEST);
        rate_search_add(search, &row);
        if (++rows > 1000)
            fail_msg("the search for %u does not end", limit);
    }
    return rows;
}

static void test_search(void **state)
{
    struct rate_bound bound = bound_of("p99<20ms");
    unsigned most = 2 * rate_search_steps(LOWEST, HIGHEST);
    struct rate_search search;

    (void)state;
    assert_int_equal(rate_search_steps(LOWEST, LOWEST), 1);
    for (unsigned limit = LOWEST; limit < HIGHEST; limit += 37) {
        assert_in_range(follow(&search, &bound, limit, 0), 2, most);
        assert_true(search.kept <= limit && search.missed > limit);
        assert_true(search.missed <= search.kept * RATE_SEARCH_RESOLUTION ||
                    search.missed == search.kept + 1);
    }
    assert_int_equal(follow(&search, &bound, LOWEST - 1, 0), 2);
    assert_int_equal(search.kept, 0);
    assert_int_equal(search.missed, LOWEST);
    (void)follow(&search, &bound, HIGHEST, 0);
    assert_int_equal(search.kept, HIGHEST);
    assert_int_equal(search.missed, 0);
}

/* One disturbed row of five changes nothing: the majority of three rounds decides. */
static void test_majority(void **state)
{
    struct rate_bound bound = bound_of("p99<20ms");
    struct rate_search search;

    (void)state;
    for (unsigned limit = LOWEST; limit < HIGHEST; limit += 101) {
        (void)follow(&search, &bound, limit, 5);
        assert_true(search.kept <= limit && search.missed > limit);
    }
}

/* A rate that the machine forbids is forbidden in every round. */
static void test_infeasible(void **state)
{
    struct rate_bound bound = bound_of("p99<20ms");
    struct row row = row_of(LOWEST, 1, NAN, "", STATUS_INFEASIBLE);
    struct rate_search search;

    (void)state;
    rate_search_begin(&search, &bound, LOWEST, HIGHEST, ROUNDS);
    rate_search_add(&search, &row);
    assert_int_equal(search.rate, 0);
    assert_int_equal(search.missed, LOWEST);
}

static void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("'%s' is missing in:\n%s", part, text);
}

/* -- with cells ---------------------------------------------------------------- */

struct searching {
    struct runs runs;
    unsigned limits[2]; /* that the two strategies keep */
    const struct strategy *strategies[2];
    size_t measured, interrupt_after;
};

/* A cell that ended as if it was interrupted: nothing is recorded by sweep_visit(), and
 * the row is added here instead. */
static int measure(void *user, const struct cell *cell, struct measurement *measurement,
                   struct err *err)
{
    struct searching *searching = user;
    unsigned limit = searching->limits[cell->strategy == searching->strategies[1]];
    struct row row = row_of(cell->rate, cell->round, cell->rate <= limit ? 1e3 : 1e6, "",
                            STATUS_VALID);

    *measurement = (struct measurement){.end = CELL_INTERRUPTED};
    assert_true(cell->requests > 0);
    searching->measured++;
    if (searching->measured == searching->interrupt_after)
        return 0;
    row_set_text(&row, COLUMN_strategy, cell->strategy->name);
    return runs_add(&searching->runs, &row, err);
}

static struct plan search_plan(void)
{
    struct plan plan = plan_defaults();
    struct err err = {""};

    if (plan_set(&plan, "find-rate", "p99<20ms", &err) ||
        plan_set(&plan, "rates", "100,500,20000", &err) ||
        plan_set(&plan, "strategy", "event-loop,thread-pool", &err) ||
        plan_set(&plan, "rounds", "3", &err) || plan_complete(&plan, &err))
        fail_msg("%s", err.text);
    return plan;
}

/* Runs a search until it is over, each time from the rows that are there. */
static void run_to_end(struct searching *searching, const struct plan *plan)
{
    struct record_source source = {"RUN", NULL, plan};
    struct sweep_hooks hooks = {.user = searching, .measure = measure};
    struct err err = {""};
    struct sweep_tally tally;
    size_t before;

    do { /* each cell ends the search, which goes on from its row */
        before = searching->measured;
        assert_int_equal(
            search_run(&source, &no_limits, &hooks, &searching->runs, &tally, &err), 0);
        assert_true(searching->measured < 1000);
    } while (searching->measured > before);
}

/* The ring of each curve is at the rate that was found. */
static void assert_rings(const struct summary *summary)
{
    struct plot_data data;

    assert_int_equal(plot_data_make(&data, summary, PLOT_p99, NULL, NULL), 0);
    assert_int_equal(data.count, 2);
    assert_true(data.about.search);
    for (size_t i = 0; i < data.count; i++) {
        struct found found = found_of(summary, data.curves[i].variant,
                                      data.curves[i].strategy);

        assert_non_null(found.kept);
        assert_true(data.curves[i].knee == (double)found.kept->point);
    }
    plot_data_free(&data);
}

static void test_cells(void **state)
{
    struct plan plan = search_plan();
    struct searching searching = {.limits = {1234, 30000}};
    struct summary summary;
    struct view view = {.columns = 80};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    struct err err = {""};

    (void)state;
    assert_non_null(out);
    assert_int_equal(plan.rates.count, 2); /* the ends of the list */
    searching.strategies[0] = plan.strategies[0];
    searching.strategies[1] = plan.strategies[1];
    searching.interrupt_after = 7; /* a cell without a row is measured again */
    run_to_end(&searching, &plan);
    assert_int_equal(searching.runs.count, searching.measured - 1);
    assert_int_equal(summary_make(&summary, &searching.runs, NULL, &err), 0);
    assert_int_equal(table_print(&summary, &view, out, &err), 0);
    assert_int_equal(summary_json_write(&summary, &view, out, &err), 0);
    (void)fclose(out);
    assert_has(text, "Highest rate that keeps p99<20ms");
    assert_has(text, "thread-pool at least 20000, the highest tried; event-loop 12");
    assert_has(text, "\"misses_rps\": 12");
    assert_has(text, "\"reason\": \"latency\"");
    assert_has(text, "\"keeps_rps\": 20000");
    assert_rings(&summary);
    summary_free(&summary);
    runs_free(&searching.runs);
    free(text);
    plan_free(&plan);
}

/* A rate may miss the bound although no latency did: the result says so. */
static void test_reasons(void **state)
{
    static const struct {
        double p99_us[2];
        const char *notes;
        enum row_status statuses[2];
        const char *reason; /* in the sentence, behind the rate */
    } cases[] = {
        {{21000, 22000}, "", {STATUS_VALID, STATUS_VALID}, "the lowest tried."},
        {{1000, 1000}, "rate-not-held", {STATUS_VALID, STATUS_VALID}, " (rate not held)"},
        {{1000, 1000}, "", {STATUS_INVALID, STATUS_FAILED}, "tried (invalid)."},
        {{NAN, NAN}, "", {STATUS_VALID, STATUS_VALID}, "tried (few requests)."},
        {{21000, NAN}, "", {STATUS_VALID, STATUS_FAILED}, "tried (several)."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct row rows[2];
        struct runs runs = {.rows = rows, .count = 2};
        struct summary summary;
        struct err err = {""};
        char *text = NULL;
        size_t size = 0;
        FILE *out = open_memstream(&text, &size);

        assert_non_null(out);
        for (unsigned j = 0; j < 2; j++)
            rows[j] = row_of(100, j + 1, cases[i].p99_us[j], cases[i].notes,
                             cases[i].statuses[j]);
        assert_int_equal(summary_make(&summary, &runs, NULL, &err), 0);
        assert_int_equal(found_write_sentence(&summary, "default", out, &err), 0);
        (void)fclose(out);
        assert_has(text, cases[i].reason);
        summary_free(&summary);
        free(text);
    }
}

/* -- plans --------------------------------------------------------------------- */

static void test_plans(void **state)
{
    static const struct {
        const char *options[6][2];
        const char *message; /* a part of it; NULL: it is good */
    } cases[] = {
        {{{"find-rate", "p99<20ms"}}, NULL},
        {{{"find-rate", "p99<20ms"}, {"rates", "500"}}, NULL},
        {{{"find-rate", "p99<20ms"}, {"levels", "10"}}, "--find-rate and --levels"},
        {{{"find-rate", "p99<20ms"}, {"cells", "event-loop@10"}}, "--find-rate and --"},
        {{{"find-rate", "p99<20ms"}, {"budget", "60s"}}, "--find-rate and --budget"},
        {{{"find-rate", "p99<20ms"}, {"rates", "1,100"}}, "at least 100 requests"},
        {{{"find-rate", "p999<20ms"}, {"rates", "100,9000"}}, "at least 10000 requests"},
        {{{"find-rate", "p999<20ms"}, {"rates", "100,9000"}, {"duration", "100s"}}, NULL},
        {{{"find-rate", "p99<20ms"}, {"rates", "14,900"}, {"arrivals", "poisson"}},
         "has at random about 140 within"},
        {{{"find-rate", "p99<20ms"}, {"rates", "16,900"}, {"arrivals", "poisson"}}, NULL},
        {{{"max-in-flight", "5"}, {"levels", "10"}}, "--max-in-flight needs --rates"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct plan plan = plan_defaults();
        struct err err = {""};
        int result = 0;

        for (size_t j = 0; j < 6 && cases[i].options[j][0]; j++)
            assert_int_equal(
                plan_set(&plan, cases[i].options[j][0], cases[i].options[j][1], &err), 0);
        result = plan_complete(&plan, &err);
        if (!cases[i].message != !result ||
            (cases[i].message && !strstr(err.text, cases[i].message)))
            fail_msg("case %zu: '%s'", i, err.text);
        plan_free(&plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),     cmocka_unit_test(test_kept),
        cmocka_unit_test(test_search),     cmocka_unit_test(test_majority),
        cmocka_unit_test(test_infeasible), cmocka_unit_test(test_cells),
        cmocka_unit_test(test_reasons),    cmocka_unit_test(test_plans),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
