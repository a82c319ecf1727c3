/* thresholds.c - see thresholds.h. */
#include "analysis/compare/thresholds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCHEMA = 1 };

/* -- there --------------------------------------------------------------------- */

/* What is not known is left out. */
static void set_number(json_t *object, const char *key, double number)
{
    if (isfinite(number))
        (void)json_object_set_new(object, key, json_real(number));
}

static json_t *describe_cell(const struct calibration_cell *cell)
{
    json_t *object = json_object();
    json_t *list = json_object();

    (void)json_object_set_new(object, "strategy", json_string(cell->strategy));
    (void)json_object_set_new(object, "level", json_integer((json_int_t)cell->level));
    (void)json_object_set_new(object, "gates", json_boolean(cell->gates));
    set_number(object, "visit_s", cell->seconds);
    for (int i = 0; i < METRIC_COUNT; i++) {
        json_t *metric = json_object();

        set_number(metric, "noise", cell->metrics[i].noise);
        set_number(metric, "threshold", cell->metrics[i].threshold);
        set_number(metric, "rounds", cell->metrics[i].rounds);
        (void)json_object_set_new(list, metrics[i].name, metric);
    }
    (void)json_object_set_new(object, "metrics", list);
    return object;
}

int calibration_write(const struct calibration *calibration, const char *path,
                      struct err *err)
{
    json_t *object = json_object();
    json_t *cells = json_array();
    int result = 0;

    (void)json_object_set_new(object, "schema", json_integer(SCHEMA));
    (void)json_object_set(object, "machine", calibration->machine);
    (void)json_object_set(object, "plan", calibration->plan);
    (void)json_object_set_new(object, "rounds", json_integer(calibration->rounds));
    for (size_t i = 0; i < calibration->count; i++)
        (void)json_array_append_new(cells, describe_cell(&calibration->cells[i]));
    if (json_object_set_new(object, "cells", cells))
        result = err_set(err, "no memory to describe the calibration");
    else if (json_dump_file(object, path, JSON_INDENT(2) | JSON_REAL_PRECISION(6)))
        result = err_errno(err, "cannot write %s", path);
    json_decref(object);
    return result;
}

/* -- and back ------------------------------------------------------------------ */

static double get_number(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);

    return json_is_number(value) ? json_number_value(value) : NAN;
}

static int read_cell(struct calibration_cell *cell, const json_t *object)
{
    const char *strategy = json_string_value(json_object_get(object, "strategy"));
    const json_t *level = json_object_get(object, "level");
    const json_t *list = json_object_get(object, "metrics");

    if (!strategy || !json_is_integer(level) || json_integer_value(level) < 1 ||
        strlen(strategy) >= sizeof(cell->strategy))
        return -1;
    *cell = (struct calibration_cell){
        .level = (uint64_t)json_integer_value(level),
        .gates = json_is_true(json_object_get(object, "gates")),
        .seconds = get_number(object, "visit_s"),
    };
    (void)snprintf(cell->strategy, sizeof(cell->strategy), "%s", strategy);
    for (int i = 0; i < METRIC_COUNT; i++) {
        const json_t *metric = json_object_get(list, metrics[i].name);

        cell->metrics[i] = (struct calibration_metric){
            .noise = get_number(metric, "noise"),
            .threshold = get_number(metric, "threshold"),
            .rounds = get_number(metric, "rounds"),
        };
    }
    return 0;
}

static int read_cells(struct calibration *calibration, const json_t *cells,
                      struct err *err)
{
    calibration->cells = calloc(json_array_size(cells) + 1, sizeof(*calibration->cells));
    if (!calibration->cells)
        return err_errno(err, "no memory for a calibration");
    for (size_t i = 0; i < json_array_size(cells); i++) {
        if (read_cell(&calibration->cells[i], json_array_get(cells, i)))
            return err_set(err, "its cell %zu makes no sense", i + 1);
        calibration->count++;
    }
    return 0;
}

int calibration_read(struct calibration *calibration, const char *path, struct err *err)
{
    json_error_t error;
    json_t *object = json_load_file(path, 0, &error);
    int result = 0;

    *calibration = (struct calibration){.cells = NULL};
    if (!object)
        return err_set(err, "%s: %s", path, error.text);
    calibration->machine = json_incref(json_object_get(object, "machine"));
    calibration->plan = json_incref(json_object_get(object, "plan"));
    calibration->rounds = (unsigned)json_integer_value(json_object_get(object, "rounds"));
    if (json_integer_value(json_object_get(object, "schema")) != SCHEMA ||
        !json_is_object(calibration->machine) || !json_is_object(calibration->plan))
        result = err_set(err, "it is no calibration of this bench: make it anew with "
                              "bench calibrate");
    if (!result)
        result = read_cells(calibration, json_object_get(object, "cells"), err);
    json_decref(object);
    if (result) {
        calibration_free(calibration);
        return err_prefix(err, "%s", path);
    }
    return 0;
}

/* -- asking it ---------------------------------------------------------------- */

struct calibration_cell *calibration_find(const struct calibration *calibration,
                                          const char *strategy, uint64_t level)
{
    for (size_t i = 0; i < calibration->count; i++)
        if (calibration->cells[i].level == level &&
            !strcmp(calibration->cells[i].strategy, strategy))
            return &calibration->cells[i];
    return NULL;
}

double calibration_threshold(const struct calibration *calibration, const char *strategy,
                             uint64_t level, enum metric metric)
{
    const struct calibration_cell *cell = calibration_find(calibration, strategy, level);

    return cell ? cell->metrics[metric].threshold : NAN;
}

void calibration_free(struct calibration *calibration)
{
    free(calibration->cells);
    json_decref(calibration->machine);
    json_decref(calibration->plan);
    *calibration = (struct calibration){0};
}
