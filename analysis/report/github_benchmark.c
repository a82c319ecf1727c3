/* github_benchmark.c - see github_benchmark.h. */
#include "analysis/report/github_benchmark.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "analysis/report/summary_query.h"
#include "base/json.h"
#include "base/text.h"

enum { NAME_SIZE = 256, TEXT_SIZE = 512 };

/* The action joins results by name, so it must be the same in every run. */
static void write_name(const struct summary *summary, const struct summary_cell *cell,
                       enum metric metric, char name[NAME_SIZE])
{
    bool several = summary_has_variants(summary);
    char point[POINT_TEXT_SIZE];

    (void)snprintf(point, sizeof(point), "%" PRIu64 "%s", cell->point,
                   cell->kind == POINT_RATE ? "rps" : ""); /* a name has "/" already */
    (void)snprintf(name, NAME_SIZE, "%s%s%s/%s/%s", several ? cell->variant : "",
                   several ? "/" : "", cell->strategy, point, metrics[metric].name);
}

static void write_extra(const struct summary_cell *cell, enum metric metric,
                        char text[TEXT_SIZE])
{
    const struct spread *spread = &cell->spreads[metric];

    (void)snprintf(text, TEXT_SIZE, "%s\nmedian of %zu valid rounds of %zu\n%.*f to %.*f",
                   metrics[metric].title, cell->valid_rounds, cell->rounds,
                   metrics[metric].decimals, spread->min, metrics[metric].decimals,
                   spread->max);
    for (int i = 0; i < NOTE_COUNT; i++)
        if (cell->notes[i])
            (void)text_append(text, TEXT_SIZE, "\n%s", note_word((enum row_note)i));
}

/* The action knows a range by its sign, and a chart must have some unit. */
static json_t *of_value(const struct summary *summary, const struct summary_cell *cell,
                        enum metric metric)
{
    const struct spread *spread = &cell->spreads[metric];
    const struct metric_info *info = &metrics[metric];
    json_t *value = json_object();
    char name[NAME_SIZE];
    char extra[TEXT_SIZE];
    char range[64] = "";

    write_name(summary, cell, metric, name);
    write_extra(cell, metric, extra);
    if (cell->valid_rounds > 1 && isfinite(spread->max))
        (void)snprintf(range, sizeof(range), "\xC2\xB1 %.*f", info->decimals + 2,
                       (spread->max - spread->min) / 2);
    json_put_shown(&value, "name", name);
    json_put_text(&value, "unit", info->unit[0] ? info->unit : info->title);
    json_put_number(&value, "value", spread->median);
    json_put_shown(&value, "range", range);
    json_put_text(&value, "extra", extra);
    return value;
}

static json_t *of_summary(const struct summary *summary)
{
    json_t *array = json_array();

    for (size_t i = 0; i < summary->count; i++)
        for (int metric = 0; metric < METRIC_COUNT; metric++) {
            const struct summary_cell *cell = &summary->cells[i];

            if (cell->spreads[metric].median > 0 &&
                isfinite(cell->spreads[metric].median))
                json_add(&array, of_value(summary, cell, (enum metric)metric));
        }
    return array;
}

int github_benchmark_write(const struct summary *summary, const struct view *view,
                           FILE *out, struct err *err)
{
    json_t *array = of_summary(summary);

    (void)view;
    if (array && !json_array_size(array)) {
        json_decref(array);
        return err_set(err, "there is no valid row to export");
    }
    return json_write(array, out, err);
}
