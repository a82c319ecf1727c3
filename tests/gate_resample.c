/* gate_resample.c - many gates out of one recorded sweep: rounds are drawn from it
 * without putting them back, and judged as `bench run --budget` and `bench compare`
 * would.
 *
 *   gate_resample DIRECTORY BASE NEW METRICS ROUNDS TRIES
 *
 * Prints how many tries ended with which exit status, and for the cell of the least CPU
 * per request, to which an injected CPU time is the greatest share, its verdicts. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "base/random.h"
#include "harness/budget.h"
#include "results/compare.h"

/* The sweep, and the gate that is tried on it. */
struct resample {
    struct runs runs; /* of the two variants */
    struct calibration calibration;
    const char *base, *new;
    struct compare_options options;
    uint64_t *rounds; /* the numbers of all rounds, shuffled */
    size_t round_count, wanted;
    const char *least_strategy; /* of the least CPU per request */
    uint64_t least_level;
    size_t statuses[6], verdicts[COMPARE_VERDICT_COUNT];
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
    double least = INFINITY;

    for (size_t i = 0; i < resample->runs.count; i++) {
        const struct row *row = &resample->runs.rows[i];
        double cpu = metric_of(row, METRIC_cpu);

        if (add_round(resample, row_count(row, COLUMN_round), err))
            return -1;
        if (strcmp(row_text(row, COLUMN_variant), resample->base) == 0 && cpu < least) {
            least = cpu;
            resample->least_strategy = row_text(row, COLUMN_strategy);
            resample->least_level = row_count(row, COLUMN_level);
        }
    }
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
    resample->options.looks = BUDGET_LOOKS;
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

static int status_of(const struct comparison *comparison)
{
    if (compare_count(comparison, COMPARE_SLOWER))
        return 1;
    for (size_t i = 0; i < comparison->problem_count; i++)
        if (comparison->problems[i].kind == COMPARE_INCOMPLETE)
            return 4;
    return compare_count(comparison, COMPARE_CANNOT_TELL) ? 3 : 0;
}

static void note(struct resample *resample, const struct comparison *comparison)
{
    resample->statuses[status_of(comparison)]++;
    for (size_t i = 0; i < comparison->item_count; i++) {
        const struct compare_item *item = &comparison->items[i];

        if (item->gates && item->metric == METRIC_cpu &&
            item->level == resample->least_level &&
            !strcmp(item->strategy, resample->least_strategy))
            resample->verdicts[item->verdict]++;
    }
}

/* Looks at the figures as often as was planned, and stops when all is decided. */
static int try_once(struct resample *resample, bool swapped, struct err *err)
{
    const char *base = swapped ? resample->new : resample->base;
    const char *new = swapped ? resample->base : resample->new;
    bool decided = false;

    for (size_t look = 1; look <= BUDGET_LOOKS && !decided; look++) {
        struct comparison comparison;
        struct runs runs;
        int result;

        if (draw(resample, resample->wanted * look / BUDGET_LOOKS, &runs, err))
            return -1;
        result = comparison_make(&comparison, &(struct compare_source){base, &runs, base},
                                 &(struct compare_source){new, &runs, new},
                                 &resample->options, err);
        if (!result) {
            decided = !compare_count(&comparison, COMPARE_CANNOT_TELL);
            if (decided || look == BUDGET_LOOKS)
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
    bool equal = !strcmp(resample->base, "a") && !strcmp(resample->new, "b");
    struct random random = {1};

    for (uint64_t i = 0; i < tries; i++) {
        shuffle(resample, &random);
        if (try_once(resample, equal && random_below(&random, 2), err))
            return -1;
    }
    return 0;
}

/* -- all of it ----------------------------------------------------------------- */

static void print(const struct resample *resample)
{
    for (int i = 0; i < 6; i++)
        if (resample->statuses[i])
            (void)printf("exit %d: %zu\n", i, resample->statuses[i]);
    for (int i = 0; i < COMPARE_VERDICT_COUNT; i++)
        if (resample->verdicts[i])
            (void)printf("%s@%" PRIu64 " cpu %s: %zu\n", resample->least_strategy,
                         resample->least_level,
                         compare_verdict_word((enum compare_verdict)i),
                         resample->verdicts[i]);
}

int main(int argc, char **argv)
{
    struct resample resample = {.options = compare_options_default()};
    struct err err = {""};
    uint64_t wanted;
    uint64_t tries;
    int result = -1;

    if (argc != 7 || parse_count(argv[5], 5, 10000, &wanted, &err) ||
        parse_count(argv[6], 1, 100000, &tries, &err) ||
        metric_parse_list(resample.options.gates, argv[4], &err)) {
        (void)fprintf(stderr,
                      "usage: gate_resample DIRECTORY BASE NEW METRICS ROUNDS TRIES\n");
        return 2;
    }
    resample.base = argv[2];
    resample.new = argv[3];
    resample.wanted = (size_t)wanted;
    if (!load(&resample, argv[1], &err) && !try_all(&resample, tries, &err)) {
        print(&resample);
        result = 0;
    }
    if (err.text[0])
        (void)fprintf(stderr, "gate_resample: %s\n", err.text);
    free(resample.rounds);
    calibration_free(&resample.calibration);
    runs_free(&resample.runs);
    return result ? 2 : 0;
}
