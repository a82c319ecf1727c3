/* compare_json.c - see compare_export.h. */
#include "analysis/report/compare_export.h"

#include "analysis/report/compare_text.h"
#include "base/json.h"

enum { SCHEMA = 2 };

static json_t *of_side(const struct compare_side *side)
{
    return json_pack("{s:o*, s:o*, s:o*, s:o*, s:o*, s:I, s:I}", "name",
                     json_of_text(side->name), "run_id", json_of_text(side->run_id),
                     "libcurl_version", json_of_text(side->libcurl_version),
                     "tls_version", json_of_text(side->tls_version), "libevent_version",
                     json_of_text(side->libevent_version), "rows", (json_int_t)side->rows,
                     "valid_rows", (json_int_t)side->valid_rows);
}

static json_t *of_interval(const struct interval *interval)
{
    return json_pack("{s:o, s:o, s:o}", "estimate", json_of_number(interval->estimate),
                     "low", json_of_number(interval->low), "high",
                     json_of_number(interval->high));
}

static json_t *of_sample(size_t count, double median)
{
    return json_pack("{s:I, s:o}", "count", (json_int_t)count, "median",
                     json_of_number(median));
}

static json_t *of_item(const struct compare_item *item)
{
    return json_pack(
        "{s:o*, s:I, s:s, s:s, s:b, s:s, s:o*, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:b}",
        "strategy", json_of_text(item->strategy), "level", (json_int_t)item->level,
        "metric", metrics[item->metric].name, "unit", metrics[item->metric].unit, "gates",
        item->gates, "verdict", compare_verdict_word(item->verdict), "reason",
        json_of_text(item->reason), "base",
        of_sample(item->base_count, item->base_median), "new",
        of_sample(item->head_count, item->head_median), "pairs", (json_int_t)item->pairs,
        "ratio", of_interval(&item->ratio), "shift", of_interval(&item->shift),
        "threshold", json_of_number(item->threshold), "p", json_of_number(item->p),
        "p_adjusted", json_of_number(item->p_adjusted), "detectable_ratio",
        json_of_number(item->detectable), "not_slower",
        item->verdict != COMPARE_SLOWER && item->verdict != COMPARE_CANNOT_TELL);
}

/* The level belongs to the strategy: a problem of everything has neither. */
static json_t *of_problem(const struct compare_problem *problem)
{
    return json_pack("{s:s, s:o*, s:o*, s:o*}", "kind",
                     compare_problem_word(problem->kind), "strategy",
                     json_of_text(problem->strategy), "level",
                     problem->strategy ? json_integer((json_int_t)problem->level) : NULL,
                     "text", json_of_text(problem->text));
}

static json_t *of_items(const struct comparison *comparison)
{
    json_t *array = json_array();

    for (size_t i = 0; i < comparison->item_count; i++)
        json_add(&array, of_item(&comparison->items[i]));
    return array;
}

static json_t *of_problems(const struct comparison *comparison)
{
    json_t *array = json_array();

    for (size_t i = 0; i < comparison->problem_count; i++)
        json_add(&array, of_problem(&comparison->problems[i]));
    return array;
}

static json_t *of_verdicts(const struct comparison *comparison)
{
    json_t *object = json_object();

    for (int i = 0; i < COMPARE_VERDICT_COUNT; i++) {
        enum compare_verdict verdict = (enum compare_verdict)i;

        json_put(&object, compare_verdict_word(verdict),
                 json_integer((json_int_t)compare_count(comparison, verdict)));
    }
    return object;
}

int compare_json_write(const struct comparison *comparison, FILE *out, struct err *err)
{
    char headline[COMPARE_TEXT_SIZE];

    compare_headline(comparison, headline);
    return json_write(
        json_pack("{s:s, s:i, s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:i, s:I, s:o, s:o}",
                  "kind", "compare", "schema", SCHEMA, "headline", headline, "verdicts",
                  of_verdicts(comparison), "base", of_side(&comparison->base), "new",
                  of_side(&comparison->head), "paired", comparison->paired, "alpha",
                  json_of_number(comparison->alpha), "confidence",
                  json_of_number(comparison->confidence), "looks",
                  (int)comparison->analyses, "family", (json_int_t)comparison->family,
                  "items", of_items(comparison), "problems", of_problems(comparison)),
        out, err);
}
