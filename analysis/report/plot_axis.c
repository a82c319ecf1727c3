/* plot_axis.c - see plot_axis.h. */
#include "analysis/report/plot_axis.h"

#include <math.h>

/* The least ratio of the ends of an axis: a smaller difference is not blown up. */
#define LEAST_RANGE 3.0

double axis_place(struct axis axis, double value)
{
    return log(value / axis.low) / log(axis.high / axis.low);
}

/* Adds a part of the length at each end. */
static struct axis with_margin(double low, double high, double part)
{
    double least = sqrt(LEAST_RANGE / (high / low));
    double factor = pow(high / low, part);

    if (factor < least)
        factor = least;
    return (struct axis){low / factor, high * factor};
}

struct axis axis_of_points(const struct plot_data *data)
{
    return with_margin((double)data->axis[0], (double)data->axis[data->axis_count - 1],
                       0.03);
}

static void widen(struct axis *axis, const struct plot_point *points, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        axis->low = fmin(axis->low, points[i].low);
        axis->high = fmax(axis->high, points[i].high);
    }
}

struct axis axis_of_figures(const struct plot_data *data)
{
    struct axis axis = {INFINITY, 0};

    for (size_t i = 0; i < data->count; i++)
        widen(&axis, data->curves[i].points, data->curves[i].count);
    widen(&axis, data->bound, data->bound_count);
    return with_margin(axis.low, axis.high, 0.05);
}

/* -- ticks ------------------------------------------------------------------------- */

/* From many ticks to few. 0 ends a list. */
static const double steps[][10] = {{1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 7, 0},
                                   {1, 1.5, 2, 3, 4, 5, 7, 0},
                                   {1, 2, 5, 0},
                                   {1, 0}};
static const double byte_steps[][20] = {
    {1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 0},
    {1, 2, 5, 10, 20, 50, 100, 200, 500, 0},
    {1, 10, 100, 0},
    {1, 0}};

enum { STEP_LISTS = sizeof(steps) / sizeof(steps[0]) };

/* Adds a tick if it is on the axis. False: it is too close to the one before. */
static bool add_tick(struct axis_ticks *ticks, struct axis axis, double value,
                     double apart)
{
    if (value < axis.low || value > axis.high)
        return true;
    if (ticks->count == AXIS_TICKS_MAX)
        return false;
    ticks->values[ticks->count++] = value;
    return ticks->count < 2 || log(value / ticks->values[ticks->count - 2]) >=
                                   apart * log(axis.high / axis.low);
}

/* The ticks of a list over every `every`-th power. False: they are too close. */
static bool fill(struct axis_ticks *ticks, struct axis axis, double base,
                 const double *list, int every, double apart)
{
    int first = (int)floor(log(axis.low) / log(base));
    int last = (int)floor(log(axis.high) / log(base));

    ticks->count = 0;
    for (int power = first - ((first % every) + every) % every; power <= last;
         power += every)
        for (size_t i = 0; list[i] > 0; i++)
            if (!add_tick(ticks, axis, list[i] * pow(base, power), apart))
                return false;
    return true;
}

void axis_find_ticks(struct axis_ticks *ticks, struct axis axis, enum shown_kind kind,
                     double apart)
{
    bool bytes = kind == SHOWN_BYTES;
    double base = bytes ? 1024 : 10;

    for (int i = 0; i < STEP_LISTS; i++)
        if (fill(ticks, axis, base, bytes ? byte_steps[i] : steps[i], 1, apart))
            return;
    for (int every = 2; every < 400; every++)
        if (fill(ticks, axis, base, steps[STEP_LISTS - 1], every, apart))
            return;
    ticks->count = 0;
}

void axis_thin_out(const double *places, const double *widths, size_t count, double gap,
                   bool *kept)
{
    double free_from = -INFINITY;
    double free_to;

    if (!count)
        return;
    free_to = places[count - 1] - widths[count - 1] / 2 - gap;
    for (size_t i = 0; i + 1 < count; i++) {
        kept[i] = places[i] - widths[i] / 2 >= free_from &&
                  places[i] + widths[i] / 2 <= free_to;
        if (kept[i])
            free_from = places[i] + widths[i] / 2 + gap;
    }
    kept[count - 1] = true;
}
