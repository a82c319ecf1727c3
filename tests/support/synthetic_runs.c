/* synthetic_runs.c - see synthetic_runs.h. */
#include "tests/support/synthetic_runs.h"

#include <math.h>

#include "analysis/rows/words.h"
#include "tests/support/check.h"

/* -- comparisons --------------------------------------------------------------- */

#define NASTY "<b>&\"'`a|b`*_[x](y) @all #1\n\t\x01\x1b[31m\xC3\xA4 \xFF \xEF\xBF\xBF]]>"

#define FIFTEEN_ROUNDS .base_count = 15, .head_count = 15, .pairs = 15

static struct compare_item hard_items[] = {
    {
        .strategy = "event-loop",
        .level = 500,
        .metric = METRIC_cost,
        .gates = true,
        FIFTEEN_ROUNDS,
        .base_median = 0.0841,
        .head_median = 0.0944,
        .ratio = {1.123, 1.101, 1.146},
        .shift = {0.0103, 0.0085, 0.0122},
        .threshold = 0.05,
        .p = 0.00002,
        .p_adjusted = 0.0003,
        .detectable = 1.031,
        .verdict = COMPARE_SLOWER,
    },
    {
        .strategy = "event-loop",
        .level = 500,
        .metric = METRIC_cpu,
        FIFTEEN_ROUNDS,
        .base_median = 70.4,
        .head_median = 81.2,
        .ratio = {1.153, 1.14, 1.16},
        .shift = {10.8, 10.1, 11.4},
        .threshold = 0.05,
        .p = 0.00001,
        .p_adjusted = 0.00001,
        .detectable = 1.012,
        .verdict = COMPARE_SLOWER,
        .reason = "",
    },
    {
        .strategy = "process-per-request",
        .level = 500,
        .metric = METRIC_cost,
        .gates = true,
        FIFTEEN_ROUNDS,
        .base_median = 0.2986,
        .head_median = 0.29,
        .ratio = {0.971, 0.966, 0.98},
        .shift = {-0.0086, -0.01, -0.006},
        .threshold = 0.05,
        .p = 0.2,
        .p_adjusted = 0.8,
        .detectable = 1.024,
        .verdict = COMPARE_SAME,
    },
    {
        .strategy = "process-per-request",
        .level = 500,
        .metric = METRIC_connections,
        .gates = true,
        FIFTEEN_ROUNDS,
        .base_median = 1,
        .head_median = 0.25,
        .ratio = {0.25, 0.2, 0.25},
        .shift = {-0.75, -0.8, -0.75},
        .threshold = 0.01,
        .p = 0.00002,
        .p_adjusted = 0.04951,
        .detectable = 1.0,
        .verdict = COMPARE_FASTER,
    },
    {
        .strategy = "poll-loop",
        .level = 100,
        .metric = METRIC_cpu,
        .gates = true,
        FIFTEEN_ROUNDS,
        .base_median = 60.5,
        .head_median = 61.0, /* the pairs give less, and they count */
        .ratio = {0.96, 0.942, 0.978},
        .shift = {-2.4, -3.5, -1.3},
        .threshold = 0.05,
        .p = 0.00002,
        .p_adjusted = 0.00009,
        .detectable = 1.076,
        .verdict = COMPARE_NOT_SLOWER,
        .reason = "not slower by 5 %; possibly faster by as much",
    },
    {
        .strategy = "thread-pool",
        .level = 200,
        .metric = METRIC_memory,
        .gates = true,
        FIFTEEN_ROUNDS,
        .base_median = 153240,
        .head_median = 204811,
        .ratio = {1.337, 1.331, 1.342},
        .shift = {51571, 51002, 52110},
        .threshold = 0.05,
        .p = 0.00002,
        .p_adjusted = 0.00006,
        .detectable = 1.012,
        .verdict = COMPARE_SLOWER,
    },
    {
        .strategy = NASTY,
        .level = UINT64_C(9007199254740993), /* beyond the integers of a double */
        .metric = METRIC_overhead,
        .gates = true,
        .base_count = 4,
        .head_count = 3,
        .pairs = 3,
        .base_median = -0.0001,
        .head_median = 0.0002,
        .ratio = {NAN, NAN, NAN},
        .shift = {0.0003, -INFINITY, INFINITY},
        .threshold = 0.05,
        .p = 0.25,
        .p_adjusted = 1,
        .detectable = INFINITY,
        .verdict = COMPARE_CANNOT_TELL,
        .reason = "fewer than 9 rounds: " NASTY,
    },
    {
        .strategy = "sequential",
        .level = 10,
        .metric = METRIC_memory,
        .gates = true,
        .base_median = NAN,
        .head_median = NAN,
        .ratio = {NAN, NAN, NAN},
        .shift = {NAN, NAN, NAN},
        .threshold = 0.05,
        .p = NAN,
        .p_adjusted = NAN,
        .detectable = NAN,
        .verdict = COMPARE_CANNOT_TELL,
        .reason = "no row has the figure",
    },
};

