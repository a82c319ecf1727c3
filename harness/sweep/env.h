/* env.h - on which machine and with what a sweep was measured: the content of env.json.
 */
#ifndef HARNESS_SWEEP_ENV_H
#define HARNESS_SWEEP_ENV_H

#include <jansson.h>

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"

/* The facts of this machine and this build: hardware, kernel, limits, libraries, options
 * of libcurl; facts.def says which of them must be equal. What cannot be found out is
 * left out. A new reference; NULL: no memory. */
json_t *env_facts(const struct machine_limits *limits);

/* Adds what follows from a complete plan: what each strategy takes, where names led. */
void env_add_plan(json_t **env, const struct plan *plan);

#endif
