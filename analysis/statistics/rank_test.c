/* rank_test.c - see rank_test.h. */
#include "analysis/statistics/rank_test.h"

#include "analysis/statistics/rank_null.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>

/* -- ranking ------------------------------------------------------------------- */

/* Two samples ranked together. */
struct ranking {
    double sum;       /* of the midranks of the second sample */
    double tie_cubes; /* of t * t * t - t over the groups of t equal values */
    size_t *groups;   /* sizes of the groups, by ascending value; to be freed */
    size_t group_count;
};

/* How many values from `at` on are equal to `value`. */
static size_t equal_run(const double *sorted, size_t count, size_t at, double value)
{
    size_t end = at;

    while (end < count && sorted[end] == value)
        end++;
    return end - at;
}

/* Ranks two sorted samples. -1: no memory. */
static int rank(const double *first, size_t first_count, const double *second,
                size_t second_count, struct ranking *ranking, struct err *err)
{
    size_t i = 0;
    size_t j = 0;

    *ranking = (struct ranking){
        .groups = calloc(first_count + second_count, sizeof(*ranking->groups))};
    if (!ranking->groups)
        return err_errno(err, "no memory for the ranks of %zu %s",
                         first_count + second_count,
                         plural(first_count + second_count, "value", "values"));
    while (i < first_count || j < second_count) {
        double value = j == second_count || (i < first_count && first[i] < second[j])
                           ? first[i]
                           : second[j];
        size_t of_first = equal_run(first, first_count, i, value);
        size_t of_second = equal_run(second, second_count, j, value);
        double size = (double)(of_first + of_second);

        ranking->sum += (double)of_second * ((double)(i + j) + (size + 1) / 2);
        ranking->tie_cubes += size * size * size - size;
        ranking->groups[ranking->group_count++] = of_first + of_second;
        i += of_first;
        j += of_second;
    }
    return 0;
}

/* Two-sided, with the correction for continuity. */
static double normal_p(double distance, double variance)
{
    double z = fmax(0, fabs(distance) - 0.5) / sqrt(variance);

    return variance > 0 ? erfc(z / sqrt(2)) : 1;
}

/* -- unpaired ------------------------------------------------------------------ */

static int exact_p_unpaired(const struct ranking *ranking, size_t others, size_t chosen,
                            struct rank_test *test, struct err *err)
{
    struct rank_null null;

    if (rank_null_unpaired(ranking->groups, ranking->group_count, chosen, others, &null,
                           err))
        return -1;
    test->p = rank_null_p(&null, test->statistic);
    rank_null_free(&null);
    return 0;
}

/* Both samples sorted and not empty, the second not the larger one, which makes the
 * distribution cheap; `test` is of the second. */
static int test_sorted(const double *first, size_t first_count, const double *second,
                       size_t second_count, struct rank_test *test, struct err *err)
{
    double m = (double)first_count;
    double n = (double)second_count;
    struct ranking ranking;
    int status = 0;

    if (rank(first, first_count, second, second_count, &ranking, err))
        return -1;
    test->statistic = ranking.sum - n * (n + 1) / 2;
    test->exact = rank_null_has_unpaired(second_count, first_count);
    if (test->exact) {
        status = exact_p_unpaired(&ranking, first_count, second_count, test, err);
    } else {
        double ties = ranking.tie_cubes / ((m + n) * (m + n - 1));

        test->p = normal_p(test->statistic - m * n / 2, m * n / 12 * (m + n + 1 - ties));
    }
    free(ranking.groups);
    return status;
}

int rank_test_unpaired(const double *base, size_t base_count, const double *other,
                       size_t other_count, struct rank_test *test, struct err *err)
{
    double *sorted_base;
    double *sorted_other;
    int status;

    *test = (struct rank_test){.p = 1, .exact = true};
    if (!base_count || !other_count)
        return 0;
    sorted_base = stats_sorted_copy(base, base_count);
    sorted_other = stats_sorted_copy(other, other_count);
    if (!sorted_base || !sorted_other) {
        status = err_errno(err, "no memory for a rank test of %zu and %zu values",
                           base_count, other_count);
    } else if (other_count <= base_count) {
        status = test_sorted(sorted_base, base_count, sorted_other, other_count, test,
                             err);
    } else {
        status = test_sorted(sorted_other, other_count, sorted_base, base_count, test,
                             err);
        test->statistic = (double)base_count * (double)other_count - test->statistic;
    }
    free(sorted_base);
    free(sorted_other);
    return status;
}

/* -- paired -------------------------------------------------------------------- */

/* Writes the sizes of the negative differences into `sizes`, followed by those of the
 * positive ones, each part sorted. */
static void split_by_sign(const double *differences, size_t count, double *sizes,
                          size_t *negative, size_t *positive)
{
    *negative = 0;
    *positive = 0;
    for (size_t i = 0; i < count; i++)
        if (differences[i] < 0)
            sizes[(*negative)++] = -differences[i];
    for (size_t i = 0; i < count; i++)
        if (differences[i] > 0)
            sizes[*negative + (*positive)++] = differences[i];
    stats_sort(sizes, *negative);
    stats_sort(sizes + *negative, *positive);
}

static int exact_p_paired(const struct ranking *ranking, size_t count,
                          struct rank_test *test, struct err *err)
{
    struct rank_null null;

    if (rank_null_paired(ranking->groups, ranking->group_count, count, &null, err))
        return -1;
    test->p = rank_null_p(&null, test->statistic);
    rank_null_free(&null);
    return 0;
}

/* The sizes of differences that are not zero, each part sorted. */
static int test_sizes(const double *negative, size_t negative_count,
                      const double *positive, size_t positive_count,
                      struct rank_test *test, struct err *err)
{
    size_t count = negative_count + positive_count;
    double n = (double)count;
    struct ranking ranking;
    int status = 0;

    if (rank(negative, negative_count, positive, positive_count, &ranking, err))
        return -1;
    test->statistic = ranking.sum;
    test->exact = rank_null_has_paired(count);
    if (test->exact)
        status = exact_p_paired(&ranking, count, test, err);
    else
        test->p = normal_p(test->statistic - n * (n + 1) / 4,
                           n * (n + 1) * (2 * n + 1) / 24 - ranking.tie_cubes / 48);
    free(ranking.groups);
    return status;
}

int rank_test_paired(const double *differences, size_t count, struct rank_test *test,
                     struct err *err)
{
    double *sizes = calloc(count + 1, sizeof(*sizes));
    size_t negative;
    size_t positive;
    int status = 0;

    *test = (struct rank_test){.p = 1, .exact = true};
    if (!sizes)
        return err_errno(err, "no memory for a signed rank test of %zu %s", count,
                         plural(count, "value", "values"));
    split_by_sign(differences, count, sizes, &negative, &positive);
    if (negative + positive)
        status = test_sizes(sizes, negative, sizes + negative, positive, test, err);
    free(sizes);
    return status;
}

/* -- the least p --------------------------------------------------------------- */

double rank_test_least_p(size_t base_count, size_t other_count)
{
    double p = 2;

    for (size_t i = 1; i <= other_count; i++)
        p *= base_count ? (double)i / (double)(base_count + i) : 0.5;
    return fmin(1, p);
}
