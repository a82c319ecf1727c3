/* random.c - see random.h. */
#include "base/random.h"

uint64_t random_next(struct random *random)
{
    uint64_t z;

    random->state += 0x9e3779b97f4a7c15ull;
    z = random->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
}

uint64_t random_below(struct random *random, uint64_t bound)
{
    /* Values under 2^64 mod bound would make the small results likelier: draw again. */
    uint64_t reject_below = (0 - bound) % bound;
    uint64_t bits;

    do
        bits = random_next(random);
    while (bits < reject_below);
    return bits % bound;
}
