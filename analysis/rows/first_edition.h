/* first_edition.h - converts the plan in env.json of bench 0.1 to the form of
 * plan.json. */
#ifndef ANALYSIS_ROWS_FIRST_EDITION_H
#define ANALYSIS_ROWS_FIRST_EDITION_H

#include <jansson.h>

/* The fields that bench 0.1 recorded, under the keys of plan.def, without those of the
 * schedule. A new reference; NULL: no memory. */
json_t *first_edition_plan(const json_t *env_plan);

#endif