static struct compare_problem hard_problems[] = {
    {.kind = COMPARE_INCOMPLETE,
     .strategy = "thread-pool",
     .level = 200,
     .text = "3 of 15 rows are invalid: " NASTY},
    {.kind = COMPARE_NOT_COMPARABLE, .text = "another kernel: 6.1 <> 6.6"},
};

const struct comparison synthetic_hard = {
    .base = {"results/a " NASTY, "20261122T205631Z-606e", "7.88.1", "OpenSSL/3.0.22",
             "2.1.12-stable", 120, 117},
    .head = {"new", "20261122T205632Z-0001", "8.17.0", "", NULL, 120, 120},
    .paired = true,
    .alpha = 0.05,
    .confidence = 0.95,
    .analyses = 3,
    .family = 7,
    .overall =
        {
            {
                .strategy = "",
                .cells = 6,
                .metric = METRIC_cpu,
                .gates = true,
                FIFTEEN_ROUNDS,
                .base_median = 65.1,
                .head_median = 70.9,
                .ratio = {1.091, 1.078, 1.104},
                .shift = {5.9, 5.1, 6.8},
                .threshold = 0.02,
                .p = 0.00006,
                .p_adjusted = 0.00012,
                .detectable = 1.029,
                .verdict = COMPARE_SLOWER,
            },
            {
                .strategy = "",
                .metric = METRIC_overhead,
                .gates = true,
                .base_median = NAN,
                .head_median = NAN,
                .ratio = {NAN, NAN, NAN},
                .shift = {NAN, NAN, NAN},
                .threshold = 0.03,
                .p = 1,
                .p_adjusted = 1,
                .detectable = INFINITY,
                .verdict = COMPARE_CANNOT_TELL,
                .reason =
                    "no cell has a valid figure above 0 on both sides in every round",
            },
        },
    .overall_count = 2,
    .items = hard_items,
    .item_count = sizeof(hard_items) / sizeof(hard_items[0]),
    .problems = hard_problems,
    .problem_count = sizeof(hard_problems) / sizeof(hard_problems[0]),
};

static struct compare_item same_items[] = {
    {
        .strategy = "thread-pool",
        .level = 100,
        .metric = METRIC_switches,
        .gates = true,
        .base_count = 20,
        .head_count = 19,
        .base_median = 2.046,
        .head_median = 2.05,
        .ratio = {1.002, 0.99, 1.01},
        .shift = {0.004, -0.02, 0.03},
        .threshold = 0.02,
        .p = 0.6,
        .p_adjusted = 0.6,
        .detectable = 1.03,
        .verdict = COMPARE_SAME,
    },
};

const struct comparison synthetic_same = {
    .base = {"old/runs.csv", "20261122T205631Z-606e", "7.88.1", "OpenSSL/3.0.22",
             "2.1.12-stable", 20, 20},
    .head = {"new/runs.csv", "20261123T205631Z-606f", "7.88.1", "OpenSSL/3.0.22",
             "2.1.12-stable", 20, 19},
    .by_cells = true,
    .alpha = 0.05,
    .confidence = 0.99,
    .analyses = 1,
    .family = 1,
    .items = same_items,
    .item_count = 1,
};

