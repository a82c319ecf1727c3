/* hyperfine.c - see hyperfine.h. */
#include "analysis/report/hyperfine.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/json.h"

/* -- figures ------------------------------------------------------------------- */

static double mean_of(const struct summary_cell *cell, size_t figure)
{
    double sum = 0;

    for (size_t i = 0; i < cell->valid_rounds; i++)
        sum += cell->figures[i][figure];
    return sum / (double)cell->valid_rounds;
}

/* The standard deviation of a sample, n - 1 below; none of a single one. */
static double deviation_of(const struct summary_cell *cell, size_t figure)
{
    double mean = mean_of(cell, figure);
    double squares = 0;

    if (cell->valid_rounds < 2)
        return NAN;
    for (size_t i = 0; i < cell->valid_rounds; i++)
        squares += (cell->figures[i][figure] - mean) * (cell->figures[i][figure] - mean);
    return sqrt(squares / (double)(cell->valid_rounds - 1));
}

static json_t *times_of(const struct summary_cell *cell)
{
    json_t *array = json_array();

    for (size_t i = 0; i < cell->valid_rounds; i++)
        json_add(&array, json_real(cell->figures[i][METRIC_cost]));
    return array;
}

/* All or none: the list must be as long as that of the times. */
static bool has_memory(const struct summary_cell *cell)
{
    for (size_t i = 0; i < cell->valid_rounds; i++)
        if (isnan(cell->figures[i][SUMMARY_peak_rss_bytes]))
            return false;
    return true;
}

static json_t *memory_of(const struct summary_cell *cell)
{
    json_t *array = json_array();

    for (size_t i = 0; i < cell->valid_rounds; i++)
        json_add(&array,
                 json_of_count((uint64_t)cell->figures[i][SUMMARY_peak_rss_bytes]));
    return array;
}

/* A valid row is of a cell that ended well. */
static json_t *exit_codes_of(const struct summary_cell *cell)
{
    json_t *array = json_array();

    for (size_t i = 0; i < cell->valid_rounds; i++)
        json_add(&array, json_integer(0));
    return array;
}

/* -- results ------------------------------------------------------------------- */

/* The parameters in which the results differ. */
struct axes {
    bool strategy, point, variant;
};

static struct axes find_axes(const struct summary *summary)
{
    const struct summary_cell *first = NULL;
    struct axes axes = {.strategy = false};

    for (size_t i = 0; i < summary->count; i++) {
        const struct summary_cell *cell = &summary->cells[i];

        if (!cell->valid_rounds)
            continue;
        if (!first)
            first = cell;
        axes.strategy |= strcmp(cell->strategy, first->strategy) != 0;
        axes.variant |= strcmp(cell->variant, first->variant) != 0;
        axes.point |= cell->point != first->point;
    }
    return axes;
}

static json_t *parameters_of(const struct summary_cell *cell, const struct axes *axes)
{
    json_t *object = json_object();
    char point[32];

    (void)snprintf(point, sizeof(point), "%" PRIu64, cell->point);
    json_put_shown(&object, "strategy", axes->strategy ? cell->strategy : NULL);
    json_put_shown(&object, point_word(cell->kind), axes->point ? point : NULL);
    json_put_shown(&object, "variant", axes->variant ? cell->variant : NULL);
    return object;
}

static json_t *of_cell(const struct summary_cell *cell, const struct axes *axes)
{
    const struct spread *cost = &cell->spreads[METRIC_cost];
    json_t *object = json_object();
    char command[256];
    char point[POINT_TEXT_SIZE];

    (void)snprintf(command, sizeof(command), "%s %s%s%s", cell->strategy,
                   summary_point_text(cell, point), axes->variant ? " " : "",
                   axes->variant ? cell->variant : "");
    json_put_shown(&object, "command", command);
    json_put(&object, "mean", json_of_number(mean_of(cell, METRIC_cost)));
    json_put(&object, "stddev", json_of_number(deviation_of(cell, METRIC_cost)));
    json_put(&object, "median", json_of_number(cost->median));
    json_put(&object, "user", json_of_number(mean_of(cell, SUMMARY_user_s)));
    json_put(&object, "system", json_of_number(mean_of(cell, SUMMARY_system_s)));
    json_put(&object, "min", json_of_number(cost->min));
    json_put(&object, "max", json_of_number(cost->max));
    json_put(&object, "times", times_of(cell));
    if (has_memory(cell))
        json_put(&object, "memory_usage_byte", memory_of(cell));
    json_put(&object, "exit_codes", exit_codes_of(cell));
    if (axes->strategy || axes->point || axes->variant)
        json_put(&object, "parameters", parameters_of(cell, axes));
    return object;
}

int hyperfine_write(const struct summary *summary, const struct view *view, FILE *out,
                    struct err *err)
{
    struct axes axes = find_axes(summary);
    json_t *results = json_array();
    json_t *object;

    (void)view;
    for (size_t i = 0; i < summary->count; i++)
        if (summary->cells[i].valid_rounds)
            json_add(&results, of_cell(&summary->cells[i], &axes));
    if (results && !json_array_size(results)) {
        json_decref(results);
        return err_set(err, "there is no valid row to export");
    }
    object = json_object();
    json_put(&object, "results", results);
    return json_write(object, out, err);
}
