/* compare_env.c - see compare_env.h. */
#include "analysis/compare/compare_env.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analysis/rows/grouping.h"

/* -- reading ------------------------------------------------------------------- */

/* The env.json that belongs to a directory or a file; NULL for want of memory. */
static char *env_path(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *result = NULL;
    struct stat info;
    int length;

    if (!stat(path, &info) && S_ISDIR(info.st_mode))
        length = asprintf(&result, "%s/env.json", path);
    else if (slash)
        length = asprintf(&result, "%.*s/env.json", (int)(slash - path), path);
    else
        length = asprintf(&result, "env.json");
    return length < 0 ? NULL : result;
}

int compare_env_read(json_t **env, const char *path, struct err *err)
{
    char *name = env_path(path);
    json_error_t error;
    int result = 0;

    *env = NULL;
    if (!name)
        return err_errno(err, "no memory for a path");
    if (!access(name, F_OK)) {
        *env = json_load_file(name, 0, &error);
        if (!*env)
            result = err_set(err, "%s: %s", name, error.text);
    }
    free(name);
    return result;
}

unsigned compare_env_analyses(const json_t *env)
{
    json_int_t analyses = json_integer_value(
        json_object_get(json_object_get(env, "plan"), "looks"));

    return analyses > 1 && analyses < 1000 ? (unsigned)analyses : 1;
}

/* -- two sweeps ---------------------------------------------------------------- */

/* What may differ between two sweeps of the same plan: the words that were typed, what
 * the rows themselves tell, and what changes by itself. */
static const char *const of_the_plan[] = {
    "arguments",  "warnings", "seed",   "strategies", "strategies_described",
    "levels",     "variants", "rounds", "labels",     "warmup_rounds",
    "profile",    "raw",      "looks",  "budget_s",   "once_above_s",
    "max_cell_s", "cells",    "census", "order",      NULL};
static const char *const of_the_machine[] = {"load_average", "memory_bytes", NULL};
static const char *const of_nothing[] = {NULL};

static bool listed(const char *const *list, const char *key)
{
    for (size_t i = 0; list[i]; i++)
        if (!strcmp(list[i], key))
            return true;
    return false;
}

/* The first key in which two objects differ, those listed apart; NULL: none. */
static const char *first_difference(json_t *a, json_t *b, const char *const *ignored)
{
    const char *key;
    json_t *value;

    json_object_foreach(a, key, value)
    {
        if (!listed(ignored, key) && !json_equal(value, json_object_get(b, key)))
            return key;
    }
    json_object_foreach(b, key, value)
    {
        if (!listed(ignored, key) && !json_object_get(a, key))
            return key;
    }
    return NULL;
}

static char *value_text(const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    char *text = value ? json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;

    return text ? text : strdup("absent");
}

/* The same, those keys apart? On false the words say in what it differs. */
static bool same_object(const json_t *a, const json_t *b, const char *group,
                        const char *const *ignored, struct err *err)
{
    const char *key = first_difference((json_t *)a, (json_t *)b, ignored);
    char *was;
    char *is;

    if (!key)
        return true;
    was = value_text(a, key);
    is = value_text(b, key);
    (void)err_set(err, "%s.%s was %.60s and is %.60s now", group, key, was ? was : "?",
                  is ? is : "?");
    free(was);
    free(is);
    return false;
}

static int check_group(struct comparison *comparison, const json_t *base,
                       const json_t *head, const char *group, const char *const *ignored,
                       enum compare_problem_kind kind, struct err *err)
{
    json_t *a = json_object_get(base, group);
    json_t *b = json_object_get(head, group);
    const char *key = first_difference(a, b, ignored);
    char *was;
    char *is;
    int result;

    if (!key)
        return 0;
    was = value_text(a, key);
    is = value_text(b, key);
    result = comparison_add_problem(comparison, kind, NULL, 0, err,
                                    "%s.%s is %.60s in %s and %.60s in %s", group, key,
                                    was ? was : "?", comparison->base.name, is ? is : "?",
                                    comparison->head.name);
    free(was);
    free(is);
    return result;
}

bool compare_env_same_plan(const json_t *a, const json_t *b, struct err *err)
{
    return same_object(a, b, "plan", of_the_plan, err);
}

bool compare_env_same_machine(const json_t *a, const json_t *b, struct err *err)
{
    return same_object(a, b, "machine", of_the_machine, err);
}

