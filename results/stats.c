/* stats.c - see stats.h. */
#include "results/stats.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;

    return (a > b) - (a < b);
}

void stats_sort(double *values, size_t count)
{
    if (count > 1)
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
