/* test_rank_counting.c - rank tests and their intervals against their definitions: every
 * arrangement of a few values is enumerated, with ties and zeros. */
#include "tests/support/check.h"
#include "tests/support/sample.h"

#include <math.h>

enum { FEW = 12 };

/* -- every arrangement --------------------------------------------------------- */

/* Twice U of the values whose bit is set over the others, by comparing every pair. */
static size_t twice_u(const double *values, size_t count, unsigned chosen)
{
    size_t u = 0;

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            if ((chosen >> i & 1) && !(chosen >> j & 1))
                u += values[i] > values[j] ? 2 : values[i] == values[j];
    return u;
}

/* Twice the sum of the midranks, by absolute size, of the values whose bit is set; zeros
 * have none. */
static size_t twice_ranks(const double *values, size_t count, unsigned positive)
{
    size_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        if (!(positive >> i & 1) || values[i] == 0)
            continue;
        sum += 1;
        for (size_t j = 0; j < count; j++)
            if (values[j] != 0)
                sum += fabs(values[j]) < fabs(values[i])
                           ? 2
                           : fabs(values[j]) == fabs(values[i]);
    }
    return sum;
}

/* The numbers of arrangements with a statistic of at most and at least the observed one.
 */
struct tails {
    size_t all, at_most, at_least;
};

static void count_one(struct tails *tails, size_t value, size_t seen)
{
    tails->all++;
    tails->at_most += value <= seen;
    tails->at_least += value >= seen;
}

static double p_of(const struct tails *tails)
{
    size_t smaller = tails->at_most < tails->at_least ? tails->at_most : tails->at_least;

    return fmin(1, 2 * (double)smaller / (double)tails->all);
}

/* `values` holds the base sample, then the other. */
static struct tails tails_unpaired(const double *values, size_t base_count, size_t count)
{
    unsigned others = (1u << count) - (1u << base_count);
    size_t seen = twice_u(values, count, others);
    struct tails tails = {0};

    for (unsigned chosen = 0; chosen < 1u << count; chosen++)
        if (__builtin_popcount(chosen) == (int)(count - base_count))
            count_one(&tails, twice_u(values, count, chosen), seen);
    return tails;
}

static struct tails tails_paired(const double *differences, size_t count)
{
    struct tails tails = {0};
    unsigned seen = 0;

    for (size_t i = 0; i < count; i++)
        if (differences[i] > 0)
            seen |= 1u << i;
    for (unsigned positive = 0; positive < 1u << count; positive++)
        count_one(&tails, twice_ranks(differences, count, positive),
                  twice_ranks(differences, count, seen));
    return tails;
}

static void test_unpaired_against_enumeration(void **state)
{
    struct random random = {1};

    (void)state;
    for (int round = 0; round < 400; round++) {
        size_t base_count = 1 + random_below(&random, 5);
        size_t count = base_count + 1 + random_below(&random, 5);
        double values[FEW];
        struct tails tails;
        struct rank_test test;

        draw_whole(&random, values, count, 2 + random_below(&random, 12));
        tails = tails_unpaired(values, base_count, count);
        test = unpaired(values, base_count, values + base_count, count - base_count);
        assert_true(test.exact);
        assert_near(test.p, p_of(&tails));
        assert_near(test.statistic * 2,
                    (double)twice_u(values, count, (1u << count) - (1u << base_count)));
        assert_true(test.p >= rank_test_least_p(base_count, count - base_count) - 1e-12);
    }
}

static void test_paired_against_enumeration(void **state)
{
    struct random random = {2};

    (void)state;
    for (int round = 0; round < 400; round++) {
        size_t count = 1 + random_below(&random, 9);
        size_t kinds = 1 + random_below(&random, 6);
        double differences[FEW];
        struct tails tails;
        struct rank_test test;

        draw_whole(&random, differences, count, 2 * kinds + 1);
        for (size_t i = 0; i < count; i++)
            differences[i] -= (double)kinds - 1;
        tails = tails_paired(differences, count);
        test = paired(differences, count);
        assert_true(test.exact);
        assert_near(test.p, p_of(&tails));
        assert_true(test.p >= rank_test_least_p(0, count) - 1e-12);
    }
}

/* -- intervals by their definition --------------------------------------------- */

/* The number of least values of U that together occur in at most the share `tail` of all
 * arrangements of values without ties. */
static size_t cut_unpaired(size_t base_count, size_t count, double tail)
{
    size_t counts[FEW * FEW] = {0};
    double ranks[FEW];
    size_t all = 0;
    size_t below = 0;
    size_t cut = 0;

    for (size_t i = 0; i < count; i++)
        ranks[i] = (double)i;
    for (unsigned chosen = 0; chosen < 1u << count; chosen++) {
        if (__builtin_popcount(chosen) != (int)(count - base_count))
            continue;
        counts[twice_u(ranks, count, chosen) / 2]++;
        all++;
    }
    while ((double)(below += counts[cut]) <= tail * (double)all + 1e-9)
        cut++;
    return cut;
}

/* The same for the sum of the positive ranks. */
static size_t cut_paired(size_t count, double tail)
{
    size_t counts[FEW * FEW] = {0};
    double ranks[FEW];
    size_t below = 0;
    size_t cut = 0;

    for (size_t i = 0; i < count; i++)
        ranks[i] = (double)(i + 1);
    for (unsigned positive = 0; positive < 1u << count; positive++)
        counts[twice_ranks(ranks, count, positive) / 2]++;
    while ((double)(below += counts[cut]) <= tail * (double)(1u << count) + 1e-9)
        cut++;
    return cut;
}

static void assert_interval(double *sums, size_t count, size_t cut, struct interval found)
{
    stats_sort(sums, count);
    assert_near(found.estimate, stats_median(sums, count));
    if (!cut) {
        assert_nothing_known(found);
        return;
    }
    assert_near(found.low, sums[cut - 1]);
    assert_near(found.high, sums[count - cut]);
    assert_true(found.low <= found.estimate && found.estimate <= found.high);
}

/* With ties and zeros too, for which R's own intervals are approximate and omit zeros. */
static void test_shifts_against_enumeration(void **state)
{
    static const double confidences[] = {0.5, 0.8, 0.9, 0.95, 0.99};
    struct random random = {3};

    (void)state;
    for (int round = 0; round < 200; round++) {
        size_t base_count = 1 + random_below(&random, 5);
        size_t count = base_count + 1 + random_below(&random, 5);
        double confidence = confidences[round % 5];
        double values[FEW];
        double sums[FEW * FEW];
        size_t pairs = 0;

        draw_whole(&random, values, count, 2 + random_below(&random, 30));
        for (size_t i = 0; i < base_count; i++)
            for (size_t j = base_count; j < count; j++)
                sums[pairs++] = values[j] - values[i];
        assert_interval(sums, pairs,
                        cut_unpaired(base_count, count, (1 - confidence) / 2),
                        shift_unpaired(values, base_count, values + base_count,
                                       count - base_count, confidence));
        pairs = 0;
        for (size_t i = 0; i < count; i++)
            for (size_t j = i; j < count; j++)
                sums[pairs++] = (values[i] - 3 + values[j] - 3) / 2;
        for (size_t i = 0; i < count; i++)
            values[i] -= 3;
        assert_interval(sums, pairs, cut_paired(count, (1 - confidence) / 2),
                        shift_paired(values, count, confidence));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unpaired_against_enumeration),
        cmocka_unit_test(test_paired_against_enumeration),
        cmocka_unit_test(test_shifts_against_enumeration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
