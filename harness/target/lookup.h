/* lookup.h - the names of a site, looked up once for all cells. */
#ifndef HARNESS_TARGET_LOOKUP_H
#define HARNESS_TARGET_LOOKUP_H

#include "harness/target/target_site.h"

/* Finds the address of every server and makes libcurl use it: the first one that the
 * system gives, of `family`, or AF_UNSPEC for any. Fails for a name that is not known. */
int lookup_servers(struct target_site *site, int family, struct err *err);

#endif
