/* first_edition.h - the plan that env.json of bench 0.1 has, as plan.json would have it.
 */
#ifndef ANALYSIS_ROWS_FIRST_EDITION_H
#define ANALYSIS_ROWS_FIRST_EDITION_H

#include <jansson.h>

/* Keys of plan.def for what that edition recorded; those of a schedule are left out. A
 * new reference; NULL: no memory. */
json_t *first_edition_plan(const json_t *env_plan);

#endif
