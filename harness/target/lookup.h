/* lookup.h - resolves the names of a site, once for all cells. */
#ifndef HARNESS_TARGET_LOOKUP_H
#define HARNESS_TARGET_LOOKUP_H

#include "harness/target/target_site.h"

/* Finds the address of every server and makes libcurl use it: the first address that the
 * system returns, of `family` or of any for AF_UNSPEC. Fails for an unknown name. */
int lookup_servers(struct target_site *site, int family, struct err *err);

#endif
