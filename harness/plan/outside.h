/* outside.h - adds models from outside to a plan, and finds them there. */
#ifndef HARNESS_PLAN_OUTSIDE_H
#define HARNESS_PLAN_OUTSIDE_H

#include "base/err.h"
#include "base/value.h"
#include "harness/plan/plan.h"
#include "strategies/outside/shipped.h"

/* The fields --program NAME=COMMAND and --plugin FILE.so; for a struct plan. */
extern const struct value_ops plan_programs_ops, plan_plugins_ops;

/* The model that this strategy belongs to; NULL: it is one of bench itself. */
const struct outside_model *outside_of(const struct plan *plan,
                                       const struct strategy *strategy);

/* Whether it is a program, which reports less than other strategies. */
bool outside_is_program(const struct plan *plan, const struct strategy *strategy);

/* The request for the cell's process; all zeros for a strategy of bench itself. */
void outside_request_make(const struct plan *plan, const struct strategy *strategy,
                          struct outside_request *request);

/* Adds a model of this name, which no other strategy and no group may have, nor one of
 * the programs that ship with bench, or takes the place of the one that a file named.
 * NULL: refused. */
struct outside_model *outside_add(struct plan *plan, enum outside_kind kind,
                                  const char *name, const char *source, struct err *err);

/* Adds a program that ships with bench. */
int outside_add_shipped(struct plan *plan, const struct shipped *shipped,
                        struct err *err);

/* Whether a model may have this name: a-z, 0-9 and '-'. */
int outside_check_name(const char *name, struct err *err);

/* Whether there is a plugin whose table was not read yet: it executes the plugin. */
bool outside_is_unloaded(const struct plan *plan);

/* Reads the tables of plugins that a plan's file named; call it once the file is
 * trusted. */
int outside_load(struct plan *plan, struct err *err);

#endif
