/* target.h - the list of URLs that a cell fetches. */
#ifndef HARNESS_TARGET_TARGET_H
#define HARNESS_TARGET_TARGET_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/work.h"
#include "harness/target/target_site.h"

struct target_list {
    struct work_target *targets;
    size_t count;
};

/* An empty list with room for `count` targets. */
int target_list_make(struct target_list *list, size_t count, struct err *err);

/* Adds one where there is room. Takes over `url`; NULL there means that memory ran out:
 * then -1, and the list is freed. */
int target_list_add(struct target_list *list, const char *url,
                    struct work_expectation expect, struct err *err);

/* The first `requests` URLs of a site; fewer if it has fewer. Any body is good. */
int target_list_of_site(struct target_list *list, const struct target_site *site,
                        uint64_t requests, struct err *err);

void target_list_free(struct target_list *list); /* fine for all zeros */

#endif
