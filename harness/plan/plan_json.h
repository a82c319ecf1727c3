/* plan_json.h - a plan as plan.json: written and read back without loss, except for
 * secret header values. */
#ifndef HARNESS_PLAN_PLAN_JSON_H
#define HARNESS_PLAN_PLAN_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/plan/plan.h"

/* {"schema": 1, "plan": {KEY: VALUE, ...}} with every field of plan.def. A new reference;
 * NULL: no memory. */
json_t *plan_to_json(const struct plan *plan);

/* Sets the fields that the object has; the others keep their defaults. `plan` is all
 * zeros or a plan, which is freed first. The message names the key that is unknown or
 * wrong. The caller frees the plan, also after -1. */
int plan_from_json(struct plan *plan, const json_t *json, struct err *err);

/* Reads a plan from a file, or from the plan.json in a directory. `*private_file` says
 * that the file belongs to the user who runs bench and that only this user may write
 * it. */
int plan_read(struct plan *plan, const char *path, bool *private_file, struct err *err);

#endif
