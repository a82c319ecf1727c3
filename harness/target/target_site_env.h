/* target_site_env.h - the description of a site in env.json. */
#ifndef HARNESS_TARGET_TARGET_SITE_ENV_H
#define HARNESS_TARGET_TARGET_SITE_ENV_H

#include <jansson.h>

#include "harness/target/target_site.h"

/* Its servers, the CAs that verify them, and how long each name took to resolve, which
 * differs every time. A new reference; NULL: no memory. */
json_t *target_site_describe(const struct target_site *site);

#endif
