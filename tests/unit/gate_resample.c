/* gate_resample.c - many gates out of one recorded sweep: rounds are drawn from it
 * without putting them back, and judged as `bench run --budget` and `bench compare`
 * would.
 *
 *   gate_resample DIRECTORY BASE NEW METRICS ROUNDS TRIES
 *
 * Prints how many tries ended with which exit status, and for the cell of the least CPU
 * per request, to which an injected CPU time is the greatest share, its verdicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/compare/compare.h"
#include "base/parse.h"
#include "base/random.h"
#include "harness/cli/command.h"
#include "harness/cli/compare_status.h"
#include "harness/plan/budget.h"

/* The sweep, and the gate that is tried on it. */
struct resample {
    struct runs runs; /* of the two variants */
    struct calibration calibration;
    const char *base, *head;
    struct compare_options options;
    uint64_t *rounds; /* the numbers of all rounds, shuffled */
    size_t round_count, wanted;
    const char *strategy; /* of the item that is told of */
    uint64_t level;
    enum metric metric;
    size_t statuses[6], verdicts[COMPARE_VERDICT_COUNT];
    double *ratios; /* of the item, one a try */
    size_t ratio_count;
};

/* -- what was recorded --------------------------------------------------------- */

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

static int load(struct resample *resample, const char *dir, struct err *err)
{
    char path[512];

    (void)snprintf(path, sizeof(path), "%s/calibration.json", dir);
    if (runs_read(&resample->runs, dir, err) ||
        calibration_read(&resample->calibration, path, err))
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

/* The rows of the first `count` of the shuffled rounds; texts are borrowed. */
static int draw(const struct resample *resample, size_t count, struct runs *out,
                struct err *err)
{
    *out = (struct runs){.rows = calloc(resample->runs.count, sizeof(*out->rows))};
    if (!out->rows)
        return err_errno(err, "no memory for rows");
    for (size_t i = 0; i < resample->runs.count; i++)
        if (is_drawn(resample, row_count(&resample->runs.rows[i], COLUMN_round), count))
            out->rows[out->count++] = resample->runs.rows[i];
    return 0;
}

static void note(struct resample *resample, const struct comparison *comparison)
{
    resample->statuses[compare_status(comparison)]++;
    for (size_t i = 0; i < comparison->item_count; i++) {
        const struct compare_item *item = &comparison->items[i];

        if (item->metric != resample->metric || item->level != resample->level ||
            strcmp(item->strategy, resample->strategy) != 0)
            continue;
        resample->verdicts[item->verdict]++;
        resample->ratios[resample->ratio_count++] = item->ratio.estimate;
    }
}

/* Looks at the figures as often as was planned, and stops when all is decided. */
static int try_once(struct resample *resample, bool swapped, struct err *err)
{
    const char *base = swapped ? resample->head : resample->base;
    const char *head = swapped ? resample->base : resample->head;
    bool decided = false;

    for (size_t look = 1; look <= BUDGET_ANALYSES && !decided; look++) {
        struct comparison comparison;
        struct runs runs;
        int result;

        if (draw(resample, resample->wanted * look / BUDGET_ANALYSES, &runs, err))
            return -1;
        result = comparison_make(&comparison, &(struct compare_source){base, &runs, base},
                                 &(struct compare_source){head, &runs, head},
                                 &resample->options, err);
        if (!result) {
            decided = !compare_count(&comparison, COMPARE_CANNOT_TELL);
            if (decided || look == BUDGET_ANALYSES)
                note(resample, &comparison);
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

/* Equal sides, called a and b, change places at random. */
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

/* -- all of it ----------------------------------------------------------------- */

static void print(struct resample *resample)
{
    for (int i = 0; i < 6; i++)
        if (resample->statuses[i])
            (void)printf("exit %d: %zu\n", i, resample->statuses[i]);
    for (int i = 0; i < COMPARE_VERDICT_COUNT; i++)
        if (resample->verdicts[i])
            (void)printf("%s: %zu\n", compare_verdict_word((enum compare_verdict)i),
                         resample->verdicts[i]);
    stats_sort(resample->ratios, resample->ratio_count);
    (void)printf("ratio: %.3f\n", stats_median(resample->ratios, resample->ratio_count));
}

static int usage(struct err *err)
{
    return err_set(err, "usage: gate_resample DIRECTORY BASE NEW METRICS ROUNDS TRIES "
                        "STRATEGY LEVEL METRIC");
}

static int run(struct resample *resample, int argc, char **argv, struct err *err)
{
    uint64_t wanted;
    uint64_t tries;

    if (argc != 10)
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
    return result ? 2 : 0;
}
