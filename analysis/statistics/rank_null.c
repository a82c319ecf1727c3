/* rank_null.c - see rank_null.h. */
#include "analysis/statistics/rank_null.h"

#include <math.h>
#include <stdlib.h>

#include "base/text.h"

static size_t group_size(const size_t *groups, size_t i)
{
    return groups ? groups[i] : 1;
}

/* A midrank of a group of even size ends in one half. */
static size_t grain_of(const size_t *groups, size_t group_count)
{
    for (size_t i = 0; i < group_count; i++)
        if (group_size(groups, i) % 2 == 0)
            return 2;
    return 1;
}

/* -- Mann-Whitney -------------------------------------------------------------- */

/* Arrangements of the values so far, by how many of them are chosen and by U. */
struct arrangements {
    double *room;
    size_t chosen, others; /* in the end */
    size_t grain;
    size_t seen; /* values so far */
};

/* The weights of those with `chosen` chosen, whose U is at most chosen * others. */
static double *row(const struct arrangements *table, size_t chosen)
{
    size_t rows_before = chosen * (chosen - 1) / 2 * table->others * table->grain;

    return table->room + rows_before + chosen;
}

/* Every arrangement that has `from` chosen so far is extended by `more` chosen out of a
 * group of `size`, in `ways` ways: each of the chosen is above the others so far, and
 * equal to the others of the same group, which count a half. */
static void go_on(const struct arrangements *table, size_t from, size_t more, size_t size,
                  double ways)
{
    size_t others = table->seen - from;
    size_t shift = more * others * table->grain + more * (size - more) * table->grain / 2;
    size_t length = from * others * table->grain + 1;
    const double *source = row(table, from);
    double *target = row(table, from + more) + shift;

    for (size_t i = 0; i < length; i++)
        target[i] += ways * source[i];
}

/* Adds a group of equal values. Rows are made from the last to the first, since each is
 * made from earlier ones as they were; arrangements extended by none chosen stay as they
 * are. */
static void add_group(struct arrangements *table, size_t size)
{
    size_t seen_after = table->seen + size;
    size_t last = seen_after < table->chosen ? seen_after : table->chosen;
    size_t first = seen_after > table->others ? seen_after - table->others : 1;

    for (size_t target = last; target >= first && target > 0; target--) {
        double ways = 1;

        for (size_t more = 1; more <= size && more <= target; more++) {
            size_t from = target - more;

            ways = ways * (double)(size - more + 1) / (double)more;
            if (from <= table->seen && table->seen - from <= table->others)
                go_on(table, from, more, size, ways);
        }
    }
    table->seen = seen_after;
}

int rank_null_unpaired(const size_t *groups, size_t group_count, size_t chosen,
                       size_t others, struct rank_null *null, struct err *err)
{
    struct arrangements table = {
        .chosen = chosen,
        .others = others,
        .grain = grain_of(groups, group_count),
    };
    size_t length = chosen * others * table.grain + 1;
    size_t rows_before = chosen * (chosen - 1) / 2 * others * table.grain + chosen;

    table.room = calloc(rows_before + length, sizeof(*table.room));
    if (!table.room)
        return err_errno(err, "no memory for a rank test of %zu and %zu values", chosen,
                         others);
    *row(&table, 0) = 1;
    for (size_t i = 0; i < group_count; i++)
        add_group(&table, group_size(groups, i));
    *null = (struct rank_null){
        .weights = row(&table, chosen),
        .count = length,
        .grain = table.grain,
        .room = table.room,
    };
    return 0;
}

/* -- Wilcoxon ------------------------------------------------------------------ */

int rank_null_paired(const size_t *groups, size_t group_count, size_t count,
                     struct rank_null *null, struct err *err)
{
    size_t grain = grain_of(groups, group_count);
    size_t length = count * (count + 1) / 2 * grain + 1;
    double *weights = calloc(length, sizeof(*weights));
    size_t reach = 0; /* the greatest sum so far */
    size_t below = 0; /* values of smaller rank */

    if (!weights)
        return err_errno(err, "no memory for a signed rank test of %zu %s", count,
                         plural(count, "value", "values"));
    weights[0] = 1;
    for (size_t i = 0; i < group_count; i++) {
        size_t size = group_size(groups, i);
        size_t rank = (2 * below + size + 1) * grain / 2;

        /* Each value is negative, and the sums stay, or positive, and they grow. */
        for (size_t k = 0; k < size; k++) {
            for (size_t sum = reach + 1; sum-- > 0;)
                weights[sum + rank] += weights[sum];
            reach += rank;
        }
        below += size;
    }
    *null = (struct rank_null){
        .weights = weights, .count = length, .grain = grain, .room = weights};
    return 0;
}

/* -- for both ------------------------------------------------------------------ */

void rank_null_free(struct rank_null *null)
{
    free(null->room);
    *null = (struct rank_null){0};
}

static double sum_of(const double *weights, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += weights[i];
    return sum;
}

double rank_null_p(const struct rank_null *null, double statistic)
{
    size_t at = (size_t)llround(statistic * (double)null->grain);
    double all = sum_of(null->weights, null->count);
    double at_most = sum_of(null->weights, at + 1);
    double at_least = sum_of(null->weights + at, null->count - at);

    return fmin(1, 2 * fmin(at_most, at_least) / all);
}

size_t rank_null_cut(const struct rank_null *null, double tail)
{
    /* The tolerance keeps (1 - 0.9) / 2 from being a little less than 1 in 20. */
    double limit = tail * (1 + 1e-9) * sum_of(null->weights, null->count);
    double sum = 0;
    size_t cut = 0;

    while (cut < null->count && (sum += null->weights[cut]) <= limit)
        cut++;
    return cut;
}
