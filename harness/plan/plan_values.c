/* plan_values.c - see plan_values.h. */
#include "harness/plan/plan_values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/json.h"
#include "base/parse.h"
#include "base/suggest.h"
#include "harness/plan/plan.h"
#include "harness/plan/selection.h"

static const char calibrated[] = "calibrated";

/* Suggests a word that the value may have. Returns -1. */
static int suggest_word(struct err *err, const char *text, const char *word)
{
    return suggest_append(err, text, (const char *const[]){word, NULL});
}

/* -- strategies, levels, cells ------------------------------------------------- */

VALUE_PARSER(parse_strategies, selection_parse)

static json_t *strategies_to_json(const void *object)
{
    const struct plan *plan = object;
    json_t *list = json_array();

    for (size_t i = 0; i < plan->strategy_count; i++)
        json_add(&list, json_string(plan->strategies[i]->name));
    return list;
}

VALUE_PARSER(add_strategy, selection_add)

static int strategies_from_json(void *object, const json_t *json, struct err *err)
{
    return value_each_text(json, object, add_strategy, err);
}

static void reset_strategies(void *object)
{
    ((struct plan *)object)->strategy_count = 0;
}

const struct value_ops plan_strategies_ops = {.parse = parse_strategies,
                                              .to_json = strategies_to_json,
                                              .from_json = strategies_from_json,
                                              .reset = reset_strategies,
                                              .word = selection_word};

static void reset_cells(void *object)
{
    ((struct plan *)object)->pick_count = 0;
    ((struct plan *)object)->picks_calibrated = false;
}

static int parse_levels(void *object, const char *text, struct err *err)
{
    reset_cells(object);
    return levels_parse(&((struct plan *)object)->levels, &levels_kind, text, err);
}

static json_t *list_to_json(const struct levels *levels)
{
    json_t *list = json_array();

    for (size_t i = 0; i < levels->count; i++)
        json_add(&list, json_of_count(levels->values[i]));
    return list;
}

static json_t *levels_to_json(const void *object)
{
    return list_to_json(&((const struct plan *)object)->levels);
}

static int list_from_json(struct levels *levels, const struct levels_kind *kind,
                          const json_t *json, struct err *err)
{
    if (!json_is_array(json) || json_array_size(json) > LEVELS_MAX)
        return err_set(err, "must be a list of at most %d %s", LEVELS_MAX, kind->several);
    for (size_t i = 0; i < json_array_size(json); i++) {
        uint64_t level;

        if (json_read_count(json_array_get(json, i), &level, err))
            return -1;
        if (level < 1 || level > kind->max ||
            (i && level <= levels->values[levels->count - 1]))
            return err_set(err, "%s must be ascending numbers from 1 to %u",
                           kind->several, kind->max);
        levels->values[levels->count++] = (unsigned)level;
    }
    return 0;
}

static int levels_from_json(void *object, const json_t *json, struct err *err)
{
    return list_from_json(&((struct plan *)object)->levels, &levels_kind, json, err);
}

static void reset_levels(void *object)
{
    ((struct plan *)object)->levels.count = 0;
}

const struct value_ops plan_levels_ops = {.parse = parse_levels,
                                          .to_json = levels_to_json,
                                          .from_json = levels_from_json,
                                          .reset = reset_levels};

static int parse_rates(void *object, const char *text, struct err *err)
{
    return levels_parse(object, &rates_kind, text, err);
}

static json_t *rates_to_json(const void *object)
{
    return list_to_json(object);
}

static int rates_from_json(void *object, const json_t *json, struct err *err)
{
    return list_from_json(object, &rates_kind, json, err);
}

static void reset_rates(void *object)
{
    ((struct levels *)object)->count = 0;
}

const struct value_ops plan_rates_ops = {.parse = parse_rates,
                                         .to_json = rates_to_json,
                                         .from_json = rates_from_json,
                                         .reset = reset_rates};

VALUE_PARSER(parse_find_rate, rate_bound_parse)

static json_t *find_rate_to_json(const void *object)
{
    return json_string(((const struct rate_bound *)object)->text);
}

static int find_rate_from_json(void *object, const json_t *json, struct err *err)
{
    const char *text = json_string_value(json);

    if (!text)
        return err_set(err, "it is not a string");
    return text[0] ? rate_bound_parse(object, text, err) : 0;
}

static void reset_find_rate(void *object)
{
    *(struct rate_bound *)object = (struct rate_bound){0};
}

const struct value_ops plan_find_rate_ops = {.parse = parse_find_rate,
                                             .to_json = find_rate_to_json,
                                             .from_json = find_rate_from_json,
                                             .reset = reset_find_rate};

