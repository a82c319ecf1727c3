/* compare_env.c - see compare_env.h. */
#include "analysis/compare/compare_env.h"

#include <string.h>

#include "analysis/rows/grouping.h"

/* -- two sweeps ---------------------------------------------------------------- */

static int add_difference(struct comparison *comparison, enum compare_problem_kind kind,
                          const struct difference *difference, struct err *err)
{
    if (!difference->key[0])
        return 0;
    return comparison_add_problem(
        comparison, kind, NULL, 0, err, "%s is %s in %s and %s in %s", difference->key,
        difference->a, comparison->base.name, difference->b, comparison->head.name);
}

int compare_env_check(struct comparison *comparison, const struct conditions *base,
                      const struct conditions *head, struct err *err)
{
    struct difference plan;
    struct difference machine;
    struct difference subject;

    if (!base->env || !head->env)
        return comparison_add_problem(
            comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
            "no env.json beside the rows of %s, so its machine and "
            "conditions are unknown; give the directory of the run",
            base->env ? comparison->head.name : comparison->base.name);
    if (conditions_differ_plan(base, head, CONDITIONS_COMPARE, &plan, err) ||
        facts_differ_machine(base->env, head->env, &machine, err) ||
        facts_differ_subject(base->env, head->env, &subject, err))
        return -1;
    return add_difference(comparison, COMPARE_NOT_COMPARABLE, &machine, err) ||
                   add_difference(comparison, COMPARE_NOT_COMPARABLE, &plan, err) ||
                   add_difference(comparison, COMPARE_NOTED, &subject, err)
               ? -1
               : 0;
}

/* -- claims -------------------------------------------------------------------- */

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

/* Did both run the same program with the same libraries? Builds are told apart by their
 * ids, and by their file only where there is no id. */
static bool same_subject(const struct row *a, const struct row *b)
{
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (columns[i].class == COLUMN_CLASS_SUBJECT &&
            !row_same_field(a, b, (enum column)i))
            return false;
    return a->fields[COLUMN_libcurl_build_id].present ||
           row_same_field(a, b, COLUMN_libcurl_file);
}

/* All rows of one side must have run the same program with the same libraries. */
static int check_one_side(struct comparison *comparison,
                          const struct compare_source *source, struct err *err)
{
    const struct row *first = first_that_ran(source);

    for (size_t i = 0; first && i < source->runs->count; i++) {
        const struct row *row = &source->runs->rows[i];
        enum column differs;

        if (!ran(source, row))
            continue;
        differs = row_differs_in(first, row, COLUMN_CLASS_SUBJECT);
        if (differs != COLUMN_COUNT)
            return comparison_add_problem(
                comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
                "rows of %s ran with different programs or libraries: %s is %.60s and "
                "%.60s",
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
                             const struct compare_source *head,
                             const struct conditions *conditions, struct err *err)
{
    json_t *variants = conditions ? conditions_variants(conditions) : json_object();
    const struct row *base_row = first_that_ran(base);
    const struct row *head_row = first_that_ran(head);
    const char *claim = NULL;
    int result = 0;

    if (!variants)
        return err_set(err, "no memory to check the variants");
    if (check_one_side(comparison, base, err) || check_one_side(comparison, head, err))
        result = -1;
    if (!result && base->variant && head->variant && base_row && head_row) {
        json_t *base_settings = json_object_get(variants, base->variant);
        json_t *head_settings = json_object_get(variants, head->variant);

        claim = claim_of(head_settings, base_settings);
        if (!claim)
            claim = claim_of(base_settings, head_settings);
    }
    json_decref(variants);
    if (result || !claim || !same_subject(base_row, head_row))
        return result;
    return comparison_add_problem(
        comparison, COMPARE_NOT_COMPARABLE, NULL, 0, err,
        "%s sets another %s than %s, but both ran the same program with the same libcurl "
        "%s; check the path",
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