int compare_env_check(struct comparison *comparison, const json_t *base,
                      const json_t *head, struct err *err)
{
    if (!base || !head)
        return comparison_add_problem(
            comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
            "there is no env.json beside the rows of %s, so nobody knows whether machine "
            "and options were the same",
            base ? comparison->head.name : comparison->base.name);
    return check_group(comparison, base, head, "machine", of_the_machine,
                       COMPARE_NOT_COMPARABLE, err) ||
                   check_group(comparison, base, head, "plan", of_the_plan,
                               COMPARE_NOT_COMPARABLE, err) ||
                   check_group(comparison, base, head, "libcurl_options", of_nothing,
                               COMPARE_NOT_COMPARABLE, err) ||
                   check_group(comparison, base, head, "bench", of_nothing, COMPARE_NOTED,
                               err) ||
                   check_group(comparison, base, head, "libraries", of_nothing,
                               COMPARE_NOTED, err)
               ? -1
               : 0;
}

/* -- claims -------------------------------------------------------------------- */

/* What tells one set of program and libraries from another. */
static const enum column identities[] = {
    COLUMN_program_build_id, COLUMN_libcurl_version, COLUMN_libcurl_file,
    COLUMN_libcurl_build_id, COLUMN_tls_version,     COLUMN_libevent_version,
};

enum { IDENTITIES = sizeof(identities) / sizeof(identities[0]) };

static bool ran(const struct compare_source *source, const struct row *row)
{
    return compare_source_has(source, row) && row->fields[COLUMN_libcurl_version].present;
}

/* The first row of a side whose cell ran; NULL: none. */
static const struct row *first_that_ran(const struct compare_source *source)
{
    for (size_t i = 0; i < source->runs->count; i++)
        if (ran(source, &source->runs->rows[i]))
            return &source->runs->rows[i];
    return NULL;
}

/* The first of the identities in which two rows differ; COLUMN_COUNT: none. */
static enum column identity_differs(const struct row *a, const struct row *b)
{
    for (size_t i = 0; i < IDENTITIES; i++)
        if (!row_same_field(a, b, identities[i]))
            return identities[i];
    return COLUMN_COUNT;
}

static int check_one_side(struct comparison *comparison,
                          const struct compare_source *source, struct err *err)
{
    const struct row *first = first_that_ran(source);

    for (size_t i = 0; first && i < source->runs->count; i++) {
        const struct row *row = &source->runs->rows[i];
        enum column differs;

        if (!ran(source, row))
            continue;
        differs = identity_differs(first, row);
        if (differs != COLUMN_COUNT)
            return comparison_add_problem(
                comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
                "rows of %s ran with different things: %s is %.60s and %.60s",
                source->name, columns[differs].name, row_text(first, differs),
                row_text(row, differs));
    }
    return 0;
}

/* The first variable of a variant that says where programs or libraries come from, and
 * that the other variant does not set to the same. */
static const char *claim_of(json_t *settings, const json_t *others)
{
    static const char *const claims[] = {"LD_LIBRARY_PATH", "LD_PRELOAD",
                                         "BENCH_PROGRAM"};

    for (size_t i = 0; i < sizeof(claims) / sizeof(claims[0]); i++) {
        const json_t *value = json_object_get(settings, claims[i]);

        if (value && !json_equal(value, json_object_get(others, claims[i])))
            return claims[i];
    }
    return NULL;
}

int compare_env_check_claims(struct comparison *comparison,
                             const struct compare_source *base,
                             const struct compare_source *head, const json_t *env,
                             struct err *err)
{
    json_t *variants = json_object_get(json_object_get(env, "plan"), "variants");
    const struct row *base_row = first_that_ran(base);
    const struct row *head_row = first_that_ran(head);
    json_t *base_settings;
    json_t *head_settings;
    const char *claim;

    if (check_one_side(comparison, base, err) || check_one_side(comparison, head, err))
        return -1;
    if (!variants || !base->variant || !head->variant || !base_row || !head_row)
        return 0;
    base_settings = json_object_get(variants, base->variant);
    head_settings = json_object_get(variants, head->variant);
    claim = claim_of(head_settings, base_settings);
    if (!claim)
        claim = claim_of(base_settings, head_settings);
    if (!claim || identity_differs(base_row, head_row) != COLUMN_COUNT)
        return 0;
    return comparison_add_problem(
        comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
        "%s sets another %s than %s, yet both ran the same program with the same libcurl "
        "%s: is the path right?",
        head->name, claim, base->name, row_text(head_row, COLUMN_libcurl_file));
}

int compare_env_check_version(struct comparison *comparison,
                              const struct compare_source *source, const char *version,
                              struct err *err)
{
    const struct row *row = first_that_ran(source);
    const char *ran = row ? row_text(row, COLUMN_libcurl_version) : "none";

    if (!version || !strcmp(ran, version))
        return 0;
    return comparison_add_problem(comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
                                  "%s ran with libcurl %s, not with %s as claimed",
                                  source->name, ran, version);
}
