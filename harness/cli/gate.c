/* gate.c - see gate.h. */
#include "harness/cli/gate.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "analysis/rows/metric.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_json.h"
#include "harness/plan/selection.h"
#include "harness/sweep/env.h"

VALUE_PARSER(parse_metrics, metric_parse_list)

static const char *metric_word(size_t index)
{
    return index < METRIC_COUNT ? metrics[index].name : NULL;
}

const struct value_ops metrics_ops = {.parse = parse_metrics, .word = metric_word};

/* Levels that put load on a strategy and can be held within the delay of the profile. */
static const unsigned gate_levels[] = {25, 50};

static void let_go(struct gate *gate, const struct difference *difference)
{
    (void)snprintf(gate->text, sizeof(gate->text),
                   "not calibrated: the calibration was made under other conditions: %s "
                   "was %s and is %s now",
                   difference->key, difference->a, difference->b);
    calibration_free(&gate->calibration);
}

static int use(struct gate *gate, const char *path, const json_t *env, struct err *err)
{
    struct difference difference = {.key = ""};

    if (calibration_read(&gate->calibration, path, err))
        return -1;
    (void)snprintf(gate->text, sizeof(gate->text), "calibrated by %s", path);
    if (facts_differ_machine(gate->calibration.conditions.env, env, &difference, err))
        return -1;
    if (difference.key[0])
        let_go(gate, &difference);
    return 0;
}

int gate_open(struct gate *gate, const char *path, const json_t *env, struct err *err)
{
    *gate = (struct gate){.text = "not calibrated"};
    if (path && !strcmp(path, "off"))
        return 0;
    if (!path && access(GATE_DEFAULT_FILE, F_OK)) {
        (void)snprintf(gate->text, sizeof(gate->text),
                       "not calibrated: no file %s; bench calibrate writes it",
                       GATE_DEFAULT_FILE);
        return 0;
    }
    return use(gate, path ? path : GATE_DEFAULT_FILE, env, err);
}

int gate_fit_conditions(struct gate *gate, const struct conditions *conditions,
                        struct err *err)
{
    struct difference difference = {.key = ""};

    if (!gate_calibration(gate))
        return 0;
    if (conditions_differ_plan(&gate->calibration.conditions, conditions,
                               CONDITIONS_COMPARE, &difference, err))
        return -1;
    if (difference.key[0])
        let_go(gate, &difference);
    return 0;
}

int gate_fit_plan(struct gate *gate, const struct plan *plan, struct err *err)
{
    json_t *json = gate_calibration(gate) ? plan_to_json(plan) : NULL;
    struct conditions now = {0};
    int result;

    if (!gate_calibration(gate))
        return 0;
    if (!json)
        return err_set(err, "no memory to describe the plan");
    result = conditions_from(&now, json_object_get(json, "plan"), NULL, err);
    if (!result)
        result = gate_fit_conditions(gate, &now, err);
    conditions_free(&now);
    json_decref(json);
    return result;
}

void gate_close(struct gate *gate)
{
    calibration_free(&gate->calibration);
}

const struct calibration *gate_calibration(const struct gate *gate)
{
    return gate->calibration.count ? &gate->calibration : NULL;
}

/* -- which cells --------------------------------------------------------------- */

/* Each strategy that holds more than one request in flight, at each level. */
static int pick_candidates(struct plan *plan, bool of_a_group, struct err *err)
{
    selection_begin_cells(plan);
    for (size_t i = 0; strategies[i]; i++)
        for (size_t j = 0; j < sizeof(gate_levels) / sizeof(gate_levels[0]); j++)
            if ((strategies[i]->group || !of_a_group) && !strategies[i]->reference &&
                strategy_in_flight_limit(strategies[i], gate_levels[j]) > 1 &&
                selection_pick(plan, strategies[i], gate_levels[j], err))
                return -1;
    selection_end_cells(plan);
    return 0;
}

int gate_pick_candidates(struct plan *plan, struct err *err)
{
    return pick_candidates(plan, false, err);
}

static int pick_calibrated(const struct calibration *calibration, struct plan *plan,
                           struct err *err)
{
    selection_begin_cells(plan);
    for (size_t i = 0; i < calibration->count; i++) {
        const struct calibration_cell *cell = &calibration->cells[i];
        const struct strategy *strategy = selection_find(plan, cell->strategy);

        if (!cell->gates)
            continue;
        if (!strategy || cell->level > LEVEL_MAX)
            return err_set(err, "the calibration names a cell that this bench does not "
                                "have: run bench calibrate");
        if (selection_pick(plan, strategy, (unsigned)cell->level, err))
            return -1;
    }
    selection_end_cells(plan);
    return plan->pick_count
               ? 0
               : err_set(err,
                         "the calibration has no cell to gate on: run bench calibrate");
}

/* The cells worth gating on: the calibrated ones, or else the concurrent strategies of
 * the article. */
static int pick(const struct gate *gate, struct plan *plan, struct err *err)
{
    const struct calibration *calibration = gate_calibration(gate);

    if (calibration ? pick_calibrated(calibration, plan, err)
                    : pick_candidates(plan, true, err))
        return err_prefix(err, "%s", gate->text);
    return 0;
}

int gate_prepare(struct gate *gate, struct plan *plan, struct err *err)
{
    struct machine_limits limits;
    json_t *env;
    int result;

    if (!plan->picks_calibrated && !plan->budget_ns)
        return 0;
    if (plan->picks_calibrated && plan_choose_selection(plan, err))
        return -1; /* not at rates: a calibration is of levels */
    limits = machine_limits_now();
    env = env_facts(&limits);
    if (!env)
        return err_set(err, "no memory to describe the machine");
    result = gate_open(gate, plan->calibration, env, err);
    json_decref(env);
    return !result && plan->picks_calibrated ? pick(gate, plan, err) : result;
}

/* -- early stop ---------------------------------------------------------------- */

int gate_decided(const struct gate *gate, const struct plan *plan,
                 const struct runs *runs, bool *decided, struct err *err)
{
    const char *base = plan->variants[0].name;
    const char *head = plan->variants[1].name;
    struct compare_options options = compare_options_default();
    struct comparison comparison;

    options.analyses = plan_analyses(plan);
    options.calibration = gate_calibration(gate);
    if (comparison_make(&comparison, &(struct compare_source){base, runs, base},
                        &(struct compare_source){head, runs, head}, &options, err))
        return -1;
    *decided = compare_is_decided(&comparison);
    comparison_free(&comparison);
    return 0;
}
