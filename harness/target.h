/* target.h - what a cell fetches: the pages of the embedded origin, or a template. */
#ifndef HARNESS_TARGET_H
#define HARNESS_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/policy.h"
#include "fetch/work.h"
#include "origin/page.h"

struct target_list {
    struct work_target *targets;
    size_t count;
};

/* The hundred detail pages at an origin on `address` and `port`, with what each must be.
 */
int target_list_of_origin(struct target_list *list, const struct page_set *pages,
                          const char *address, uint16_t port, struct err *err);

/* The addresses that a template stands for: "{A..B}" is each number in turn, "{id}" the
 * number of the request from 1, so that `requests` of them are needed. Any body is good.
 */
int target_list_of_template(struct target_list *list, const char *url, uint64_t requests,
                            struct err *err);

void target_list_free(struct target_list *list); /* fine for all zeros */

/* Checks a template: scheme http or https, a host, at most one placeholder. */
int target_check(const char *url, struct err *err);

/* True when the address says so: localhost, 127.x.y.z or [::1]. */
bool target_is_loopback(const char *url);

/* Looks up the host name of a template, once for all cells, and pins it in `policy`. A
 * literal address needs no pin. */
int target_pin(const char *url, struct fetch_policy *policy, struct err *err);

#endif
