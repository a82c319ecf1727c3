/* random.h - a small deterministic generator, the same on every machine.
 *
 * SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators",
 * OOPSLA 2014): good enough to shuffle cells and to make pages, and a recorded seed
 * repeats it. */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random {
    uint64_t state; /* initially the seed; any value is valid */
};

/* The next 64 random bits. */
uint64_t random_next(struct random *random);

/* A number from 0 to bound - 1, every one equally likely; bound >= 1. */
uint64_t random_below(struct random *random, uint64_t bound);

#endif
