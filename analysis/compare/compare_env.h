/* compare_env.h - do two sides of a comparison come from the same machine and plan, and
 * did each run with what it claims? Asked of the env.json files beside the rows. */
#ifndef ANALYSIS_COMPARE_COMPARE_ENV_H
#define ANALYSIS_COMPARE_COMPARE_ENV_H

#include <jansson.h>

#include "analysis/compare/comparison.h"

/* The env.json of a directory, or of the directory of a runs.csv; NULL if there is none,
 * which is no error. -1: it cannot be read. Owner: the caller, json_decref(). */
int compare_env_read(json_t **env, const char *path, struct err *err);

/* How often the sweep planned to look at its figures; at least 1. */
unsigned compare_env_analyses(const json_t *env);

/* Two sweeps: another machine or other options make them not comparable, another build of
 * bench or other versions are noted. Without an env.json on a side nothing can be said,
 * so they are not comparable either. -1: no memory. */
int compare_env_check(struct comparison *comparison, const json_t *base,
                      const json_t *head, struct err *err);

/* Are these, "machine" or "plan" of an env.json, of the same machine and of a plan that
 * measures the same things? On false the words say in what they differ. */
bool compare_env_same_machine(const json_t *a, const json_t *b, struct err *err);
bool compare_env_same_plan(const json_t *a, const json_t *b, struct err *err);

/* Two variants of one sweep: a variant that sets where its libraries or its program come
 * from must have run with others than the base's. Also: a side in which rows ran with
 * different ones. `env` may be NULL. -1: no memory. */
int compare_env_check_claims(struct comparison *comparison,
                             const struct compare_source *base,
                             const struct compare_source *head, const json_t *env,
                             struct err *err);

/* Each row of a side must have run with this version of libcurl; NULL: any. */
int compare_env_check_version(struct comparison *comparison,
                              const struct compare_source *source, const char *version,
                              struct err *err);

#endif
