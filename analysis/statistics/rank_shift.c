/* rank_shift.c - see rank_shift.h: order statistics of the sums of all pairs.
 *
 * The pairs, up to a hundred million, are not stored: one pass over the sorted values
 * counts the sums that are at most a given value, and bisection over the doubles finds an
 * order statistic in 64 passes, to the last bit. */
#include "analysis/statistics/rank_shift.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/statistics/rank_null.h"
#include "base/text.h"

/* All left[i] + right[j], both ascending. Of a sample with itself (left == right) each
 * pair counts once, and so does each value with itself. */
struct sums {
    const double *left, *right;
    size_t left_count, right_count;
};

static size_t sums_count(const struct sums *sums)
{
    if (sums->left == sums->right)
        return sums->left_count * (sums->left_count + 1) / 2;
    return sums->left_count * sums->right_count;
}

static size_t count_at_most(const struct sums *sums, double value)
{
    size_t fitting = sums->right_count;
    size_t pairs = 0;
    size_t with_itself = 0;

    for (size_t i = 0; i < sums->left_count; i++) {
        while (fitting && sums->left[i] + sums->right[fitting - 1] > value)
            fitting--;
        pairs += fitting;
        with_itself += fitting > i;
    }
    /* Each pair of two was found twice, each value with itself once. */
    return sums->left == sums->right ? (pairs + with_itself) / 2 : pairs;
}

/* -- bisection over doubles ---------------------------------------------------- */

/* Doubles have the order of their bits, except that negative ones have the reverse order:
 * these functions map both to one order of whole numbers, and back. */
static uint64_t key_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits >> 63 ? ~bits : bits | 1ull << 63;
}

static double value_of(uint64_t key)
{
    uint64_t bits = key >> 63 ? key & ~(1ull << 63) : ~key;
    double value;

    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* The sum number `number` in ascending order, counted from 1. */
static double order_statistic(const struct sums *sums, size_t number)
{
    uint64_t low = key_of(-INFINITY);
    uint64_t high = key_of(INFINITY);

    while (low < high) {
        uint64_t middle = low + (high - low) / 2;

        if (count_at_most(sums, value_of(middle)) >= number)
            high = middle;
        else
            low = middle + 1;
    }
    return value_of(low) + 0.0; /* which makes 0 of -0 */
}

/* -- the shifts ---------------------------------------------------------------- */

static double median_of(const struct sums *sums)
{
    size_t count = sums_count(sums);
    double middle[2] = {order_statistic(sums, (count + 1) / 2)};

    middle[1] = count % 2 ? middle[0] : order_statistic(sums, count / 2 + 1);
    return stats_median(middle, 2);
}

/* From the order statistic `cut` to the one that is as far from the other end. */
static struct interval interval_of(const struct sums *sums, size_t cut)
{
    struct interval interval = {.estimate = median_of(sums), .low = NAN, .high = NAN};

    if (cut) {
        interval.low = order_statistic(sums, cut);
        interval.high = order_statistic(sums, sums_count(sums) + 1 - cut);
    }
    return interval;
}

/* As rank_null_cut(), of a normal distribution with the correction for continuity. */
static size_t normal_cut(double mean, double variance, double tail)
{
    double cut = floor(mean + sqrt(variance) * stats_normal_quantile(tail) + 0.5);

    return cut > 0 ? (size_t)cut : 0;
}

static int cut_unpaired(size_t m, size_t n, double tail, size_t *cut, struct err *err)
{
    size_t chosen = m < n ? m : n;
    size_t others = m < n ? n : m;
    double pairs = (double)m * (double)n;
    struct rank_null null;

    if (!rank_null_has_unpaired(chosen, others)) {
        *cut = normal_cut(pairs / 2, pairs * (double)(m + n + 1) / 12, tail);
        return 0;
    }
    if (rank_null_unpaired(NULL, m + n, chosen, others, &null, err))
        return -1;
    *cut = rank_null_cut(&null, tail);
    rank_null_free(&null);
    return 0;
}

/* A sorted copy with the sign changed; NULL without memory. */
static double *sorted_negatives(const double *values, size_t count)
{
    double *negatives = stats_sorted_copy(values, count);

    for (size_t i = 0; negatives && i < count; i++)
        negatives[i] = -values[i];
    if (negatives)
        stats_sort(negatives, count);
    return negatives;
}

int rank_shift_unpaired(const double *base, size_t base_count, const double *other,
                        size_t other_count, double confidence, struct interval *shift,
                        struct err *err)
{
    double *added;
    double *subtracted;
    size_t cut;
    int status = 0;

    *shift = (struct interval){NAN, NAN, NAN};
    if (!base_count || !other_count)
        return 0;
    if (cut_unpaired(base_count, other_count, (1 - confidence) / 2, &cut, err))
        return -1;
    added = stats_sorted_copy(other, other_count);
    subtracted = sorted_negatives(base, base_count);
    if (added && subtracted)
        *shift = interval_of(&(struct sums){added, subtracted, other_count, base_count},
                             cut);
    else
        status = err_errno(err, "no memory for the shift of %zu and %zu values",
                           base_count, other_count);
    free(added);
    free(subtracted);
    return status;
}

static int cut_paired(size_t count, double tail, size_t *cut, struct err *err)
{
    double n = (double)count;
    struct rank_null null;

    if (!rank_null_has_paired(count)) {
        *cut = normal_cut(n * (n + 1) / 4, n * (n + 1) * (2 * n + 1) / 24, tail);
        return 0;
    }
    if (rank_null_paired(NULL, count, count, &null, err))
        return -1;
    *cut = rank_null_cut(&null, tail);
    rank_null_free(&null);
    return 0;
}

int rank_shift_paired(const double *differences, size_t count, double confidence,
                      struct interval *shift, struct err *err)
{
    double *halves;
    size_t cut;

    *shift = (struct interval){NAN, NAN, NAN};
    if (!count)
        return 0;
    if (cut_paired(count, (1 - confidence) / 2, &cut, err))
        return -1;
    halves = stats_sorted_copy(differences, count);
    if (!halves)
        return err_errno(err, "no memory for the shift of %zu %s", count,
                         plural(count, "value", "values"));
    for (size_t i = 0; i < count; i++)
        halves[i] /= 2;
    *shift = interval_of(&(struct sums){halves, halves, count, count}, cut);
    free(halves);
    return 0;
}
