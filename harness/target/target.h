/* target.h - what a cell fetches: the pages of the embedded origin, or of a site. */
#ifndef HARNESS_TARGET_TARGET_H
#define HARNESS_TARGET_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/work.h"
#include "harness/target/target_site.h"
#include "origin/page.h"

struct target_list {
    struct work_target *targets;
    size_t count;
};

/* The hundred detail pages at an origin on `address` and `port`, with what each must be.
 * `scheme` is http or https. */
int target_list_of_origin(struct target_list *list, const struct page_set *pages,
                          const char *scheme, const char *address, uint16_t port,
                          struct err *err);

/* The first `requests` addresses of a site; fewer if it has fewer. Any body is good. */
int target_list_of_site(struct target_list *list, const struct target_site *site,
                        uint64_t requests, struct err *err);

void target_list_free(struct target_list *list); /* fine for all zeros */

#endif
