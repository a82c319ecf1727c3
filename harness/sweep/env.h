/* env.h - who measures what, on which machine, with what: the content of env.json. */
#ifndef HARNESS_SWEEP_ENV_H
#define HARNESS_SWEEP_ENV_H

#include <jansson.h>

#include "harness/cli/run_options.h"
#include "harness/sweep/preflight.h"

/* This machine and this build: hardware, kernel, limits, libraries, options of libcurl.
 * NULL and the words for want of memory. Owner: the caller, json_decref(). */
json_t *env_machine(const struct machine_limits *limits, struct err *err);

/* The plan of a sweep, and the command line it came from. */
json_t *env_plan(const struct run_options *options, int argc, char **argv,
                 struct err *err);

#endif
