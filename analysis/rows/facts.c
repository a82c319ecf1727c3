/* facts.c - see facts.h. */
#include "analysis/rows/facts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

static const struct fact {
    const char *path;
    enum fact_class class;
} facts[] = {
#define FACT(path, class) {path, FACT_##class},
#include "analysis/rows/facts.def"
#undef FACT
};

enum { FACTS = sizeof(facts) / sizeof(facts[0]) };

/* Amounts that differ by up to this share are the same. */
#define AMOUNT_SHARE 0.05

enum { PATH_SIZE = 128 };

int difference_set(struct difference *difference, const char *key, const json_t *a,
                   const json_t *b, struct err *err)
{
    char *text_a = json_text(a);
    char *text_b = json_text(b);
    bool made = text_a && text_b;

    if (made) {
        (void)snprintf(difference->key, DIFFERENCE_SIZE, "%s", key);
        (void)snprintf(difference->a, DIFFERENCE_SIZE, "%s", text_a);
        (void)snprintf(difference->b, DIFFERENCE_SIZE, "%s", text_b);
    }
    free(text_a);
    free(text_b);
    return made ? 0 : err_errno(err, "no memory to compare two runs");
}

enum fact_class fact_class_of(const char *path, bool *listed)
{
    const struct fact *best = NULL;
    size_t best_length = 0;

    for (size_t i = 0; i < FACTS; i++) {
        size_t length = strlen(facts[i].path);

        if (!strncmp(path, facts[i].path, length) &&
            (!path[length] || path[length] == '.') && length > best_length) {
            best = &facts[i];
            best_length = length;
        }
    }
    if (listed)
        *listed = best;
    return best ? best->class : FACT_CONTEXT;
}

/* -- comparing ----------------------------------------------------------------- */

static bool same_value(const json_t *a, const json_t *b, enum fact_class class)
{
    double larger;

    if (class == FACT_KNOWN && (!a || !b))
        return true;
    if (class != FACT_AMOUNT || !json_is_number(a) || !json_is_number(b))
        return (!a && !b) || (a && b && json_equal(a, b));
    larger = fmax(json_number_value(a), json_number_value(b));
    return fabs(json_number_value(a) - json_number_value(b)) <= AMOUNT_SHARE * larger;
}

/* A walk over the values of two objects. */
struct walk {
    bool subject; /* only facts of the subject, else only of the machine */
    struct difference *difference;
    char path[PATH_SIZE];
};

static int visit(struct walk *walk, const json_t *a, const json_t *b, struct err *err);

/* Visits a key of both, then restores the path. */
static int descend(struct walk *walk, const char *key, const json_t *a, const json_t *b,
                   struct err *err)
{
    size_t length = strlen(walk->path);
    int result;

    (void)snprintf(walk->path + length, PATH_SIZE - length, "%s%s", length ? "." : "",
                   key);
    result = visit(walk, json_object_get(a, key), json_object_get(b, key), err);
    walk->path[length] = '\0';
    return result;
}

static int visit(struct walk *walk, const json_t *a, const json_t *b, struct err *err)
{
    enum fact_class class = fact_class_of(walk->path, NULL);
    const char *key;
    json_t *value;

    if (!json_is_object(a) && !json_is_object(b))
        return class != FACT_CONTEXT && (class == FACT_SUBJECT) == walk->subject &&
                       !same_value(a, b, class)
                   ? difference_set(walk->difference, walk->path, a, b, err)
                   : 0;
    json_object_foreach((json_t *)a, key, value)
    {
        if (descend(walk, key, a, b, err))
            return -1;
        if (walk->difference->key[0])
            return 0;
    }
    json_object_foreach((json_t *)b, key, value)
    {
        if (!json_object_get(a, key) && descend(walk, key, a, b, err))
            return -1;
        if (walk->difference->key[0])
            return 0;
    }
    return 0;
}

int facts_differ_machine(const json_t *a, const json_t *b, struct difference *difference,
                         struct err *err)
{
    struct walk walk = {.difference = difference};

    *difference = (struct difference){.key = ""};
    return visit(&walk, a, b, err);
}

int facts_differ_subject(const json_t *a, const json_t *b, struct difference *difference,
                         struct err *err)
{
    struct walk walk = {.subject = true, .difference = difference};

    *difference = (struct difference){.key = ""};
    return visit(&walk, a, b, err);
}

/* The value at a path such as "machine.kernel"; NULL: none. */
static json_t *value_at(const json_t *env, const char *path)
{
    size_t length = strcspn(path, ".");
    json_t *value = json_object_getn(env, path, length);

    return path[length] ? json_object_get(value, path + length + 1) : value;
}

json_t *facts_identity(const json_t *env)
{
    json_t *object = json_object();

    for (size_t i = 0; i < FACTS; i++) {
        json_t *value = value_at(env, facts[i].path);

        if (value && (facts[i].class == FACT_IDENTITY || facts[i].class == FACT_KNOWN))
            json_put(&object, facts[i].path, json_incref(value));
    }
    return object;
}

json_t *facts_machine(const json_t *env)
{
    json_t *object = json_object();

    for (size_t i = 0; i < FACTS; i++) {
        size_t length = strcspn(facts[i].path, ".");
        json_t *value = json_object_getn(env, facts[i].path, length);

        if (value && facts[i].class != FACT_CONTEXT && facts[i].class != FACT_SUBJECT &&
            json_object_setn(object, facts[i].path, length, value)) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}
