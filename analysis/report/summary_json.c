/* summary_json.c - see summary_json.h. */
#include "analysis/report/summary_json.h"

#include <math.h>

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

static json_t *of_notes(const struct summary_cell *cell)
{
    json_t *array = json_array();

    for (int i = 0; i < NOTE_COUNT; i++)
        if (cell->notes[i])
            json_add(&array, json_string(note_word((enum row_note)i)));
    return array;
}

static json_t *of_cell(const struct summary_cell *cell)
{
    json_t *object = json_object();

    json_put_shown(&object, "variant", cell->variant);
    json_put_shown(&object, "strategy", cell->strategy);
    json_put_count(&object, "level", cell->level);
    json_put_count(&object, "rounds", cell->rounds);
    json_put_count(&object, "valid_rounds", cell->valid_rounds);
    json_put_text(&object, "status", status_word(cell->worst));
    json_put_shown(&object, "reason", cell->reason);
    json_put(&object, "notes", of_notes(cell));
    json_put_number(&object, "ideal_s", cell->ideal_s);
    json_put(&object, "figures", of_spreads(cell));
    return object;
}

static json_t *of_cells(const struct summary *summary)
{
    json_t *array = json_array();

    for (size_t i = 0; i < summary->count; i++)
        json_add(&array, of_cell(&summary->cells[i]));
    return array;
}

int summary_json_write(const struct summary *summary, FILE *out, struct err *err)
{
    json_t *object = json_object();

    json_put_text(&object, "kind", "summary");
    json_put_count(&object, "schema", SCHEMA);
    json_put(&object, "metrics", of_metrics());
    json_put(&object, "cells", of_cells(summary));
    return json_write(object, out, err);
}