/* Shared by the cell and the overall line. */
#define WIDE_FIGURES                                                                    \
    .metric = METRIC_connections, .gates = true, FIFTEEN_ROUNDS, .base_median = 0.4271, \
    .head_median = 0.4302, .ratio = {1.123, 0.844, 1.498},                              \
    .shift = {0.0529, -0.0666, 0.2127}, .p = 0.2, .p_adjusted = 0.2,                    \
    .detectable = 1.617, .verdict = COMPARE_CANNOT_TELL

static struct compare_item wide_items[] = {
    {
        WIDE_FIGURES,
        .strategy = "event-loop-per-core",
        .level = 2000,
        .threshold = 0.05,
        .reason = "the interval is wider than the threshold",
    },
};

const struct comparison synthetic_wide = {
    .base = {"base", "20261122T205631Z-606e", "7.88.1", "OpenSSL/3.0.22", "2.1.12-stable",
             15, 15},
    .head = {"new", "20261122T205631Z-606e", "8.17.0", "OpenSSL/3.0.22", "2.1.12-stable",
             15, 15},
    .paired = true,
    .alpha = 0.05,
    .confidence = 0.95,
    .analyses = 1,
    .family = 1,
    .overall = {{
        WIDE_FIGURES,
        .strategy = "",
        .cells = 8,
        .threshold = 0.03,
        .reason =
            "too noisy: a change above 3 % is possible but not proven; measure longer",
    }},
    .overall_count = 1,
    .items = wide_items,
    .item_count = 1,
};

const struct comparison synthetic_nothing = {
    .base = {.name = "a", .run_id = "", .libcurl_version = ""},
    .head = {.name = "b", .run_id = "", .libcurl_version = ""},
    .by_cells = true,
    .alpha = 0.05,
    .confidence = 0.95,
};

/* -- runs ---------------------------------------------------------------------- */

static void add(struct runs *runs, const char *variant, const char *strategy,
                double cost_s, enum row_status status)
{
    struct row row = {0};

    row_set_text(&row, COLUMN_variant, variant);
    row_set_text(&row, COLUMN_strategy, strategy);
    row_set_count(&row, COLUMN_level, 10);
    row_set_count(&row, COLUMN_requests, 100);
    row_set_count(&row, COLUMN_inflight_limit, 10);
    row_set_number(&row, COLUMN_ideal_s, 0.05);
    row_set_text(&row, COLUMN_status, status_word(status));
    if (status != STATUS_VALID) {
        row_set_text(&row, COLUMN_reason, "it broke | <here>");
    } else {
        row_set_number(&row, COLUMN_cost_s, cost_s);
        row_set_number(&row, COLUMN_overhead_s, cost_s - 0.05);
        row_set_number(&row, COLUMN_user_s, 0.001);
        row_set_number(&row, COLUMN_system_s, cost_s / 10);
        row_set_count(&row, COLUMN_voluntary_ctx_switches, 0); /* a value of 0 */
        row_set_text(&row, COLUMN_notes, "level-not-held origin-late");
    }
    assert_int_equal(runs_add(runs, &row, NULL), 0);
}

void synthetic_runs(struct runs *runs)
{
    add(runs, "old", "a|b", 0.08, STATUS_VALID);
    add(runs, "new", "a|b", 0.07, STATUS_VALID);
    add(runs, "new", "event-loop", 0.06, STATUS_VALID);
    add(runs, "new", "gone", 0, STATUS_INFEASIBLE);
    row_set_count(&runs->rows[1], COLUMN_peak_rss_bytes, 40960);
    add(runs, "new", "a|b", 0.09, STATUS_VALID);
    row_set_count(&runs->rows[4], COLUMN_peak_rss_bytes, 81920);
    add(runs, "new", "event-loop", 0, STATUS_FAILED);
    add(runs, "new", "event-loop", 0.064, STATUS_VALID);
    row_set_count(&runs->rows[6], COLUMN_peak_rss_bytes,
                  4096); /* its other row has none */
}
