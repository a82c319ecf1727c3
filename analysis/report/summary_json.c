/* summary_json.c - see summary_json.h. */
#include "analysis/report/summary_json.h"

#include <math.h>
#include <string.h>

#include "analysis/report/conclusion.h"
#include "analysis/report/found.h"
#include "analysis/report/held.h"
#include "analysis/report/summary_query.h"
#include "base/json.h"

enum { SCHEMA = 1 };

static json_t *of_metrics(void)
{
    json_t *object = json_object();

    for (int i = 0; i < METRIC_COUNT; i++) {
        json_t *metric = json_object();

        json_put_text(&metric, "title", metrics[i].title);
        json_put_text(&metric, "unit", metrics[i].unit);
        json_put_text(&metric, "meaning", metrics[i].meaning);
        json_put(&object, metrics[i].name, metric);
    }
    return object;
}

static json_t *of_spread(const struct spread *spread)
{
    json_t *object = json_object();

    json_put_number(&object, "median", spread->median);
    json_put_number(&object, "min", spread->min);
    json_put_number(&object, "max", spread->max);
    return object;
}

static json_t *of_spreads(const struct summary_cell *cell)
{
    json_t *object = json_object();

    for (int i = 0; i < METRIC_COUNT; i++) {
        const struct spread *spread = &cell->spreads[i];

        if (isfinite(spread->median))
            json_put(&object, metrics[i].name, of_spread(spread));
    }
    return object;
}

/* Columns of runs.csv that rows with a duration are about. */
static json_t *of_columns(const struct summary_cell *cell)
{
    static const struct {
        const char *name;
        enum summary_figure figure;
    } further[] = {
#define FURTHER(column) {#column, SUMMARY_##column}
        FURTHER(throughput_rps),  FURTHER(begun_rps),      FURTHER(unfinished),
        FURTHER(latency_p50_us),  FURTHER(latency_p90_us), FURTHER(latency_p99_us),
        FURTHER(latency_p999_us), FURTHER(late_p99_us),
#undef FURTHER
    };
    json_t *object = json_object();

    for (size_t i = 0; i < sizeof(further) / sizeof(further[0]); i++) {
        const struct spread *spread = &cell->spreads[further[i].figure];

        if (spread->known)
            json_put(&object, further[i].name, of_spread(spread));
    }
    return object;
}

static json_t *of_notes(const struct summary_cell *cell)
{
    json_t *array = json_array();

    for (int i = 0; i < NOTE_COUNT; i++)
        if (cell->notes[i])
            json_add(&array, json_string(note_word((enum row_note)i)));
    return array;
}

static json_t *of_cell(const struct summary_cell *cell, bool timed)
{
    json_t *object = json_object();

    json_put_shown(&object, "variant", cell->variant);
    json_put_shown(&object, "strategy", cell->strategy);
    json_put_count(&object, point_key(cell->kind), cell->point);
    json_put_count(&object, "rounds", cell->rounds);
    json_put_count(&object, "valid_rounds", cell->valid_rounds);
    json_put_text(&object, "status", status_word(cell->worst));
    json_put_shown(&object, "reason", cell->reason);
    json_put(&object, "notes", of_notes(cell));
    json_put_number(&object, "ideal_s", cell->ideal_s);
    json_put(&object, "figures", of_spreads(cell));
    if (timed)
        json_put(&object, "columns", of_columns(cell));
    return object;
}

static json_t *of_cells(const struct summary *summary)
{
    json_t *array = json_array();

    for (size_t i = 0; i < summary->count; i++)
        json_add(&array, of_cell(&summary->cells[i], summary->timed));
    return array;
}

/* -- conclusions ------------------------------------------------------------------- */

static json_t *of_sentences(const char *sentences)
{
    json_t *array = json_array();

    while (*sentences) {
        size_t length = strcspn(sentences, "\n");

        json_add(&array, json_stringn(sentences, length));
        sentences += length + 1;
    }
    return array;
}

static const char *const standing_words[] = {
    [STANDING_BEST] = "best",           [STANDING_TIED] = "tied",
    [STANDING_BEHIND] = "behind",       [STANDING_UNDECIDED] = "not enough rounds",
    [STANDING_UNRANKED] = "not ranked", [STANDING_ABSENT] = "absent"};

