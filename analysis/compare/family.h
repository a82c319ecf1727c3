/* family.h - items that share alpha. */
#ifndef ANALYSIS_COMPARE_FAMILY_H
#define ANALYSIS_COMPARE_FAMILY_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/compare/comparison.h"

struct family {
    struct compare_item *items;
    size_t count;
    bool gates;   /* the items that gate, else those that do not */
    double large; /* as in judge_terms */
};

/* Judges them by the alpha and the confidence of the comparison, each p adjusted by Holm,
 * and counts them into `*members`. -1: no memory. */
int family_judge(const struct family *family, const struct comparison *comparison,
                 size_t *members, struct err *err);

#endif
