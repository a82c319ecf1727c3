/* family.c - see family.h. */
#include "analysis/compare/family.h"

#include <stdlib.h>

#include "analysis/compare/judge.h"
#include "analysis/statistics/stats.h"

/* Adjusts their p by Holm, and counts them. */
static int adjust(const struct family *family, size_t *members, struct err *err)
{
    size_t count = family->count;
    double *p = calloc(2 * count + 1, sizeof(*p));
    size_t *room = calloc(count + 1, sizeof(*room));
    double *adjusted = p + count;

    *members = 0;
    if (!p || !room) {
        free(p);
        free(room);
        return err_errno(err, "no memory to compare");
    }
    for (size_t i = 0; i < count; i++)
        if (family->items[i].gates == family->gates)
            p[(*members)++] = family->items[i].p;
    stats_holm(p, *members, adjusted, room);
    for (size_t i = 0, next = 0; i < count; i++)
        if (family->items[i].gates == family->gates)
            family->items[i].p_adjusted = adjusted[next++];
    free(p);
    free(room);
    return 0;
}

int family_judge(const struct family *family, const struct comparison *comparison,
                 size_t *members, struct err *err)
{
    struct judge_terms terms = {
        .alpha = comparison->alpha,
        .confidence = comparison->confidence,
        .large = family->large,
    };

    if (adjust(family, members, err))
        return -1;
    terms.family = *members;
    for (size_t i = 0; i < family->count; i++)
        if (family->items[i].gates == family->gates)
            judge_decide(&family->items[i], &terms);
    return 0;
}
