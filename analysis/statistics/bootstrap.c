/* bootstrap.c - see bootstrap.h. */
#include "analysis/statistics/bootstrap.h"

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

/* What is worked in: `count` doubles each, and the replicates. */
struct room {
    double *sample, *left_out, *replicates;
};

static struct interval bca(const double *values, size_t count, statistic_fn *statistic,
                           double confidence, uint64_t seed, const struct room *room)
{
    double z = stats_normal_quantile((1 - confidence) / 2);
    struct interval interval = {NAN, NAN, NAN};
    double bias;
    double acceleration;

    if (!count)
        return interval;
    memcpy(room->sample, values, count * sizeof(*values));
    interval.estimate = statistic(room->sample, count);
    if (count == 1)
        return interval;
    resample(values, count, statistic, seed, room->sample, room->replicates);
    bias = bias_of(room->replicates, interval.estimate);
    acceleration = acceleration_of(values, count, statistic, room->sample,
                                   room->left_out);
    interval.low = corrected(room->replicates, bias, acceleration, z);
    interval.high = corrected(room->replicates, bias, acceleration, -z);
    return interval;
}

int bootstrap_interval(const double *values, size_t count, statistic_fn *statistic,
                       double confidence, uint64_t seed, struct interval *interval,
                       struct err *err)
{
    struct room room = {
        .sample = malloc((count + 1) * sizeof(*room.sample)),
        .left_out = malloc((count + 1) * sizeof(*room.left_out)),
        .replicates = malloc(BOOTSTRAP_RESAMPLES * sizeof(*room.replicates)),
    };
    int status = 0;

    if (room.sample && room.left_out && room.replicates)
        *interval = bca(values, count, statistic, confidence, seed, &room);
    else
        status = err_errno(err, "no memory for a bootstrap of %zu values", count);
    free(room.sample);
    free(room.left_out);
    free(room.replicates);
    return status;
}
