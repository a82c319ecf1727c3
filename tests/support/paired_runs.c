/* paired_runs.c - see paired_runs.h. */
#include "tests/support/paired_runs.h"

#include <math.h>
#include <string.h>

#include "tests/support/check.h"
#include "tests/support/sample.h"

enum { REQUESTS = 200 };

/* A factor of relative noise, as times have. */
static double noise_factor(struct random *random, double noise)
{
    return exp(noise * draw_normal(random));
}

struct row paired_runs_row(const struct paired_runs *pair, const char *variant,
                           unsigned round)
{
    struct row row = {0};

    row_set_text(&row, COLUMN_run_id, "RUN");
    row_set_text(&row, COLUMN_variant, variant);
    row_set_count(&row, COLUMN_round, round);
    row_set_text(&row, COLUMN_strategy, pair->strategy);
    row_set_count(&row, COLUMN_level, pair->level);
    row_set_count(&row, COLUMN_requests, REQUESTS);
    row_set_count(&row, COLUMN_inflight_limit, pair->level);
    row_set_text(&row, COLUMN_policy, "fresh");
    row_set_text(&row, COLUMN_status, "valid");
    row_set_text(&row, COLUMN_reason, "");
    row_set_text(&row, COLUMN_notes, pair->note ? pair->note : "");
    row_set_text(&row, COLUMN_libcurl_version, "8.0.0");
    row_set_number(&row, COLUMN_cost_s, 0.1);
    row_set_number(&row, COLUMN_teardown_s, 0.001);
    row_set_number(&row, COLUMN_overhead_s, PAIRED_RUNS_OVERHEAD_S);
    row_set_number(&row, COLUMN_user_s, PAIRED_RUNS_CPU_US * 1e-6 * REQUESTS);
    row_set_number(&row, COLUMN_system_s, 0);
    row_set_count(&row, COLUMN_peak_pss_bytes, 1000000);
    row_set_count(&row, COLUMN_connections, REQUESTS);
    row_set_count(&row, COLUMN_voluntary_ctx_switches, REQUESTS);
    return row;
}

void paired_runs_add(struct runs *runs, const struct paired_runs *pair, uint64_t seed)
{
    static const char *const variants[] = {"base", "new"};
    struct random random = {seed};

    for (unsigned round = 1; round <= pair->rounds; round++) {
        double machine = noise_factor(&random, 0.1); /* common to both sides of a round */

        for (int i = 0; i < 2; i++) {
            struct row row = paired_runs_row(pair, variants[i], round);
            double factor = machine * (i && pair->ratio > 0 ? pair->ratio : 1);
            double cpu_s = row_number(&row, COLUMN_user_s);

            row_set_number(&row, COLUMN_user_s,
                           cpu_s * factor * noise_factor(&random, pair->noise));
            row_set_number(&row, COLUMN_overhead_s,
                           PAIRED_RUNS_OVERHEAD_S * factor *
                               noise_factor(&random, pair->noise));
            assert_int_equal(runs_add(runs, &row, NULL), 0);
        }
    }
}

void paired_runs_rename(struct runs *runs, const char *base, const char *head)
{
    for (size_t i = 0; i < runs->count; i++) {
        bool is_base = !strcmp(row_text(&runs->rows[i], COLUMN_variant), "base");

        row_set_text(&runs->rows[i], COLUMN_variant, is_base ? base : head);
    }
}

struct comparison paired_runs_compare(const struct runs *runs,
                                      const struct compare_options *options)
{
    struct compare_source base = {"base", runs, "base"};
    struct compare_source head = {"new", runs, "new"};
    struct comparison comparison;

    assert_int_equal(comparison_make(&comparison, &base, &head, options, NULL), 0);
    return comparison;
}

const struct compare_item *paired_runs_item(const struct comparison *comparison,
                                            const char *strategy, uint64_t level,
                                            enum metric metric)
{
    for (size_t i = 0; i < comparison->item_count; i++)
        if (comparison->items[i].metric == metric &&
            comparison->items[i].level == level &&
            !strcmp(comparison->items[i].strategy, strategy))
            return &comparison->items[i];
    fail_msg("there is no %s of %s at this level", metrics[metric].name, strategy);
    return NULL;
}
