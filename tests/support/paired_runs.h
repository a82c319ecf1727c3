/* paired_runs.h - synthetic rows of two variants of one sweep, with a known difference.
 */
#ifndef TESTS_SUPPORT_PAIRED_RUNS_H
#define TESTS_SUPPORT_PAIRED_RUNS_H

#include "analysis/compare/compare.h"

/* One cell in both variants, called "base" and "new" unless said otherwise. */
struct paired_runs {
    const char *strategy;
    uint64_t level;
    unsigned rounds;
    double ratio; /* new / base of CPU and overhead; 0: 1 */
    double noise; /* standard deviation of the logarithm of each figure */
    const char *note;
};

/* CPU per request of base in microseconds, and its overhead in seconds. */
#define PAIRED_RUNS_CPU_US     100.0
#define PAIRED_RUNS_OVERHEAD_S 0.05

/* Adds the rows of a cell. */
void paired_runs_add(struct runs *runs, const struct paired_runs *pair, uint64_t seed);

/* A valid row of a cell; round counts from 1. */
struct row paired_runs_row(const struct paired_runs *pair, const char *variant,
                           unsigned round);

/* Renames the variants of all rows. */
void paired_runs_rename(struct runs *runs, const char *base, const char *head);

/* Compares the two variants; cannot fail. Owner: the caller, comparison_free(). */
struct comparison paired_runs_compare(const struct runs *runs,
                                      const struct compare_options *options);

/* The item of a metric of a cell; there must be one. */
const struct compare_item *paired_runs_item(const struct comparison *comparison,
                                            const char *strategy, uint64_t level,
                                            enum metric metric);

#endif
