/* plan_fields.c - see plan_fields.h. */
#include "harness/plan/plan_fields.h"

#include <stdlib.h>
#include <string.h>

#include "analysis/rows/plan_class.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/parse.h"
#include "base/value_table.h"
#include "harness/plan/outside.h"
#include "harness/plan/plan_values.h"
#include "harness/plan/profile.h"

#define DURATION_MAX_NS (UINT64_MAX / 4)

/* -- the profile, which sets other fields of this table ---------------------- */

/* Applies the settings of a profile; options typed after it override them. */
static int parse_profile(void *object, const char *name, struct err *err)
{
    const struct profile *profile;

    if (profile_find(&profile, name, err))
        return -1;
    ((struct plan *)object)->profile = profile->name;
    for (size_t i = 0; profile->settings[i].option; i++)
        if (plan_set(object, profile->settings[i].option, profile->settings[i].value,
                     err))
            return -1;
    return 0;
}

static json_t *profile_to_json(const void *object)
{
    const char *name = ((const struct plan *)object)->profile;

    return name ? json_string(name) : json_null();
}

/* Restores only the name: the other fields have its settings, as changed since. */
static int profile_from_json(void *object, const json_t *json, struct err *err)
{
    struct plan *plan = object;
    const struct profile *profile;

    if (json_is_null(json))
        return 0;
    if (!json_is_string(json))
        return err_set(err, "it is not a string");
    if (profile_find(&profile, json_string_value(json), err))
        return -1;
    plan->profile = profile->name;
    return 0;
}

static void reset_profile(void *object)
{
    ((struct plan *)object)->profile = NULL;
}

static const struct value_ops plan_profile_ops = {.parse = parse_profile,
                                                  .to_json = profile_to_json,
                                                  .from_json = profile_from_json,
                                                  .reset = reset_profile};

/* -- the table ------------------------------------------------------------------ */

#define VALUE_OWNER struct plan

const struct value_spec plan_fields[PLAN_FIELD_COUNT] = {
#define FIELD(key_, option_, class_, group_, argument_, initial_, help_, ...) \
    OPTION(option_, argument_, initial_, help_, .key = #key_,                 \
           .kind_of_use = PLAN_##class_, .group = PLAN_GROUP_##group_, __VA_ARGS__),
#include "analysis/rows/plan.def"
#undef FIELD
};

const struct value_spec *plan_field_find(const char *option)
{
    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
        if (!strcmp(plan_fields[i].option, option))
            return &plan_fields[i];
    return NULL;
}

/* Strategies and levels are chosen last: see plan_complete(). */
static bool is_chosen_last(const struct value_spec *field)
{
    return field->kind_of_use == PLAN_SELECTION;
}

struct plan plan_defaults(void)
{
    struct plan plan = {.variants = {variant_default}, .variant_count = 1};

    for (size_t i = 0; i < PLAN_FIELD_COUNT; i++)
        if (!is_chosen_last(&plan_fields[i]))
            /* Cannot fail: they are constants, and tests/unit/test_plan_fields.c reads
             * them all. */
            (void)values_set_initial(&plan, &plan_fields[i], 1, NULL);
    return plan;
}

void plan_free(struct plan *plan)
{
    values_reset(plan, plan_fields, PLAN_FIELD_COUNT);
    if (plan->site)
        target_site_free(plan->site);
    free(plan->site);
    *plan = (struct plan){.url = NULL};
}

int plan_set(struct plan *plan, const char *option, const char *text, struct err *err)
{
    const struct value_spec *field = plan_field_find(option);

    if (!field)
        return err_set(err, "unknown field '%s' of a plan", option);
    return value_parse(plan, field, text, err) ? err_prefix(err, "--%s", option) : 0;
}
