/* delay.h - how long a page waits: always the same, or drawn from a distribution.
 *
 * A draw depends on the seed and on the number of the request alone, so every cell
 * of a sweep meets the same sequence of delays, and the seed alone predicts it. */
#ifndef ORIGIN_DELAY_H
#define ORIGIN_DELAY_H

#include <stdint.h>

#include "base/err.h"

enum { DELAY_TEXT_SIZE = 96 };

enum delay_kind {
    DELAY_FIXED,
    DELAY_UNIFORM,
    DELAY_NORMAL,
    DELAY_LOGNORMAL,
    DELAY_EXPONENTIAL,
};

/* A draw below 0 or above the bound is drawn again: every delay is bounded. */
struct delay_model {
    enum delay_kind kind;
    uint64_t ns;                /* by kind: the delay, minimum, mean or median */
    uint64_t spread_ns;         /* uniform: max - min; normal: standard deviation */
    double sigma;               /* lognormal: standard deviation of the logarithm */
    char text[DELAY_TEXT_SIZE]; /* what delay_parse() reads back as the same model */
};

/* The bounds: in standard deviations above the mean; as a multiple of the median; as a
 * multiple of the mean, above every possible draw, so that queueing theory applies. */
enum {
    DELAY_NORMAL_BOUND = 6,
    DELAY_LOGNORMAL_BOUND = 100,
    DELAY_EXPONENTIAL_BOUND = 37,
};

/* Always `ns`. */
struct delay_model delay_fixed(uint64_t ns);

/* Reads "50ms", "uniform:20ms..80ms", "normal:50ms,10ms", "lognormal:50ms,0.5" or
 * "exponential:50ms". Fails for any other text, and when the bound is over an hour. */
int delay_parse(struct delay_model *model, const char *text, struct err *err);

/* The delay of request `number`, counted from 0. */
uint64_t delay_of(const struct delay_model *model, uint64_t seed, uint64_t number);

/* The longest delay of the first `count` requests; 0 for none. */
uint64_t delay_longest_ns(const struct delay_model *model, uint64_t seed, uint64_t count);

/* A lower bound of every delay; 0 where draws may be that short. */
uint64_t delay_least_ns(const struct delay_model *model);

/* The median of the draws. For a normal distribution this is its mean, although redrawing
 * values below 0 raises the median slightly. */
uint64_t delay_median_ns(const struct delay_model *model);

#endif
