/* rank_null.h - how rank statistics are distributed when there is no difference.
 *
 * Values are ranked together, ties sharing the mean of their ranks (midranks). Without a
 * difference every arrangement of the values is equally likely, so that the distribution
 * follows from counting arrangements, ties or none; nothing is approximated. A ranking
 * comes in as the sizes of its groups of equal values, in ascending order of value; NULL
 * for no ties, which is a group of one for each value. */
#ifndef ANALYSIS_STATISTICS_RANK_NULL_H
#define ANALYSIS_STATISTICS_RANK_NULL_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* How many arrangements give each value of a statistic: `weights[i]` of them give the
 * value i / grain. Midranks that are not whole need a grain of 2. */
struct rank_null {
    double *weights; /* in `room`, until rank_null_free() */
    size_t count;
    size_t grain;
    double *room;
};

/* The greatest sizes for which the distributions below are made. The cost grows with the
 * square of the product, or with the cube of the count, and is some 10 ms here, 20 ms
 * with ties; the weights, at most 2^500 together, are far from overflow. */
enum {
    RANK_NULL_PRODUCT_MAX = 10000, /* unpaired: one count times the other, as 100 * 100 */
    RANK_NULL_COUNT_MAX = 500,     /* paired: differences that are not zero */
};

/* Whether samples of these sizes, which are at least 1, are within them. */
static inline bool rank_null_has_unpaired(size_t chosen, size_t others)
{
    return others <= RANK_NULL_PRODUCT_MAX / chosen;
}

static inline bool rank_null_has_paired(size_t count)
{
    return count <= RANK_NULL_COUNT_MAX;
}

/* Mann-Whitney's U of a sample of `chosen` out of all the values that are ranked; memory
 * grows with chosen * chosen * others, so let the smaller sample be the chosen one. -1:
 * no memory. */
int rank_null_unpaired(const size_t *groups, size_t group_count, size_t chosen,
                       size_t others, struct rank_null *null, struct err *err);

/* Wilcoxon's sum of the ranks of the positive among `count` differences. -1: no memory.
 */
int rank_null_paired(const size_t *groups, size_t group_count, size_t count,
                     struct rank_null *null, struct err *err);

/* Releases the weights; may be called on a zeroed structure. */
void rank_null_free(struct rank_null *null);

/* Twice the smaller of the shares of arrangements that give at most and at least
 * `statistic`; at most 1. */
double rank_null_p(const struct rank_null *null, double statistic);

/* How many of the smallest values together have at most the share `tail` of all
 * arrangements: the number of the order statistic at which an interval that leaves `tail`
 * out on each side begins, counted from 1; 0 when there is none. Of whole values (grain
 * 1). */
size_t rank_null_cut(const struct rank_null *null, double tail);

#endif
