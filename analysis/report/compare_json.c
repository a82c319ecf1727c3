/* compare_json.c - see compare_json.h. */
#include "analysis/report/compare_json.h"

#include "analysis/report/compare_text.h"
#include "base/json.h"

enum { SCHEMA = 2 };

static json_t *of_side(const struct compare_side *side)
{
    json_t *object = json_object();

    json_put_shown(&object, "name", side->name);
    json_put_shown(&object, "run_id", side->run_id);
    json_put_shown(&object, "libcurl_version", side->libcurl_version);
    json_put_shown(&object, "tls_version", side->tls_version);
    json_put_shown(&object, "libevent_version", side->libevent_version);
    json_put_count(&object, "rows", side->rows);
    json_put_count(&object, "valid_rows", side->valid_rows);
    return object;
}

static json_t *of_interval(const struct interval *interval)
{
    json_t *object = json_object();

    json_put(&object, "estimate", json_of_number(interval->estimate));
    json_put(&object, "low", json_of_number(interval->low));
    json_put(&object, "high", json_of_number(interval->high));
    return object;
}

static json_t *of_sample(size_t count, double median)
{
    json_t *object = json_object();

    json_put_count(&object, "count", count);
    json_put(&object, "median", json_of_number(median));
    return object;
}

/* A cell has a name, an overall line the number of its cells. */
static json_t *of_item(const struct compare_item *item)
{
    json_t *object = json_object();

    if (item->strategy[0]) {
        json_put_shown(&object, "strategy", item->strategy);
        json_put_count(&object, point_key(item->point_kind), item->level);
    } else {
        json_put_count(&object, "cells", item->cells);
    }
    json_put_text(&object, "metric", metrics[item->metric].name);
    json_put_text(&object, "unit", metrics[item->metric].unit);
    json_put(&object, "gates", json_boolean(item->gates));
    json_put_text(&object, "verdict", compare_verdict_word(item->verdict));
    json_put_shown(&object, "reason", item->reason);
    json_put(&object, "base", of_sample(item->base_count, item->base_median));
    json_put(&object, "new", of_sample(item->head_count, item->head_median));
    json_put_count(&object, "pairs", item->pairs);
    json_put(&object, "ratio", of_interval(&item->ratio));
    json_put(&object, "shift", of_interval(&item->shift));
    json_put(&object, "threshold", json_of_number(item->threshold));
    json_put(&object, "p", json_of_number(item->p));
    json_put(&object, "p_adjusted", json_of_number(item->p_adjusted));
    json_put(&object, "detectable_ratio", json_of_number(item->detectable));
    json_put(&object, "large_excluded", json_boolean(item->large_excluded));
    json_put(&object, "not_slower",
             json_boolean(item->verdict != COMPARE_SLOWER &&
                          item->verdict != COMPARE_CANNOT_TELL));
    return object;
}

/* A problem of the whole comparison has neither strategy nor level. */
static json_t *of_problem(const struct compare_problem *problem)
{
    json_t *object = json_object();

    json_put_text(&object, "kind", compare_problem_word(problem->kind));
    json_put_shown(&object, "strategy", problem->strategy);
    if (problem->strategy)
        json_put_count(&object, point_key(problem->point_kind), problem->level);
    json_put_shown(&object, "text", problem->text);
    return object;
}

static json_t *of_items(const struct compare_item *items, size_t count)
{
    json_t *array = json_array();

    for (size_t i = 0; i < count; i++)
        json_add(&array, of_item(&items[i]));
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
    json_t *object = json_object();
    char headline[COMPARE_HEADLINE_SIZE];

    compare_headline(comparison, headline);
    json_put_text(&object, "kind", "compare");
    json_put_count(&object, "schema", SCHEMA);
    json_put_shown(&object, "headline", headline);
    json_put_text(&object, "outcome", compare_outcome_word(compare_outcome(comparison)));
    json_put(&object, "verdicts", of_verdicts(comparison));
    json_put(&object, "base", of_side(&comparison->base));
    json_put(&object, "new", of_side(&comparison->head));
    json_put(&object, "paired", json_boolean(comparison->paired));
    json_put(&object, "alpha", json_of_number(comparison->alpha));
    json_put(&object, "confidence", json_of_number(comparison->confidence));
    json_put_count(&object, "looks", comparison->analyses);
    json_put_count(&object, "family", comparison->family);
    json_put(&object, "strict", json_boolean(comparison->by_cells));
    json_put(&object, "overall",
             of_items(comparison->overall, comparison->overall_count));
    json_put(&object, "items", of_items(comparison->items, comparison->item_count));
    json_put(&object, "problems", of_problems(comparison));
    return json_write(object, out, err);
}
