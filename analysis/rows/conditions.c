/* conditions.c - see conditions.h. */
#include "analysis/rows/conditions.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/rows/first_edition.h"
#include "analysis/rows/plan_class.h"
#include "base/json.h"
#include "base/parse.h"

static const struct field_of_plan {
    const char *key; /* "": an option that adds to the key before it */
    enum plan_class class;
    const char *fallback; /* the value of a key that is absent */
} fields[] = {
#define FIELD(key, option, class, group, argument, fallback, help, ...) \
    {#key, PLAN_##class, fallback},
#include "analysis/rows/plan.def"
#undef FIELD
};

enum { PLAN_SCHEMA = 1 };

enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* -- reading ------------------------------------------------------------------- */

/* Reads a file beside `path`, if it exists. */
static int read_beside(json_t **object, const char *path, const char *name,
                       struct err *err)
{
    const char *slash = strrchr(path, '/');
    struct stat info;
    bool inside = !stat(path, &info) && S_ISDIR(info.st_mode);
    char *file = NULL;
    int result = 0;

    if (asprintf(&file, "%.*s%s%s",
                 inside  ? (int)strlen(path)
                 : slash ? (int)(slash - path)
                         : 0,
                 path, inside || slash ? "/" : "", name) < 0)
        return err_errno(err, "no memory for a path");
    *object = NULL;
    if (!access(file, F_OK))
        result = json_read_file(object, file, err);
    free(file);
    return result;
}

int conditions_from(struct conditions *conditions, json_t *plan, json_t *env,
                    struct err *err)
{
    json_t *first = json_object_get(env, "plan");

    *conditions = (struct conditions){
        .plan = json_incref(plan),
        .env = json_incref(env),
        .first_edition = !plan && first,
    };
    if (!conditions->first_edition)
        return 0;
    conditions->plan = first_edition_plan(first);
    if (conditions->plan)
        return 0;
    conditions_free(conditions);
    return err_errno(err, "no memory for a plan");
}

int conditions_read(struct conditions *conditions, const char *path, struct err *err)
{
    json_t *file = NULL;
    json_t *env = NULL;
    json_t *plan;
    int result;

    *conditions = (struct conditions){.plan = NULL};
    result = read_beside(&file, path, "plan.json", err) ||
                     read_beside(&env, path, "env.json", err)
                 ? -1
                 : 0;
    plan = json_object_get(file, "plan");
    if (file && !result &&
        (!json_is_object(plan) ||
         json_integer_value(json_object_get(file, "schema")) != PLAN_SCHEMA))
        result = err_set(
            err,
            "the plan.json of %s is from another version of bench; read it with "
            "the version that wrote it",
            path);
    if (!result)
        result = conditions_from(conditions, plan, env, err);
    json_decref(file);
    json_decref(env);
    return result;
}

void conditions_free(struct conditions *conditions)
{
    json_decref(conditions->plan);
    json_decref(conditions->env);
    *conditions = (struct conditions){0};
}

unsigned conditions_analyses(const struct conditions *conditions)
{
    const json_t *budget = json_object_get(conditions->env, "budget");
    const json_t *planned = json_object_get(budget, "planned_analyses");
    json_int_t analyses;

    if (!planned)
        planned = json_object_get(json_object_get(conditions->env, "plan"), "looks");
    analyses = json_integer_value(planned);
    return analyses > 1 && analyses < 1000 ? (unsigned)analyses : 1;
}

/* -- one value ----------------------------------------------------------------- */

static bool is_nothing(const json_t *value)
{
    return json_is_null(value) || json_is_false(value) ||
           (json_is_string(value) && !json_string_length(value)) ||
           ((json_is_array(value) || json_is_object(value)) && !json_array_size(value) &&
            !json_object_size(value));
}

/* A list with the texts of a file in place, as if they had been typed; a list of one item
 * becomes that item. */
static json_t *flatten(const json_t *list)
{
    json_t *flat = json_array();

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i);
        json_t *inside = json_object_get(item, "urls");

        if (!inside)
            json_add(&flat, json_incref(item));
        for (size_t j = 0; j < json_array_size(inside); j++)
            json_add(&flat, json_incref(json_array_get(inside, j)));
    }
    if (json_array_size(flat) == 1) {
        json_t *only = json_incref(json_array_get(flat, 0));

        json_decref(flat);
        return only;
    }
    return flat;
}

/* One form for values that mean the same: absent as the default, numbers as text, files
 * by their content. A new reference; NULL: no memory. */
static json_t *canonical(const json_t *value, const char *fallback)
{
    const json_t *crc32 = json_object_get(value, "crc32");

    if (!value)
        return json_string(fallback);
    if (is_nothing(value))
        return json_string("");
    if (crc32)
        return canonical(crc32, "");
    if (json_is_integer(value))
        return json_sprintf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
    return json_is_array(value) ? flatten(value) : json_incref((json_t *)value);
}

/* The first field with this key is the one that has the default. */
static const struct field_of_plan *find(const char *key)
{
    size_t i = 0;

    while (strcmp(fields[i].key, key) != 0)
        i++;
    return &fields[i];
}

static json_t *value_of(const json_t *plan, const struct field_of_plan *field)
{
    return canonical(json_object_get(plan, field->key), field->fallback);
}

/* -- the classes --------------------------------------------------------------- */

/* Does the seed change what is measured: are delays drawn, or faults injected? */
static bool seed_counts(const json_t *plan)
{
    json_t *delay = value_of(plan, find("delay"));
    json_t *fault = value_of(plan, find("fault"));
    const char *text = json_string_value(delay);
    bool counts = (text && strchr(text, ':')) || !is_nothing(fault);

    json_decref(delay);
    json_decref(fault);
    return counts;
}

