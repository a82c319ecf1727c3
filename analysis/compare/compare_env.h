/* compare_env.h - do two sides of a comparison come from the same machine and plan, and
 * did each run with what it claims? Answered from the env.json files beside the rows. */
#ifndef ANALYSIS_COMPARE_COMPARE_ENV_H
#define ANALYSIS_COMPARE_COMPARE_ENV_H

#include "analysis/compare/comparison.h"
#include "analysis/rows/conditions.h"

/* Two sweeps: another machine or a plan that measures something else make them not
 * comparable, another build of bench or other versions are noted. Without an env.json on
 * a side nothing can be said, so they are not comparable either. -1: no memory. */
int compare_env_check(struct comparison *comparison, const struct conditions *base,
                      const struct conditions *head, struct err *err);

/* Two variants of one sweep: a variant that sets where its libraries or its program come
 * from must have run with other ones than the base. Also reports a side whose rows ran
 * with different ones. `conditions` may be NULL. -1: no memory. */
int compare_env_check_claims(struct comparison *comparison,
                             const struct compare_source *base,
                             const struct compare_source *head,
                             const struct conditions *conditions, struct err *err);

/* Each row of a side must have run with this version of libcurl; NULL: any version. */
int compare_env_check_version(struct comparison *comparison,
                              const struct compare_source *source, const char *version,
                              struct err *err);

#endif
