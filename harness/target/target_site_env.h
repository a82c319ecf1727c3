/* target_site_env.h - what env.json says of a site. */
#ifndef HARNESS_TARGET_TARGET_SITE_ENV_H
#define HARNESS_TARGET_TARGET_SITE_ENV_H

#include <jansson.h>

#include "harness/target/target_site.h"

/* Adds to the plan of env.json: the addresses, their servers, what is sent to them and
 * expected of them; and how long the names took to look up, which differs every time. */
void target_site_env_describe(json_t *plan, const struct target_site *site);

#endif
