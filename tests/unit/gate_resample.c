/* gate_resample.c - simulates many one-minute gates on one recorded sweep: calibrates
 * with the rounds of its first half, draws rounds of the second half without replacement,
 * and judges them as `bench run --budget` and `bench compare` would.
 *
 *   gate_resample DIRECTORY BASE NEW METRICS ROUNDS TRIES STRATEGY LEVEL METRIC [CELL]
 *                 [REST]
 *
 * CELL, a factor such as 1.25, multiplies the figures of NEW in that one cell; REST
 * multiplies those of all other cells. Prints the number of tries per exit status and per
 * interim analysis at which they ended, and the verdicts of that one item and of the
 * overall line of its metric. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/calibrate.h"
#include "analysis/compare/compare.h"
#include "base/parse.h"
#include "base/random.h"
#include "harness/cli/command.h"
#include "harness/cli/compare_status.h"
#include "harness/plan/budget.h"

/* The recorded sweep, and the gate that is simulated on it. */
struct resample {
    struct runs recorded; /* the sweep */
    uint64_t half;        /* the last round of the sweep's first half */
    struct runs runs;     /* of the second half, from which rounds are drawn */
    struct calibration calibration;
    const char *base, *head;
    struct compare_options options;
    uint64_t *rounds; /* the numbers of its rounds, shuffled */
    size_t round_count, wanted;
    const char *strategy; /* the item to report */
    uint64_t level;
    enum metric metric;
    double cell_factor, rest_factor; /* multiply NEW in this cell, in all others */
    size_t statuses[6], verdicts[COMPARE_VERDICT_COUNT];
    size_t overall[COMPARE_VERDICT_COUNT]; /* verdicts of this metric's overall line */
    size_t ends[BUDGET_ANALYSES + 1];      /* tries that ended at each analysis */
    double *ratios;                        /* of that item, one per try */
    size_t ratio_count;
};

/* -- the recorded sweep -------------------------------------------------------- */

static int add_round(struct resample *resample, uint64_t round, struct err *err)
{
    uint64_t *rounds;

    for (size_t i = 0; i < resample->round_count; i++)
        if (resample->rounds[i] == round)
            return 0;
    rounds = realloc(resample->rounds, (resample->round_count + 1) * sizeof(*rounds));
    if (!rounds)
        return err_errno(err, "no memory for rounds");
    resample->rounds = rounds;
    rounds[resample->round_count++] = round;
    return 0;
}

static int find_rounds(struct resample *resample, struct err *err)
{
    for (size_t i = 0; i < resample->runs.count; i++)
        if (add_round(resample, row_count(&resample->runs.rows[i], COLUMN_round), err))
            return -1;
    return resample->round_count >= resample->wanted
               ? 0
               : err_set(err, "%zu rounds were recorded, %zu are wanted",
                         resample->round_count, resample->wanted);
}

/* Takes the rows of the first half of the sweep, or of the second; of the second only
 * cells that gate. Texts are borrowed. */
static int take_half(const struct resample *resample, bool second, struct runs *half,
                     struct err *err)
{
    const struct runs *all = &resample->recorded;

    *half = (struct runs){.rows = calloc(all->count + 1, sizeof(*half->rows))};
    if (!half->rows)
        return err_errno(err, "no memory for rows");
    for (size_t i = 0; i < all->count; i++) {
        const struct row *row = &all->rows[i];
        const struct calibration_cell *cell =
            second
                ? calibration_find(&resample->calibration, row_text(row, COLUMN_strategy),
                                   row_count(row, COLUMN_level))
                : NULL;
        bool is_late = row_count(row, COLUMN_round) > resample->half;

        if (is_late == second && (!second || (cell && cell->gates)))
            half->rows[half->count++] = *row;
    }
    return 0;
}

/* Calibrates a one-minute gate with the first half of the rounds and keeps the second
 * half to draw from. */