static int parse_cells(void *object, const char *text, struct err *err)
{
    struct plan *plan = object;

    plan->picks_calibrated = !strcmp(text, calibrated);
    if (!plan->picks_calibrated)
        return selection_parse_cells(plan, text, err)
                   ? suggest_word(err, text, calibrated)
                   : 0;
    plan->strategy_count = plan->levels.count = plan->pick_count = 0;
    return 0;
}

static json_t *cells_to_json(const void *object)
{
    const struct plan *plan = object;
    json_t *list;

    if (plan->picks_calibrated)
        return json_string(calibrated);
    list = json_array();
    for (size_t i = 0; i < plan->pick_count; i++)
        json_add(&list, json_sprintf("%s@%u", plan->picks[i].strategy->name,
                                     plan->picks[i].point));
    return list;
}

VALUE_PARSER(add_cell, selection_add_cell)

static int cells_from_json(void *object, const json_t *json, struct err *err)
{
    if (json_is_string(json) && !strcmp(json_string_value(json), calibrated))
        return parse_cells(object, calibrated, err);
    if (!json_array_size(json))
        return json_is_array(json) ? 0 : err_set(err, "must be a list of cells");
    selection_begin_cells(object);
    if (value_each_text(json, object, add_cell, err))
        return -1;
    selection_end_cells(object);
    return 0;
}

const struct value_ops plan_cells_ops = {.parse = parse_cells,
                                         .to_json = cells_to_json,
                                         .from_json = cells_from_json,
                                         .reset = reset_cells};

/* -- variants ------------------------------------------------------------------ */

static int add_variant(struct plan *plan, struct variant *variant, struct err *err)
{
    for (size_t i = 0; i < plan->variant_count; i++)
        if (!strcmp(plan->variants[i].name, variant->name)) {
            bool same = variant_equal(&plan->variants[i], variant);
            int result = same ? 0
                              : err_set(err,
                                        "variant '%s' is already defined with "
                                        "other variables",
                                        variant->name);

            variant_free(variant);
            return result;
        }
    if (plan->variant_count == PLAN_VARIANTS_MAX) {
        variant_free(variant);
        return err_set(err, "more than %d variants", PLAN_VARIANTS_MAX);
    }
    plan->variants[plan->variant_count++] = *variant;
    return 0;
}

static int parse_variant(void *object, const char *text, struct err *err)
{
    struct variant variant;

    return variant_parse(&variant, text, err) ? -1 : add_variant(object, &variant, err);
}

static json_t *variants_to_json(const void *object)
{
    const struct plan *plan = object;
    json_t *list = json_array();

    for (size_t i = 0; i < plan->variant_count; i++) {
        const struct variant *variant = &plan->variants[i];
        json_t *settings = json_array();
        json_t *item = json_object();

        for (size_t j = 0; j < variant->setting_count; j++)
            json_add(&settings, json_of_bytes(variant->settings[j]));
        json_put_text(&item, "name", variant->name);
        json_put(&item, "settings", settings);
        json_add(&list, item);
    }
    return list;
}

VALUE_PARSER(add_setting, variant_add)

static int variants_from_json(void *object, const json_t *json, struct err *err)
{
    if (!json_array_size(json))
        return err_set(err, "must be a list of at least one variant");
    for (size_t i = 0; i < json_array_size(json); i++) {
        const json_t *item = json_array_get(json, i);
        struct variant variant;
        char *name;
        int result;

        if (json_read_text(json_object_get(item, "name"), &name, err))
            return -1;
        result = variant_named(&variant, name, err);
        free(name);
        if (result)
            return -1;
        if (value_each_text(json_object_get(item, "settings"), &variant, add_setting,
                            err)) {
            variant_free(&variant);
            return -1;
        }
        if (add_variant(object, &variant, err))
            return -1;
    }
    return 0;
}

static void reset_variants(void *object)
{
    struct plan *plan = object;

    for (size_t i = 0; i < plan->variant_count; i++)
        variant_free(&plan->variants[i]);
    plan->variant_count = 0;
}

const struct value_ops plan_variants_ops = {.parse = parse_variant,
                                            .to_json = variants_to_json,
                                            .from_json = variants_from_json,
                                            .reset = reset_variants};

/* -- budget, seed ----------------------------------------------------- */

/* "90s", or "90s/variant" for each variant. */
static int parse_budget(void *object, const char *text, struct err *err)
{
    static const char each[] = "/variant";
    struct plan *plan = object;
    size_t length = strlen(text);
    bool is_each = length > strlen(each) && !strcmp(text + length - strlen(each), each);
    char duration[64];
    uint64_t ns = 0;

    length -= is_each ? strlen(each) : 0;
    if (strcmp(text, "off") != 0) {
        (void)snprintf(duration, sizeof(duration), "%.*s", (int)length, text);
        if (parse_duration(duration, &ns, err))
            return suggest_also(err, text, "or", "off");
        if (!ns)
            return err_set(err, "0 leaves no time for a round; use 'off' for no budget");
        if (ns > UINT64_MAX / 2 / PLAN_VARIANTS_MAX)
            return err_set(err, "'%s' is too long for a sweep", text);
    }
    plan->budget_ns = ns;
    plan->budget_per_variant = is_each;
    return 0;
}

