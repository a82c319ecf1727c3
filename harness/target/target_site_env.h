/* target_site_env.h - what env.json says of a site. */
#ifndef HARNESS_TARGET_TARGET_SITE_ENV_H
#define HARNESS_TARGET_TARGET_SITE_ENV_H

#include <jansson.h>

#include "harness/target/target_site.h"

/* Its servers, whose certificates are believed, and how long the names took to look up,
 * which differs every time. A new reference; NULL: no memory. */
json_t *target_site_describe(const struct target_site *site);

#endif
