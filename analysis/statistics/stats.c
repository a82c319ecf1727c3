/* stats.c - see stats.h. */
#include "analysis/statistics/stats.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

/* -- sorting a million latencies ---------------------------------------------------- */

/* From this many on, a radix sort takes a quarter to a fifth of the time of qsort(). */
enum { RADIX_MIN = 4096 };

enum { DIGIT_BITS = 11, DIGITS = 6, DIGIT_VALUES = 1 << DIGIT_BITS };

#define SIGN_BIT (1ull << 63)

static unsigned digit_of(uint64_t key, int digit)
{
    return (unsigned)(key >> (digit * DIGIT_BITS)) & (DIGIT_VALUES - 1);
}

/* A key has the order of its value: of an IEEE 754 number the sign bit is inverted, of a
 * negative one all bits. */
static uint64_t key_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits & SIGN_BIT ? ~bits : bits | SIGN_BIT;
}

static double value_of(uint64_t key)
{
    uint64_t bits = key & SIGN_BIT ? key & ~SIGN_BIT : ~key;
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* Moves the keys to `to`, in the order of one digit, and otherwise in that which they
 * have. False: all have the same digit, and nothing was moved. */
static bool move_by_digit(const uint64_t *from, uint64_t *to, size_t count, int digit)
{
    size_t next[DIGIT_VALUES] = {0};
    size_t before = 0;

    for (size_t i = 0; i < count; i++)
        next[digit_of(from[i], digit)]++;
    if (next[digit_of(from[0], digit)] == count)
        return false;
    for (size_t i = 0; i < DIGIT_VALUES; i++) {
        size_t here = next[i];

        next[i] = before;
        before += here;
    }
    for (size_t i = 0; i < count; i++)
        to[next[digit_of(from[i], digit)]++] = from[i];
    return true;
}

/* False: no memory. */
static bool radix_sort(double *values, size_t count)
{
    uint64_t *room = malloc(2 * count * sizeof(*room));
    uint64_t *keys = room;
    uint64_t *other = room + count;

    if (!room)
        return false;
    for (size_t i = 0; i < count; i++)
        keys[i] = key_of(values[i]);
    for (int digit = 0; digit < DIGITS; digit++) {
        uint64_t *from = keys;

        if (!move_by_digit(from, other, count, digit))
            continue;
        keys = other;
        other = from;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = value_of(keys[i]);
    free(room);
    return true;
}

/* Such as the moments at which one worker began its requests, or equal delays. */
static bool is_sorted(const double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (!(values[i - 1] <= values[i]))
            return false;
    return true;
}

void stats_sort(double *values, size_t count)
{
    if (!is_sorted(values, count) && (count < RADIX_MIN || !radix_sort(values, count)))
        qsort(values, count, sizeof(*values), compare);
}

double stats_quantile(const double *sorted, size_t count, double q)
{
    size_t rank;

    /* The tolerance keeps 0.9 * 10 from being a little more than 9. */
    if (!count || (double)count * (1.0 - q) < 1.0 - 1e-9)
        return q <= 0.5 && count ? sorted[0] : NAN;
    rank = (size_t)ceil((double)count * q - 1e-9);
    return sorted[rank ? rank - 1 : 0];
}

double stats_median(const double *sorted, size_t count)
{
    if (!count)
        return NAN;
    if (count % 2)
        return sorted[count / 2];
    return (sorted[count / 2 - 1] + sorted[count / 2]) / 2;
}

double *stats_sorted_copy(const double *values, size_t count)
{
    double *copy = malloc((count ? count : 1) * sizeof(*copy));

    if (!copy)
        return NULL;
    for (size_t i = 0; i < count; i++)
        copy[i] = values[i];
    stats_sort(copy, count);
    return copy;
}

struct interval stats_median_interval(const double *sorted, size_t count,
                                      double confidence)
{
    struct interval interval = {stats_median(sorted, count), NAN, NAN};
    /* Of all ways in which values fall on the two sides of the true median, 1 in 2^count
     * has none below it. A logarithm, since that may be too small for a double. The
     * tolerance keeps 1 - 0.9375 from being a little less than 1 in 16. */
    double log_share = -(double)count * log(2);
    double left_out = 0;
    size_t below = 0;

    while (below < count &&
           (left_out += 2 * exp(log_share)) <= (1 - confidence) * (1 + 1e-9)) {
        log_share += log((double)(count - below) / (double)(below + 1));
        below++;
    }
    if (below) {
        interval.low = sorted[below - 1];
        interval.high = sorted[count - below];
    }
    return interval;
}

static int compare_indexed(const void *left, const void *right, void *values)
{
    const double *p = values;

    return compare(&p[*(const size_t *)left], &p[*(const size_t *)right]);
}

void stats_holm(const double *p, size_t count, double *adjusted, size_t *room)
{
    double highest = 0;

    for (size_t i = 0; i < count; i++)
        room[i] = i;
    if (count > 1)
        qsort_r(room, count, sizeof(*room), compare_indexed, (void *)p);
    for (size_t i = 0; i < count; i++) {
        highest = fmin(1, fmax(highest, (double)(count - i) * p[room[i]]));
        adjusted[room[i]] = highest;
    }
}

/* -- the normal quantile ------------------------------------------------------- */

/* The quotient of two polynomials, with coefficients from the constant on. */
static double rational(const double over[8], const double under[8], double x)
{
    double numerator = over[7];
    double denominator = under[7];

    for (int i = 6; i >= 0; i--) {
        numerator = numerator * x + over[i];
        denominator = denominator * x + under[i];
    }
    return numerator / denominator;
}

double stats_normal_quantile(double p)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    double q = p - 0.5;
    double r;
    double far;

    if (fabs(q) <= 0.425)
        return q * rational(a, b, 0.180625 - q * q);
    if (p <= 0 || p >= 1)
        return p <= 0 ? -INFINITY : INFINITY;
    r = sqrt(-log(q < 0 ? p : 1 - p));
    far = r <= 5 ? rational(c, d, r - 1.6) : rational(e, f, r - 5);
    return q < 0 ? -far : far;
}
