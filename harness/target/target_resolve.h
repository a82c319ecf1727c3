/* target_resolve.h - turns the choice of URLs into a site that this machine can fetch. */
#ifndef HARNESS_TARGET_TARGET_RESOLVE_H
#define HARNESS_TARGET_TARGET_RESOLVE_H

#include "harness/target/target_site.h"

/* Makes a site of a choice: adds its URLs, headers and CAs, and resolves its names. Free
 * the site also on -1. */
int target_resolve(struct target_site *site, const struct target_choice *choice,
                   struct err *err);

#endif
