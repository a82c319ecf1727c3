/* bootstrap.c - see bootstrap.h. */
#include "results/bootstrap.h"

#include "base/random.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef double statistic_fn(double *sample, size_t count);

/* The statistics of resamples, sorted. */
static void resample(const double *values, size_t count, statistic_fn *statistic,
                     uint64_t seed, double *sample, double *replicates)
{
    struct random random = {seed};

    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++) {
        for (size_t j = 0; j < count; j++)
            sample[j] = values[random_below(&random, count)];
        replicates[i] = statistic(sample, count);
    }
    stats_sort(replicates, BOOTSTRAP_RESAMPLES);
}

/* How far the statistic is from the middle of its resamples, as a normal quantile. Those
 * that are equal to it count a half, or a statistic with few values would seem biased. */
static double bias_of(const double *replicates, double estimate)
{
    double below = 0;

    for (size_t i = 0; i < BOOTSTRAP_RESAMPLES; i++)
        below += replicates[i] < estimate ? 1 : replicates[i] == estimate ? 0.5 : 0;
    return stats_normal_quantile(below / BOOTSTRAP_RESAMPLES);
}

/* How fast the spread of the statistic changes with its value: from the skewness of what
 * it is without each of the values. `left_out` has room for `count`. */
static double acceleration_of(const double *values, size_t count, statistic_fn *statistic,
                              double *sample, double *left_out)
{
    double mean = 0;
    double squares = 0;
    double cubes = 0;

    for (size_t i = 0; i < count; i++) {
        memcpy(sample, values, i * sizeof(*sample));
        memcpy(sample + i, values + i + 1, (count - 1 - i) * sizeof(*sample));
        left_out[i] = statistic(sample, count - 1);
        mean += left_out[i] / (double)count;
    }
    for (size_t i = 0; i < count; i++) {
        double distance = mean - left_out[i];

        squares += distance * distance;
        cubes += distance * distance * distance;
    }
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : 0;
}

/* The replicate that has the normal quantile `z` once it is corrected. */
static double corrected(const double *replicates, double bias, double acceleration,
                        double z)
{
    double slowed = 1 - acceleration * (bias + z);
    double moved = slowed > 0 ? bias + (bias + z) / slowed : copysign(INFINITY, bias + z);
    double rank = ceil(erfc(-moved / sqrt(2)) / 2 * BOOTSTRAP_RESAMPLES);

    return replicates[(size_t)fmin(fmax(rank, 1), BOOTSTRAP_RESAMPLES) - 1];
}

int bootstrap_interval(const double *values, size_t count, statistic_fn *statistic,
                       double confidence, uint64_t seed, struct interval *interval,
                       struct err *err)
{
    double *sample = malloc((count + 1) * sizeof(*sample));
    double *left_out = malloc((count + 1) * sizeof(*left_out));
    double *replicates = malloc(BOOTSTRAP_RESAMPLES * sizeof(*replicates));
    double z = stats_normal_quantile((1 - confidence) / 2);
    double bias;
    double acceleration;
    int status = 0;

    *interval = (struct interval){NAN, NAN, NAN};
    if (!sample || !left_out || !replicates) {
        status = err_errno(err, "no memory for a bootstrap of %zu values", count);
        goto failed;
    }
    if (count) {
        memcpy(sample, values, count * sizeof(*sample));
        interval->estimate = statistic(sample, count);
    }
    if (count > 1) {
        resample(values, count, statistic, seed, sample, replicates);
        bias = bias_of(replicates, interval->estimate);
        acceleration = acceleration_of(values, count, statistic, sample, left_out);
        interval->low = corrected(replicates, bias, acceleration, z);
        interval->high = corrected(replicates, bias, acceleration, -z);
    }
failed:
    free(sample);
    free(left_out);
    free(replicates);
    return status;
}
