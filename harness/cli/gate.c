/* gate.c - see gate.h. */
#include "harness/cli/gate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/plan/selection.h"

const char gate_default_file[] = "results/calibration.json";

/* Levels that ask something of a strategy and are held within the delay of the profile.
 */
static const unsigned gate_levels[] = {50, 100};

/* Lets go of a calibration that differs from what is there now. */
static void let_go(struct gate *gate, const struct difference *difference)
{
    (void)snprintf(
        gate->words, sizeof(gate->words),
        "not calibrated: the calibration is of something else: %s was %s and is "
        "%s now",
        difference->key, difference->a, difference->b);
    calibration_free(&gate->calibration);
}

int gate_open(struct gate *gate, const char *path, const json_t *env, struct err *err)
{
    struct difference difference;

    *gate = (struct gate){.words = "not calibrated"};
    if (path && !strcmp(path, "off"))
        return 0;
    if (!path && access(gate_default_file, F_OK)) {
        (void)snprintf(gate->words, sizeof(gate->words),
                       "not calibrated: there is no %s; bench calibrate makes it",
                       gate_default_file);
        return 0;
    }
    path = path ? path : gate_default_file;
    if (calibration_read(&gate->calibration, path, err) ||
        facts_differ_machine(gate->calibration.conditions.env, env, &difference, err))
        return -1;
    (void)snprintf(gate->words, sizeof(gate->words), "calibrated by %s", path);
    if (difference.key[0])
        let_go(gate, &difference);
    return 0;
}

int gate_fit_plan(struct gate *gate, const struct conditions *now, struct err *err)
{
    struct difference difference;

    if (!gate_calibration(gate))
        return 0;
    if (conditions_differ_plan(&gate->calibration.conditions, now, CONDITIONS_COMPARE,
                               &difference, err))
        return -1;
    if (difference.key[0])
        let_go(gate, &difference);
    return 0;
}

void gate_close(struct gate *gate)
{
    calibration_free(&gate->calibration);
}

const struct calibration *gate_calibration(const struct gate *gate)
{
    return gate->calibration.count ? &gate->calibration : NULL;
}

/* Each strategy that holds more than one request in flight, at each level. */
static void write_candidates(FILE *out, bool of_a_group)
{
    for (size_t i = 0; strategies[i]; i++)
        for (size_t j = 0; j < sizeof(gate_levels) / sizeof(gate_levels[0]); j++)
            if ((strategies[i]->group || !of_a_group) && !strategies[i]->reference &&
                strategy_in_flight_limit(strategies[i], gate_levels[j]) > 1)
                (void)fprintf(out, "%s%s@%u", ftell(out) ? "," : "", strategies[i]->name,
                              gate_levels[j]);
}

char *gate_candidates(void)
{
    char *list = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size);

    if (!out)
        return NULL;
    write_candidates(out, false);
    if (!fclose(out))
        return list;
    free(list);
    return NULL;
}

static void write_calibrated_cells(const struct calibration *calibration, FILE *out)
{
    for (size_t i = 0; i < calibration->count; i++)
        if (calibration->cells[i].gates)
            (void)fprintf(out, "%s%s@%" PRIu64, ftell(out) ? "," : "",
                          calibration->cells[i].strategy, calibration->cells[i].level);
}

int gate_pick(const struct gate *gate, struct plan *plan, struct err *err)
{
    char *list = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size);
    int result;

    if (!out)
        return err_errno(err, "no memory for the cells of a gate");
    if (gate_calibration(gate))
        write_calibrated_cells(&gate->calibration, out);
    else
        write_candidates(out, true);
    if (fclose(out) || !size) {
        free(list);
        return err_set(err, "there is no cell to gate on: run bench calibrate");
    }
    result = selection_parse_cells(plan, list, err);
    free(list);
    return result ? err_prefix(err, "%s", gate->words) : 0;
}

int gate_decided(const struct gate *gate, const struct plan *plan, unsigned analyses,
                 const struct runs *runs, bool *decided, struct err *err)
{
    const char *base = plan->variants[0].name;
    const char *head = plan->variants[1].name;
    struct compare_options options = compare_options_default();
    struct comparison comparison;

    options.analyses = analyses;
    options.calibration = gate_calibration(gate);
    if (comparison_make(&comparison, &(struct compare_source){base, runs, base},
                        &(struct compare_source){head, runs, head}, &options, err))
        return -1;
    *decided = comparison.family && !compare_open_count(&comparison);
    comparison_free(&comparison);
    return 0;
}
