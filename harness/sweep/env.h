/* env.h - the machine, the build and the libraries of a sweep: the content of
 * env.json. */
#ifndef HARNESS_SWEEP_ENV_H
#define HARNESS_SWEEP_ENV_H

#include <jansson.h>

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"

/* The facts of this machine and this build: hardware, kernel, limits, libraries, options
 * of libcurl; facts.def says which of them must be equal. Facts that cannot be determined
 * are left out. A new reference; NULL: no memory. */
json_t *env_facts(const struct machine_limits *limits);

/* Adds the facts of a complete plan: the properties of each strategy, the addresses of
 * names. */
void env_add_plan(json_t **env, const struct plan *plan);

#endif
