/* judge.c - see judge.h. */
#include "analysis/compare/judge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "analysis/statistics/rank_shift.h"
#include "analysis/statistics/rank_test.h"
#include "base/text.h"

/* -- measuring ----------------------------------------------------------------- */

static bool all_positive(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (values[i] <= 0)
            return false;
    return true;
}

/* `room` has place for the values. */
static double median_of(const double *values, size_t count, double *room)
{
    for (size_t i = 0; i < count; i++)
        room[i] = values[i];
    stats_sort(room, count);
    return stats_median(room, count);
}

/* The shift of two samples or of pairs, and the test unless `p` is NULL; `room` has place
 * for both. */
static int test(const struct judge_sample *sample, double *room, bool logarithms,
                double confidence, struct interval *shift, double *p, struct err *err)
{
    double *base = room;
    double *head = room + sample->base_count;
    struct rank_test rank_test;

    for (size_t i = 0; i < sample->base_count; i++)
        base[i] = logarithms ? log(sample->base[i]) : sample->base[i];
    for (size_t i = 0; i < sample->head_count; i++)
        head[i] = logarithms ? log(sample->head[i]) : sample->head[i];
    if (sample->paired) {
        for (size_t i = 0; i < sample->base_count; i++)
            head[i] -= base[i];
        if ((p && rank_test_paired(head, sample->head_count, &rank_test, err)) ||
            rank_shift_paired(head, sample->head_count, confidence, shift, err))
            return -1;
    } else if ((p && rank_test_unpaired(base, sample->base_count, head,
                                        sample->head_count, &rank_test, err)) ||
               rank_shift_unpaired(base, sample->base_count, head, sample->head_count,
                                   confidence, shift, err)) {
        return -1;
    }
    if (p)
        *p = rank_test.p;
    return 0;
}

int judge_measure(struct compare_item *item, const struct judge_sample *sample,
                  double confidence, struct err *err)
{
    bool positive = all_positive(sample->base, sample->base_count) &&
                    all_positive(sample->head, sample->head_count);
    double *room = calloc(sample->base_count + sample->head_count + 1, sizeof(*room));
    struct interval ratio = {NAN, NAN, NAN};
    int result;

    if (!room)
        return err_errno(err, "no memory to compare");
    item->pairs = sample->paired ? sample->base_count : 0;
    item->base_median = median_of(sample->base, sample->base_count, room);
    item->head_median = median_of(sample->head, sample->head_count, room);
    result = test(sample, room, false, confidence, &item->shift,
                  positive ? NULL : &item->p, err);
    if (!result && positive)
        result = test(sample, room, true, confidence, &ratio, &item->p, err);
    item->ratio = (struct interval){exp(ratio.estimate), exp(ratio.low), exp(ratio.high)};
    free(room);
    return result;
}

/* -- deciding ------------------------------------------------------------------ */

double judge_deviation(const struct interval *ratio, double confidence)
{
    return (log(ratio->high) - log(ratio->low)) /
           (2 * stats_normal_quantile((1 + confidence) / 2));
}

/* No sample of this size can reach the bound of the first step of Holm. */
static bool too_few(const struct compare_item *item, const struct judge_terms *terms)
{
    double least = item->pairs ? rank_test_least_p(0, item->pairs)
                               : rank_test_least_p(item->base_count, item->head_count);

    return !item->base_count || !item->head_count || isnan(item->shift.low) ||
           least * (double)terms->family >= terms->alpha;
}

static double detectable(const struct compare_item *item, const struct judge_terms *terms)
{
    double deviation = judge_deviation(&item->ratio, terms->confidence);
    double power = stats_normal_quantile(JUDGE_POWER);
    double by_interval = log1p(item->threshold) +
                         (stats_normal_quantile((1 + terms->confidence) / 2) + power) *
                             deviation;
    double by_p = (stats_normal_quantile(1 - terms->alpha / (2 * (double)terms->family)) +
                   power) *
                  deviation;
    double by_floor = 1 + item->floor / item->base_median;

    if (too_few(item, terms) || isnan(deviation))
        return INFINITY;
    return fmax(exp(fmax(by_interval, by_p)), by_floor);
}

/* The interval in units of the threshold: as a ratio, or where a figure is 0, as a share
 * of the base's median. 1 is no change. */
static struct interval relative(const struct compare_item *item)
{
    double base = fabs(item->base_median);

    if (!isnan(item->ratio.estimate))
        return item->ratio;
    /* From 0, any change is beyond every threshold: the floor alone decides. */
    return (struct interval){1 + item->shift.estimate / base, 1 + item->shift.low / base,
                             1 + item->shift.high / base};
}

static void say_cannot_tell(struct compare_item *item, const struct judge_terms *terms)
{
    double threshold = 100 * item->threshold;
    struct interval change = relative(item);
    size_t rounds = item->base_count < item->head_count ? item->base_count
                                                        : item->head_count;

    if (too_few(item, terms))
        (void)snprintf(item->reason, sizeof(item->reason),
                       "%zu %s cannot decide %zu %s; raise --rounds or --budget", rounds,
                       plural(rounds, "round", "rounds"), terms->family,
                       plural(terms->family, "comparison", "comparisons"));
    else if (item->p_adjusted >= terms->alpha)
        (void)snprintf(item->reason, sizeof(item->reason),
                       "too noisy: a change above %.3g %% is possible but not proven; "
                       "measure longer",
                       threshold);
    else if (change.low > 1 + item->threshold || change.high < 1 / (1 + item->threshold))
        (void)snprintf(item->reason, sizeof(item->reason),
                       "it differs, but possibly by no more than %g %s", item->floor,
                       metrics[item->metric].unit);
    else
        (void)snprintf(item->reason, sizeof(item->reason),
                       "it differs, but possibly by no more than %.3g %%", threshold);
    if (!item->large_excluded && terms->large > 0 && !too_few(item, terms))
        (void)text_append(item->reason, sizeof(item->reason),
                          "; a slowdown above %.3g %% is not excluded",
                          100 * fmax(terms->large, item->threshold));
}

void judge_decide(struct compare_item *item, const struct judge_terms *terms)
{
    double high = 1 + item->threshold;
    double low = 1 / high;
    double floor = item->floor;
    struct interval change = relative(item);
    bool enough = !too_few(item, terms);
    bool proved = enough && item->p_adjusted < terms->alpha &&
                  fabs(item->shift.estimate) > floor;

    item->reason[0] = '\0';
    item->detectable = detectable(item, terms);
    item->large_excluded = enough &&
                           change.high <= 1 + fmax(terms->large, item->threshold);
    if (proved && change.low > high) {
        item->verdict = COMPARE_SLOWER;
    } else if (proved && change.high < low) {
        item->verdict = COMPARE_FASTER;
    } else if (enough && ((change.low >= low && change.high <= high) ||
                          (item->shift.low >= -floor && item->shift.high <= floor))) {
        item->verdict = COMPARE_SAME;
    } else if (enough && (change.high <= high || item->shift.high <= floor)) {
        item->verdict = COMPARE_NOT_SLOWER;
        (void)snprintf(item->reason, sizeof(item->reason),
                       "not slower by %.3g %%; possibly faster by as much",
                       100 * item->threshold);
    } else {
        item->verdict = COMPARE_CANNOT_TELL;
        say_cannot_tell(item, terms);
    }
}