static int load(struct resample *resample, const char *dir, struct err *err)
{
    struct calibration_goal goal = {
        .seconds_a_side = 30,
        .alpha = compare_part_of_alpha(resample->options.alpha, BUDGET_ANALYSES, false),
        .threshold = resample->options.threshold,
        .gates = {[METRIC_cpu] = true, [METRIC_overhead] = true},
    };
    struct runs first;
    int result;

    if (runs_read(&resample->recorded, dir, err))
        return -1;
    for (size_t i = 0; i < resample->recorded.count; i++)
        if (row_count(&resample->recorded.rows[i], COLUMN_round) > 2 * resample->half)
            resample->half = (row_count(&resample->recorded.rows[i], COLUMN_round) + 1) /
                             2;
    if (take_half(resample, false, &first, err))
        return -1;
    result = calibration_make(&resample->calibration, &first, &goal, err);
    runs_free(&first);
    if (result || take_half(resample, true, &resample->runs, err))
        return -1;
    resample->options.calibration = &resample->calibration;
    resample->options.analyses = BUDGET_ANALYSES;
    return find_rounds(resample, err);
}

/* -- one gate ------------------------------------------------------------------ */

static bool is_drawn(const struct resample *resample, uint64_t round, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (resample->rounds[i] == round)
            return true;
    return false;
}

static bool is_item(const struct resample *resample, const char *strategy, uint64_t level)
{
    return level == resample->level && !strcmp(strategy, resample->strategy);
}

static void scale(const struct resample *resample, const char *head, struct row *row)
{
    static const enum column scaled[] = {COLUMN_user_s, COLUMN_system_s,
                                         COLUMN_overhead_s};
    double factor = is_item(resample, row_text(row, COLUMN_strategy),
                            row_count(row, COLUMN_level))
                        ? resample->cell_factor
                        : resample->rest_factor;

    if (strcmp(row_text(row, COLUMN_variant), head) != 0)
        return;
    for (size_t i = 0; i < sizeof(scaled) / sizeof(scaled[0]); i++)
        if (row->fields[scaled[i]].present)
            row_set_number(row, scaled[i], row_number(row, scaled[i]) * factor);
}

/* Takes the rows of the first `count` shuffled rounds; texts are borrowed. */
static int draw(const struct resample *resample, const char *head, size_t count,
                struct runs *out, struct err *err)
{
    *out = (struct runs){.rows = calloc(resample->runs.count + 1, sizeof(*out->rows))};
    if (!out->rows)
        return err_errno(err, "no memory for rows");
    for (size_t i = 0; i < resample->runs.count; i++) {
        if (!is_drawn(resample, row_count(&resample->runs.rows[i], COLUMN_round), count))
            continue;
        out->rows[out->count] = resample->runs.rows[i];
        scale(resample, head, &out->rows[out->count++]);
    }
    return 0;
}

static void note(struct resample *resample, const struct comparison *comparison,
                 size_t analysis)
{
    resample->statuses[compare_status(comparison)]++;
    resample->ends[analysis]++;
    for (size_t i = 0; i < comparison->overall_count; i++)
        if (comparison->overall[i].metric == resample->metric)
            resample->overall[comparison->overall[i].verdict]++;
    for (size_t i = 0; i < comparison->item_count; i++) {
        const struct compare_item *item = &comparison->items[i];

        if (item->metric != resample->metric ||
            !is_item(resample, item->strategy, item->level))
            continue;
        resample->verdicts[item->verdict]++;
        resample->ratios[resample->ratio_count++] = item->ratio.estimate;
    }
}

/* Runs the planned interim analyses and stops as soon as the verdict is decided. */
static int try_once(struct resample *resample, bool swapped, struct err *err)
{
    const char *base = swapped ? resample->head : resample->base;
    const char *head = swapped ? resample->base : resample->head;
    bool decided = false;

    for (size_t analysis = 1; analysis <= BUDGET_ANALYSES && !decided; analysis++) {
        struct comparison comparison;
        struct runs runs;
        int result;

        if (draw(resample, head, resample->wanted * analysis / BUDGET_ANALYSES, &runs,
                 err))
            return -1;
        result = comparison_make(&comparison, &(struct compare_source){base, &runs, base},
                                 &(struct compare_source){head, &runs, head},
                                 &resample->options, err);
        if (!result) {
            decided = compare_is_decided(&comparison);
            if (decided || analysis == BUDGET_ANALYSES)
                note(resample, &comparison, analysis);
            comparison_free(&comparison);
        }
        runs_free(&runs);
        if (result)
            return -1;
    }
    return 0;
}

