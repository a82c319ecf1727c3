/* target_resolve.h - from what was asked for to what is fetched on this machine. */
#ifndef HARNESS_TARGET_TARGET_RESOLVE_H
#define HARNESS_TARGET_TARGET_RESOLVE_H

#include "harness/target/target_site.h"

/* Makes a site of a choice: adds its addresses, headers and CAs, and looks its names up.
 * Also on -1 the site is to be given back. */
int target_resolve(struct target_site *site, const struct target_choice *choice,
                   struct err *err);

#endif
