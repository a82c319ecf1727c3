/* target.c - see target.h. */
#include "harness/target/target.h"

#include <stdio.h>
#include <stdlib.h>

int target_list_make(struct target_list *list, size_t count, struct err *err)
{
    *list = (struct target_list){.targets = calloc(count, sizeof(*list->targets))};
    return list->targets ? 0 : err_errno(err, "no memory for %zu URLs", count);
}

int target_list_add(struct target_list *list, const char *url,
                    struct work_expectation expect, struct err *err)
{
    if (!url) {
        target_list_free(list);
        return err_errno(err, "no memory for a URL");
    }
    list->targets[list->count] = (struct work_target){.expect = expect};
    list->targets[list->count++].url = url;
    return 0;
}

void target_list_free(struct target_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free((char *)list->targets[i].url); /* each is our own copy */
    free(list->targets);
    *list = (struct target_list){0};
}

int target_list_of_site(struct target_list *list, const struct target_site *site,
                        uint64_t requests, struct err *err)
{
    struct work_expectation expect = {.http_status = site->expect_status};
    uint64_t count = site->id_template || site->count > requests ? requests : site->count;

    if (target_list_make(list, count, err))
        return -1;
    for (uint64_t i = 0; i < count; i++)
        if (target_list_add(list, target_site_address(site, i), expect, err))
            return -1;
    return 0;
}
