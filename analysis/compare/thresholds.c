/* thresholds.c - see thresholds.h. */
#include "analysis/compare/thresholds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* In schema 1 machine and plan were those of env.json of bench 0.1. */
enum { SCHEMA = 2 };

/* -- writing ------------------------------------------------------------------- */

static json_t *describe_metric(const struct calibration_metric *metric)
{
    json_t *object = json_object();

    json_put_number(&object, "noise", metric->noise);
    json_put_number(&object, "threshold", metric->threshold);
    json_put_number(&object, "rounds", metric->rounds);
    return object;
}

static json_t *describe_metrics(const struct calibration_metric list[METRIC_COUNT])
{
    json_t *object = json_object();

    for (int i = 0; i < METRIC_COUNT; i++)
        json_put(&object, metrics[i].name, describe_metric(&list[i]));
    return object;
}

static json_t *describe_cell(const struct calibration_cell *cell)
{
    json_t *object = json_object();

    json_put_text(&object, "strategy", cell->strategy);
    json_put_count(&object, "level", cell->level);
    json_put(&object, "gates", json_boolean(cell->gates));
    json_put_number(&object, "visit_s", cell->seconds);
    json_put(&object, "metrics", describe_metrics(cell->metrics));
    return object;
}

int calibration_write(const struct calibration *calibration, const char *path,
                      struct err *err)
{
    json_t *object = json_object();
    json_t *cells = json_array();

    json_put_count(&object, "schema", SCHEMA);
    json_put(&object, "env", facts_machine(calibration->conditions.env));
    json_put(&object, "plan", json_incref(calibration->conditions.plan));
    json_put_count(&object, "rounds", calibration->rounds);
    json_put(&object, "overall", describe_metrics(calibration->overall));
    for (size_t i = 0; i < calibration->count; i++)
        json_add(&cells, describe_cell(&calibration->cells[i]));
    json_put(&object, "cells", cells);
    return json_replace_file(object, path, err);
}

/* -- reading ------------------------------------------------------------------- */

/* Missing figures, as in a file of an earlier bench, are NAN. */
static void read_metrics(struct calibration_metric list[METRIC_COUNT],
                         const json_t *object)
{
    for (int i = 0; i < METRIC_COUNT; i++) {
        const json_t *metric = json_object_get(object, metrics[i].name);

        list[i] = (struct calibration_metric){
            .noise = json_get_number(metric, "noise"),
            .threshold = json_get_number(metric, "threshold"),
            .rounds = json_get_number(metric, "rounds"),
        };
    }
}

static int read_cell(struct calibration_cell *cell, const json_t *object)
{
    const char *strategy = json_string_value(json_object_get(object, "strategy"));
    const json_t *level = json_object_get(object, "level");

    if (!strategy || !json_is_integer(level) || json_integer_value(level) < 1 ||
        strlen(strategy) >= sizeof(cell->strategy))
        return -1;
    *cell = (struct calibration_cell){
        .level = (uint64_t)json_integer_value(level),
        .gates = json_is_true(json_object_get(object, "gates")),
        .seconds = json_get_number(object, "visit_s"),
    };
    (void)snprintf(cell->strategy, sizeof(cell->strategy), "%s", strategy);
    read_metrics(cell->metrics, json_object_get(object, "metrics"));
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
            return err_set(err, "cell %zu is invalid; run 'bench calibrate' again",
                           i + 1);
        calibration->count++;
    }
    return 0;
}

static int read_conditions(struct calibration *calibration, json_t *object,
                           struct err *err)
{
    json_int_t schema = json_integer_value(json_object_get(object, "schema"));
    json_t *plan = json_object_get(object, "plan");
    json_t *env = json_object_get(object, schema == 1 ? "machine" : "env");

    if (schema < 1 || schema > SCHEMA || !json_is_object(plan) || !json_is_object(env))
        return err_set(err, "not a calibration of this version of bench; run "
                            "'bench calibrate' again");
    /* The file of schema 1 has its two parts where env.json of bench 0.1 has them. */
    return schema == 1 ? conditions_from(&calibration->conditions, NULL, object, err)
                       : conditions_from(&calibration->conditions, plan, env, err);
}

int calibration_read(struct calibration *calibration, const char *path, struct err *err)
{
    json_t *object;
    int result;

    *calibration = (struct calibration){.cells = NULL};
    if (json_read_file(&object, path, err))
        return -1;
    calibration->rounds = (unsigned)json_integer_value(json_object_get(object, "rounds"));
    read_metrics(calibration->overall, json_object_get(object, "overall"));
    result = read_conditions(calibration, object, err) ||
                     read_cells(calibration, json_object_get(object, "cells"), err)
                 ? err_prefix(err, "%s", path)
                 : 0;
    json_decref(object);
    if (result)
        calibration_free(calibration);
    return result;
}

/* -- look-up ------------------------------------------------------------------ */

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
    conditions_free(&calibration->conditions);
    *calibration = (struct calibration){0};
}
