/* plan_fields.h - the fields of a plan as a table, from plan.def: the common source of
 * the command line, plan.json and the help. */
#ifndef HARNESS_PLAN_PLAN_FIELDS_H
#define HARNESS_PLAN_PLAN_FIELDS_H

#include "base/value.h"
#include "harness/plan/plan.h"

/* Groups of fields; each is a heading in the help. */
enum plan_group {
    PLAN_GROUP_MEASURED,
    PLAN_GROUP_ORIGIN,
    PLAN_GROUP_TARGET,
    PLAN_GROUP_SCHEDULE,
    PLAN_GROUP_GATE,
    PLAN_GROUP_NOTES,
};

enum {
#define FIELD(...) +1 /* a sum: NOLINT(bugprone-macro-parentheses) */
    PLAN_FIELD_COUNT = 0
#include "analysis/rows/plan.def"
#undef FIELD
};

/* All fields, in the order of plan.def; `kind_of_use` is the enum plan_class. */
extern const struct value_spec plan_fields[PLAN_FIELD_COUNT];

/* The field with this option; NULL: none. */
const struct value_spec *plan_field_find(const char *option);

/* A plan with the defaults of every field, but no strategy and no level yet:
 * plan_complete() adds these. Nothing in it needs plan_free(). */
struct plan plan_defaults(void);

/* Frees everything that the plan owns. Fine for all zeros, and twice. */
void plan_free(struct plan *plan);

/* Sets a field as if it had been typed. */
int plan_set(struct plan *plan, const char *option, const char *text, struct err *err);

#endif
