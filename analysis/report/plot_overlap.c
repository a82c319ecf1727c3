/* plot_overlap.c - see plot_overlap.h. */
#include "analysis/report/plot_overlap.h"

#include <math.h>

/* Points closer than this part of the axis touch. */
#define TOUCH 0.012

/* Curves closer than this crowd each other. */
#define CROWD (4 * TOUCH)

/* Goes through the levels that both curves have: the difference of their places on the
 * axis at each. False behind the last. Begin with *i and *j 0. */
static bool next_shared(const struct plot_curve *a, const struct plot_curve *b,
                        struct axis axis, size_t *i, size_t *j, double *difference)
{
    while (*i < a->count && *j < b->count) {
        const struct plot_point *p = &a->points[*i];
        const struct plot_point *q = &b->points[*j];

        *i += p->at <= q->at;
        *j += q->at <= p->at;
        if (p->at == q->at) {
            *difference = axis_place(axis, p->median) - axis_place(axis, q->median);
            return true;
        }
    }
    return false;
}

static bool cross(const struct plot_curve *a, const struct plot_curve *b,
                  struct axis axis)
{
    size_t i = 0;
    size_t j = 0;
    double before = 0;
    double difference;

    while (next_shared(a, b, axis, &i, &j, &difference)) {
        if (fabs(difference) < TOUCH || difference * before < 0)
            return true;
        before = difference;
    }
    return false;
}

/* They are closer than `touch` at nearly all levels that both have. */
static bool coincide(const struct plot_curve *a, const struct plot_curve *b,
                     struct axis axis, double touch)
{
    size_t i = 0;
    size_t j = 0;
    size_t shared = 0;
    size_t touching = 0;
    double difference;

    while (next_shared(a, b, axis, &i, &j, &difference)) {
        shared++;
        touching += fabs(difference) < touch;
    }
    return shared && 10 * touching >= 9 * shared;
}

size_t overlap_crossing(const struct plot_data *data, struct axis axis)
{
    size_t crossing = 0;

    for (size_t i = 0; i < data->count; i++)
        for (size_t j = 0; j < data->count; j++)
            if (i != j && cross(&data->curves[i], &data->curves[j], axis)) {
                crossing++;
                break;
            }
    return crossing;
}

struct overlap overlap_of(const struct plot_data *data, struct axis axis, size_t curve,
                          size_t first, size_t end)
{
    const struct plot_curve *own = &data->curves[curve];
    struct overlap overlap = {0};
    unsigned crowd = 0;

    for (size_t i = first; i < end && !own->reference; i++) {
        const struct plot_curve *other = &data->curves[i];

        if (i == curve || other->reference)
            continue;
        crowd += coincide(own, other, axis, CROWD);
        if (coincide(own, other, axis, TOUCH)) {
            overlap.depth += i > curve;
            overlap.covers |= i < curve;
        }
    }
    return crowd < OVERLAP_MAX ? overlap : (struct overlap){0};
}

/* -- labels ------------------------------------------------------------------------ */

/* Labels that stand one behind the other, as one: from `first` on `count` of them, of
 * which the lowest is at `place`. */
struct stack {
    size_t first, count;
    double place;
};

enum { STACKS_MAX = 256 };

/* The least-squares place of the lowest of a stack: the mean of the wanted places, each
 * less its distance from the lowest. */
static double place_of(const double *places, const struct stack *stack, double gap)
{
    double sum = 0;

    for (size_t i = 0; i < stack->count; i++)
        sum += places[stack->first + i] - gap * (double)i;
    return sum / (double)stack->count;
}

/* Joins stacks that overlap, beginning with the last one. */
static size_t join(struct stack *stacks, size_t count, const double *places, double gap)
{
    while (count > 1) {
        struct stack *last = &stacks[count - 1];
        struct stack *before = &stacks[count - 2];

        if (last->place >= before->place + gap * (double)before->count)
            break;
        before->count += last->count;
        before->place = place_of(places, before, gap);
        count--;
    }
    return count;
}

void overlap_spread(double *places, size_t count, double gap, double low, double high)
{
    struct stack stacks[STACKS_MAX];
    size_t used = 0;

    if (!count || count > STACKS_MAX)
        return;
    if (gap * (double)(count - 1) > high - low)
        gap = (high - low) / (double)(count - 1);
    for (size_t i = 0; i < count; i++) {
        stacks[used] = (struct stack){i, 1, places[i]};
        used = join(stacks, used + 1, places, gap);
    }
    for (size_t i = 0; i < used; i++)
        for (size_t j = 0; j < stacks[i].count; j++)
            places[stacks[i].first + j] = stacks[i].place + gap * (double)j;
    for (size_t i = 0; i < count; i++)
        places[i] = fmax(places[i], i ? places[i - 1] + gap : low);
    for (size_t i = count; i-- > 0;)
        places[i] = fmin(places[i], i + 1 < count ? places[i + 1] - gap : high);
}