static bool is_condition(const struct field_of_plan *field, const json_t *plan)
{
    return field->class == PLAN_CONDITION ||
           (field->class == PLAN_SEED && seed_counts(plan));
}

/* Whether the recorded number may have grown to this one. */
static bool may_grow(const json_t *was, const json_t *is)
{
    const char *from = json_string_value(was);
    const char *to = json_string_value(is);
    uint64_t count_from = 0;
    uint64_t count_to;

    /* "auto" may become any number. */
    return from && to && !parse_count(to, 0, UINT64_MAX, &count_to, NULL) &&
           (parse_count(from, 0, UINT64_MAX, &count_from, NULL) ||
            count_from <= count_to);
}

static bool may_differ(const struct field_of_plan *field, const struct conditions *a,
                       const struct conditions *b, enum conditions_purpose purpose)
{
    if (purpose == CONDITIONS_RESUME)
        return field->class == PLAN_ANNOTATION;
    return !is_condition(field, a->plan) && !is_condition(field, b->plan);
}

int conditions_differ_plan(const struct conditions *a, const struct conditions *b,
                           enum conditions_purpose purpose, struct difference *difference,
                           struct err *err)
{
    int result = 0;

    *difference = (struct difference){.key = ""};
    for (size_t i = 0; i < FIELDS && !result && !difference->key[0]; i++) {
        const struct field_of_plan *field = &fields[i];
        json_t *was;
        json_t *is;

        if (!field->key[0] || may_differ(field, a, b, purpose))
            continue;
        was = value_of(a->plan, field);
        is = value_of(b->plan, field);
        if (!was || !is)
            result = err_errno(err, "no memory to compare two runs");
        else if (!json_equal(was, is) &&
                 !(field->class == PLAN_GROWING && may_grow(was, is)))
            result = difference_set(difference, field->key, was, is, err);
        json_decref(was);
        json_decref(is);
    }
    return result;
}

int conditions_differ(const struct conditions *a, const struct conditions *b,
                      enum conditions_purpose purpose, struct difference *difference,
                      struct err *err)
{
    if (conditions_differ_plan(a, b, purpose, difference, err))
        return -1;
    if (!difference->key[0] && facts_differ_machine(a->env, b->env, difference, err))
        return -1;
    return !difference->key[0] && purpose == CONDITIONS_RESUME
               ? facts_differ_subject(a->env, b->env, difference, err)
               : 0;
}

/* Fields that define a name, and select no cells. */
static bool is_definition(const char *key)
{
    return !strcmp(key, "variants") || !strcmp(key, "programs") ||
           !strcmp(key, "plugins");
}

int conditions_same_selection(const struct conditions *a, const struct conditions *b,
                              bool *same, struct err *err)
{
    int result = 0;

    *same = true;
    for (size_t i = 0; i < FIELDS && !result && *same; i++) {
        json_t *was;
        json_t *is;

        if (fields[i].class != PLAN_SELECTION || is_definition(fields[i].key))
            continue;
        was = value_of(a->plan, &fields[i]);
        is = value_of(b->plan, &fields[i]);
        if (!was || !is)
            result = err_errno(err, "no memory to compare two runs");
        else
            *same = json_equal(was, is);
        json_decref(was);
        json_decref(is);
    }
    return result;
}

json_t *conditions_variants(const struct conditions *conditions)
{
    json_t *recorded = json_object_get(conditions->plan, "variants");
    json_t *variants;

    if (json_is_object(recorded)) /* of the first edition */
        return json_incref(recorded);
    variants = json_object();
    for (size_t i = 0; i < json_array_size(recorded); i++) {
        const json_t *variant = json_array_get(recorded, i);
        const char *name = json_string_value(json_object_get(variant, "name"));
        const json_t *list = json_object_get(variant, "settings");
        json_t *settings = json_object();

        for (size_t j = 0; j < json_array_size(list); j++) {
            const char *setting = json_string_value(json_array_get(list, j));
            const char *equals = setting ? strchr(setting, '=') : NULL;
            char variable[64];

            if (!equals || equals - setting >= (ptrdiff_t)sizeof(variable))
                continue;
            (void)snprintf(variable, sizeof(variable), "%.*s", (int)(equals - setting),
                           setting);
            json_put(&settings, variable, json_of_bytes(equals + 1));
        }
        if (name)
            json_put(&variants, name, settings);
        else
            json_decref(settings);
    }
    return variants;
}

/* -- the hash ------------------------------------------------------------------ */

/* FNV-1a: http://www.isthe.com/chongo/tech/comp/fnv/ */
static uint64_t fnv1a(const char *text)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3;
    return hash;
}

int conditions_hash(const json_t *plan, const json_t *env,
                    char hash[CONDITIONS_HASH_SIZE], struct err *err)
{
    json_t *object = json_object();
    char *text;

    for (size_t i = 0; i < FIELDS; i++)
        if (fields[i].key[0] && is_condition(&fields[i], plan))
            json_put(&object, fields[i].key, value_of(plan, &fields[i]));
    json_put(&object, "machine", facts_identity(env));
    text = object ? json_text(object) : NULL;
    json_decref(object);
    if (!text)
        return err_errno(err, "no memory for the conditions of a run");
    (void)snprintf(hash, CONDITIONS_HASH_SIZE, "%016" PRIx64, fnv1a(text));
    free(text);
    return 0;
}