static json_t *of_ranking(const struct ranking *ranking)
{
    json_t *array = json_array();

    for (size_t i = 0; i < ranking->count; i++) {
        const struct ranked *ranked = &ranking->cells[i];
        json_t *object = json_object();

        json_put_shown(&object, "strategy", ranked->cell->strategy);
        json_put_text(&object, "standing", standing_words[ranked->standing]);
        if (isfinite(ranked->ratio))
            json_put_number(&object, "ratio", ranked->ratio);
        json_add(&array, object);
    }
    return array;
}

typedef void describe_fn(json_t **object, const struct summary *summary,
                         const struct summary_cell *cell);

/* A strategy without a rate held none in all rounds. */
static void describe_held(json_t **object, const struct summary *summary,
                          const struct summary_cell *cell)
{
    uint64_t held = held_highest(summary, cell->variant, cell->strategy);

    if (held)
        json_put_count(object, point_key(POINT_RATE), held);
}

/* A rate is absent where none was found on its side of the bound. */
static void describe_found(json_t **object, const struct summary *summary,
                           const struct summary_cell *cell)
{
    struct found found = found_of(summary, cell->variant, cell->strategy);

    if (found.kept)
        json_put_count(object, "keeps_rps", found.kept->point);
    if (!found.missed)
        return;
    json_put_count(object, "misses_rps", found.missed->point);
    json_put_text(object, "reason", found_reason(summary, found.missed));
}

/* An object for each strategy of a variant. */
static json_t *of_strategies(const struct summary *summary, const char *variant,
                             describe_fn *describe)
{
    json_t *array = json_array();

    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = summary->by_name[i];
        json_t *object;

        if (strcmp(cell->variant, variant) != 0 || !summary_is_first(summary, cell))
            continue;
        object = json_object();
        json_put_shown(&object, "strategy", cell->strategy);
        describe(&object, summary, cell);
        json_add(&array, object);
    }
    return array;
}

static json_t *of_conclusion(const struct conclusion *conclusion,
                             const struct summary *summary)
{
    enum goal goal = conclusion->goal;
    json_t *object = json_object();
    json_t *rankings = json_object();

    for (int i = 0; i < GOAL_COUNT; i++)
        if (goal_fits(summary, (enum goal)i))
            json_put(&rankings, goal_names[i], of_ranking(&conclusion->rankings[i]));
    json_put_shown(&object, "variant", conclusion->variant);
    json_put_count(&object, point_key(summary->kind), conclusion->rankings[goal].point);
    json_put_text(&object, "goal", goal_names[goal]);
    json_put(&object, "sentences", of_sentences(conclusion->sentences));
    if (summary->kind == POINT_RATE)
        json_put(&object, "highest_rates_held",
                 of_strategies(summary, conclusion->variant, describe_held));
    if (found_is_search(summary)) {
        json_put_shown(&object, "bound", summary->bound.text);
        json_put(&object, "found_rates",
                 of_strategies(summary, conclusion->variant, describe_found));
    }
    json_put(&object, "rankings", rankings);
    return object;
}

/* One per variant. NULL: no memory. */
static json_t *of_conclusions(const struct summary *summary, enum goal goal,
                              struct err *err)
{
    json_t *array = json_array();

    for (size_t i = 0; i < summary->count && array; i = summary_variant_end(summary, i)) {
        struct conclusion conclusion;

        if (conclusion_make(&conclusion, summary, summary->cells[i].variant, goal, err)) {
            json_decref(array);
            return NULL;
        }
        json_add(&array, of_conclusion(&conclusion, summary));
        conclusion_free(&conclusion);
    }
    return array;
}

int summary_json_write(const struct summary *summary, const struct view *view, FILE *out,
                       struct err *err)
{
    json_t *object = json_object();

    json_put_text(&object, "kind", "summary");
    json_put_count(&object, "schema", SCHEMA);
    json_put(&object, "metrics", of_metrics());
    if (summary->run_times)
        json_put(&object, "setup_excluded", json_true());
    json_put(&object, "cells", of_cells(summary));
    json_put(&object, "conclusions", of_conclusions(summary, view->goal, err));
    return json_write(object, out, err);
}
