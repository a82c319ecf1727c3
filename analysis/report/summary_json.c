/* summary_json.c - see summary_export.h. */
#include "analysis/report/summary_export.h"

#include <math.h>

#include "base/json.h"

enum { SCHEMA = 1 };

static json_t *of_metrics(void)
{
    json_t *object = json_object();

    for (int i = 0; i < METRIC_COUNT; i++)
        json_put(&object, metrics[i].name,
                 json_pack("{s:s, s:s, s:s}", "title", metrics[i].title, "unit",
                           metrics[i].unit, "meaning", metrics[i].meaning));
    return object;
}

static json_t *of_spreads(const struct summary_cell *cell)
{
    json_t *object = json_object();

    for (int i = 0; i < METRIC_COUNT; i++) {
        const struct spread *spread = &cell->spreads[i];

        if (isfinite(spread->median))
            json_put(&object, metrics[i].name,
                     json_pack("{s:f, s:f, s:f}", "median", spread->median, "min",
                               spread->min, "max", spread->max));
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
    json_t *ideal = isfinite(cell->ideal_s) ? json_real(cell->ideal_s) : NULL;

    return json_pack("{s:o*, s:o*, s:I, s:I, s:I, s:s, s:o*, s:o, s:o*, s:o}", "variant",
                     json_of_text(cell->variant), "strategy",
                     json_of_text(cell->strategy), "level", (json_int_t)cell->level,
                     "rounds", (json_int_t)cell->rounds, "valid_rounds",
                     (json_int_t)cell->valid_rounds, "status", status_word(cell->worst),
                     "reason", json_of_text(cell->reason), "notes", of_notes(cell),
                     "ideal_s", ideal, "figures", of_spreads(cell));
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
    return json_write(json_pack("{s:s, s:i, s:o, s:o}", "kind", "summary", "schema",
                                SCHEMA, "metrics", of_metrics(), "cells",
                                of_cells(summary)),
                      out, err);
}
