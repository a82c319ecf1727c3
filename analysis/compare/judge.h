/* judge.h - judges one metric of one cell, measured on two sides: how much it differs,
 * how certain that is, and the verdict. */
#ifndef ANALYSIS_COMPARE_JUDGE_H
#define ANALYSIS_COMPARE_JUDGE_H

#include "analysis/compare/comparison.h"

/* The figures of both sides; paired ones stand in the same order and are equally many. */
struct judge_sample {
    const double *base, *head;
    size_t base_count, head_count;
    bool paired;
};

/* Fills in ratio, shift, p and the medians. In pairs the test is Wilcoxon's and the
 * estimate the pseudo-median, else Mann-Whitney's and Hodges-Lehmann's; all on logarithms
 * where every figure is above 0, since times err in proportion. -1: no memory. */
int judge_measure(struct compare_item *item, const struct judge_sample *sample,
                  double confidence, struct err *err);

/* The probability with which a detectable change is found. */
#define JUDGE_POWER 0.8

/* The terms by which an item is judged. */
struct judge_terms {
    double alpha, confidence;
    size_t family; /* tests that share alpha */
    double large;  /* a slowdown to exclude where the verdict is "cannot tell"; 0: none */
};

/* Fills in `detectable`, the verdict, `large_excluded` and the reason, from the rest of
 * the item, p_adjusted included. Slower needs three things: p_adjusted below alpha, the
 * interval of the ratio beyond the threshold, and a shift above the metric's floor. Same:
 * the whole interval is within the threshold, or within the floor. Not slower: only its
 * upper end is.
 *
 * `detectable` assumes that the logarithm of the ratio has a normal error, with the
 * deviation that its interval shows: if the true ratio is that large, four times of five
 * the interval is beyond the threshold and p below its Holm bound. */
void judge_decide(struct compare_item *item, const struct judge_terms *terms);

/* The standard deviation of the logarithm of the estimate, as its interval shows it. */
double judge_deviation(const struct interval *ratio, double confidence);

#endif