static void shuffle(struct resample *resample, struct random *random)
{
    for (size_t i = resample->round_count; i > 1; i--) {
        size_t j = (size_t)random_below(random, i);
        uint64_t other = resample->rounds[j];

        resample->rounds[j] = resample->rounds[i - 1];
        resample->rounds[i - 1] = other;
    }
}

/* With equal sides a and b, swaps them at random. */
static int try_all(struct resample *resample, uint64_t tries, struct err *err)
{
    bool equal = !strcmp(resample->base, "a") && !strcmp(resample->head, "b");
    struct random random = {1};

    for (uint64_t i = 0; i < tries; i++) {
        shuffle(resample, &random);
        if (try_once(resample, equal && random_below(&random, 2), err))
            return -1;
    }
    return 0;
}

/* -- the program --------------------------------------------------------------- */

static void print(struct resample *resample)
{
    (void)printf("rounds of a minute: %u\n", resample->calibration.rounds);
    (void)printf("threshold of %s: overall %g, cell %g\n", metrics[resample->metric].name,
                 resample->calibration.overall[resample->metric].threshold,
                 calibration_threshold(&resample->calibration, resample->strategy,
                                       resample->level, resample->metric));
    for (int i = 0; i < 6; i++)
        if (resample->statuses[i])
            (void)printf("exit %d: %zu\n", i, resample->statuses[i]);
    for (int i = 0; i < COMPARE_VERDICT_COUNT; i++)
        if (resample->verdicts[i])
            (void)printf("%s: %zu\n", compare_verdict_word((enum compare_verdict)i),
                         resample->verdicts[i]);
    for (int i = 0; i < COMPARE_VERDICT_COUNT; i++)
        if (resample->overall[i])
            (void)printf("overall %s: %zu\n",
                         compare_verdict_word((enum compare_verdict)i),
                         resample->overall[i]);
    for (size_t i = 1; i <= BUDGET_ANALYSES; i++)
        if (resample->ends[i])
            (void)printf("analysis %zu: %zu\n", i, resample->ends[i]);
    stats_sort(resample->ratios, resample->ratio_count);
    (void)printf("ratio: %.3f\n", stats_median(resample->ratios, resample->ratio_count));
}

static int usage(struct err *err)
{
    return err_set(err, "usage: gate_resample DIRECTORY BASE NEW METRICS ROUNDS TRIES "
                        "STRATEGY LEVEL METRIC [CELL] [REST]");
}

static int run(struct resample *resample, int argc, char **argv, struct err *err)
{
    uint64_t wanted;
    uint64_t tries;

    if (argc < 10 || argc > 12)
        return usage(err);
    resample->cell_factor = argc > 10 ? strtod(argv[10], NULL) : 1;
    resample->rest_factor = argc > 11 ? strtod(argv[11], NULL) : 1;
    if (resample->cell_factor <= 0 || resample->rest_factor <= 0)
        return usage(err);
    if (metric_parse_list(resample->options.gates, argv[4], err) ||
        parse_count(argv[5], 5, 10000, &wanted, err) ||
        parse_count(argv[6], 1, 100000, &tries, err) ||
        parse_count(argv[8], 1, 100000, &resample->level, err))
        return -1;
    resample->base = argv[2];
    resample->head = argv[3];
    resample->wanted = (size_t)wanted;
    resample->strategy = argv[7];
    resample->metric = metric_find(argv[9]);
    resample->ratios = calloc((size_t)tries, sizeof(*resample->ratios));
    if (!resample->ratios)
        return err_errno(err, "no memory for %s tries", argv[6]);
    if (load(resample, argv[1], err) || try_all(resample, tries, err))
        return -1;
    print(resample);
    return 0;
}

int main(int argc, char **argv)
{
    struct resample resample = {.options = compare_options_default()};
    struct err err = {""};
    int result = run(&resample, argc, argv, &err);

    if (result)
        (void)fprintf(stderr, "gate_resample: %s\n", err.text);
    free(resample.ratios);
    free(resample.rounds);
    calibration_free(&resample.calibration);
    runs_free(&resample.runs);
    runs_free(&resample.recorded);
    return result ? 2 : 0;
}