static json_t *budget_to_json(const void *object)
{
    const struct plan *plan = object;
    char text[DURATION_TEXT_SIZE];

    if (!plan->budget_ns)
        return json_string("off");
    return json_sprintf("%s%s", duration_text(plan->budget_ns, text),
                        plan->budget_per_variant ? "/variant" : "");
}

const struct value_ops plan_budget_ops = {.parse = parse_budget,
                                          .to_json = budget_to_json};

static int parse_seed(void *object, const char *text, struct err *err)
{
    struct plan *plan = object;

    plan->seed = 0;
    plan->seed_known = strcmp(text, "auto") != 0;
    return plan->seed_known && parse_count(text, 0, UINT64_MAX, &plan->seed, err)
               ? suggest_also(err, text, "nor", "auto")
               : 0;
}

static json_t *seed_to_json(const void *object)
{
    const struct plan *plan = object;

    return plan->seed_known ? json_of_count(plan->seed) : json_string("auto");
}

static int seed_from_json(void *object, const json_t *json, struct err *err)
{
    struct plan *plan = object;

    if (json_is_string(json))
        return parse_seed(plan, json_string_value(json), err);
    plan->seed_known = true;
    return json_read_count(json, &plan->seed, err);
}

const struct value_ops plan_seed_ops = {
    .parse = parse_seed, .to_json = seed_to_json, .from_json = seed_from_json};

/* -- one member ---------------------------------------------------------------- */

VALUE_PARSER(parse_pin, pin_parse)

static json_t *pin_to_json(const void *object)
{
    const struct pin *pin = object;

    return json_string(pin->open ? "auto" : pin->pinned ? pin->text : "off");
}

const struct value_ops plan_pin_ops = {.parse = parse_pin, .to_json = pin_to_json};

VALUE_PARSER(parse_delay, delay_parse)

static json_t *delay_to_json(const void *object)
{
    return json_string(((const struct delay_model *)object)->text);
}

const struct value_ops plan_delay_ops = {.parse = parse_delay, .to_json = delay_to_json};

VALUE_PARSER(parse_body, body_parse)

static json_t *body_to_json(const void *object)
{
    return json_string(body_word(object));
}

static const char *body_form_word(size_t index)
{
    const struct body_form form = {.gzip = index & 1, .chunked = index & 2};

    return index < 4 ? body_word(&form) : NULL;
}

const struct value_ops plan_body_ops = {
    .parse = parse_body, .to_json = body_to_json, .word = body_form_word};

VALUE_PARSER(parse_fault, fault_parse)

static json_t *faults_to_json(const void *object)
{
    const struct fault_rates *rates = object;
    json_t *list = json_array();

    for (int kind = FAULT_NONE + 1; kind < FAULT_KIND_COUNT; kind++)
        if (rates->percent[kind])
            json_add(&list, json_sprintf("%s:%u", fault_word((enum fault_kind)kind),
                                         (unsigned)rates->percent[kind]));
    return list;
}

static int faults_from_json(void *object, const json_t *json, struct err *err)
{
    return value_each_text(json, object, parse_fault, err);
}

static void reset_faults(void *object)
{
    memset(object, 0, sizeof(struct fault_rates));
}

static const char *fault_kind_word(size_t index)
{
    size_t kind = FAULT_NONE + 1 + index;

    return kind < FAULT_KIND_COUNT ? fault_word((enum fault_kind)kind) : NULL;
}

const struct value_ops plan_fault_ops = {.parse = parse_fault,
                                         .to_json = faults_to_json,
                                         .from_json = faults_from_json,
                                         .reset = reset_faults,
                                         .word = fault_kind_word};

static int parse_label(void *object, const char *text, struct err *err)
{
    const char *equals = strchr(text, '=');

    return equals && equals != text
               ? texts_add(object, text, err)
               : err_set(err, "'%s' is not of the form KEY=VALUE", text);
}

static json_t *labels_to_json(const void *object)
{
    return texts_to_json(object);
}

static int labels_from_json(void *object, const json_t *json, struct err *err)
{
    return value_each_text(json, object, parse_label, err);
}

static void reset_labels(void *object)
{
    texts_free(object);
}

const struct value_ops plan_labels_ops = {.parse = parse_label,
                                          .to_json = labels_to_json,
                                          .from_json = labels_from_json,
                                          .reset = reset_labels};
