/* site.c - see site.h. */
#include "origin/site.h"

#include <stdlib.h>

#include "origin/fault_recipe.h"

int origin_site_open(struct origin_site *site, const struct behaviour *behaviour,
                     struct err *err)
{
    TAILQ_INIT(&site->connections);
    TAILQ_INIT(&site->spare);
    schedule_init(&site->schedule, behaviour);
    fault_assign(&site->faults, &behaviour->faults, behaviour->seed);
    if (!behaviour->faults.percent[FAULT_HEADER_FLOOD])
        return 0;
    site->flood = fault_recipe_flood();
    return site->flood ? 0 : err_errno(err, "no memory for a flood of headers");
}

void origin_site_close(struct origin_site *site)
{
    free(site->flood);
    site->flood = NULL;
}

enum fault_kind origin_site_fault(const struct origin_site *site, const struct page *page)
{
    return site->faults.of_page[page - site->pages->pages];
}

const char *origin_site_date(struct origin_site *site)
{
    uint64_t now_ns = clock_ns();

    if (now_ns >= site->date_until_ns) {
        site->date_until_ns = now_ns + CLOCK_NS_PER_S / 2;
        if (clock_wall_s() != site->date_s) {
            site->date_s = clock_wall_s();
            clock_http_date(site->date_s, site->date);
        }
    }
    return site->date;
}
