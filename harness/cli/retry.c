/* retry.c - see retry.h. */
#include "harness/cli/retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/arguments.h"
#include "harness/cli/commands.h"

/* What one retry needs from beginning to end. */
struct retrying {
    struct comparison *comparison;
    const struct retry_source *source;
    char *dir; /* where the new rows go; owned */
    struct runs runs;
    struct comparison again;
};

/* -- what is to be measured ---------------------------------------------------- */

static bool is_flagged_item(const struct compare_item *item)
{
    return item->gates && item->verdict == COMPARE_SLOWER;
}

static bool is_flagged_problem(const struct compare_problem *problem)
{
    return problem->kind == COMPARE_INCOMPLETE && problem->strategy;
}

bool retry_is_needed(const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->problem_count; i++)
        if (is_flagged_problem(&comparison->problems[i]))
            return true;
    return compare_count(comparison, COMPARE_SLOWER) > 0;
}

static bool is_cell(const struct compare_item *item, const char *strategy, uint64_t level)
{
    return item->level == level && !strcmp(item->strategy, strategy);
}

/* "a@10,b@100", each cell at least once; the parser takes each once. */
static char *flagged_cells(const struct comparison *comparison)
{
    char *list = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size);

    if (!out)
        return NULL;
    for (size_t i = 0; i < comparison->item_count; i++)
        if (is_flagged_item(&comparison->items[i]))
            (void)fprintf(out, "%s%s@%" PRIu64, ftell(out) ? "," : "",
                          comparison->items[i].strategy, comparison->items[i].level);
    for (size_t i = 0; i < comparison->problem_count; i++)
        if (is_flagged_problem(&comparison->problems[i]))
            (void)fprintf(out, "%s%s@%" PRIu64, ftell(out) ? "," : "",
                          comparison->problems[i].strategy,
                          comparison->problems[i].level);
    if (fclose(out)) {
        free(list);
        return NULL;
    }
    return list;
}

static size_t most_rounds(const struct comparison *comparison)
{
    size_t most = 1;

    for (size_t i = 0; i < comparison->item_count; i++)
        if (comparison->items[i].pairs > most)
            most = comparison->items[i].pairs;
    return most;
}

/* The first retry-N that is not there yet. */
static char *new_directory(const char *dir)
{
    char *path = NULL;

    for (unsigned i = 1; i < 1000; i++) {
        if (asprintf(&path, "%s/retry-%u", dir, i) < 0)
            return NULL;
        if (access(path, F_OK))
            return path;
        free(path);
    }
    return NULL;
}

/* -- measuring ----------------------------------------------------------------- */

/* The sweep's own command line, and behind it what is different this time. */
static int measure(struct retrying *retrying, struct err *err)
{
    const json_t *plan = json_object_get(retrying->source->env, "plan");
    const json_t *seed = json_object_get(plan, "seed");
    char *cells = flagged_cells(retrying->comparison);
    struct arguments arguments = {0};
    int status = -1;

    if (!cells)
        return err_errno(err, "no memory for the cells to measure again");
    arguments_add(&arguments, "run");
    arguments_add_json(&arguments, json_object_get(plan, "arguments"));
    arguments_add(&arguments, "--cells=%s", cells);
    arguments_add(&arguments, "--rounds=%zu", most_rounds(retrying->comparison));
    arguments_add(&arguments, "--budget=off");
    arguments_add(&arguments, "--seed=%" JSON_INTEGER_FORMAT,
                  json_integer_value(seed) + 1);
    arguments_add(&arguments, "--out=%s", retrying->dir);
    arguments_add(&arguments, "--quiet");
    if (!arguments_check(&arguments, err))
        status = command_run(arguments.count, arguments.items, err);
    arguments_free(&arguments);
    free(cells);
    return status;
}

static int compare_again(struct retrying *retrying, const struct compare_options *options,
                         struct err *err)
{
    struct compare_source base = {retrying->source->base, &retrying->runs,
                                  retrying->source->base};
    struct compare_source head = {retrying->source->head, &retrying->runs,
                                  retrying->source->head};
    struct compare_options once = *options;

    once.analyses = 1; /* the rounds were fixed beforehand */
    return runs_read(&retrying->runs, retrying->dir, err) ||
                   comparison_make(&retrying->again, &base, &head, &once, err)
               ? -1
               : 0;
}

/* -- what becomes of the verdicts ---------------------------------------------- */

/* The item of the new rows that belongs to one of the old; NULL: none. */
static const struct compare_item *find_again(const struct comparison *again,
                                             const struct compare_item *item)
{
    for (size_t i = 0; i < again->item_count; i++)
        if (again->items[i].metric == item->metric &&
            is_cell(&again->items[i], item->strategy, item->level))
            return &again->items[i];
    return NULL;
}

static void judge_item(struct compare_item *item, const struct comparison *again)
{
    const struct compare_item *other = find_again(again, item);

    if (other && other->verdict == COMPARE_SLOWER) {
        (void)snprintf(item->reason, sizeof(item->reason),
                       "measured again: slower by %+.1f %%",
                       100 * (other->ratio.estimate - 1));
        return;
    }
    item->verdict = COMPARE_CANNOT_TELL;
    item->not_slower = other && other->not_slower;
    (void)snprintf(item->reason, sizeof(item->reason),
                   "slower at first; measured again: %s (%+.1f %%)",
                   other ? compare_verdict_word(other->verdict) : "no figure",
                   other ? 100 * (other->ratio.estimate - 1) : 0.0);
}

static bool is_whole_again(const struct comparison *again,
                           const struct compare_problem *problem)
{
    bool measured = false;

    for (size_t i = 0; i < again->item_count; i++)
        measured |= is_cell(&again->items[i], problem->strategy, problem->level);
    for (size_t i = 0; i < again->problem_count; i++)
        if (is_flagged_problem(&again->problems[i]) &&
            again->problems[i].level == problem->level &&
            !strcmp(again->problems[i].strategy, problem->strategy))
            return false;
    return measured;
}

static void judge(struct comparison *comparison, const struct comparison *again)
{
    for (size_t i = 0; i < comparison->item_count; i++)
        if (is_flagged_item(&comparison->items[i]))
            judge_item(&comparison->items[i], again);
    for (size_t i = 0; i < comparison->problem_count; i++) {
        struct compare_problem *problem = &comparison->problems[i];
        char text[sizeof(problem->text)];

        if (!is_flagged_problem(problem) || !is_whole_again(again, problem))
            continue;
        problem->kind = COMPARE_NOTED;
        memcpy(text, problem->text, sizeof(text));
        (void)snprintf(problem->text, sizeof(problem->text),
                       "measured again, all rows are valid; at first %.180s", text);
    }
}

int retry_once(struct comparison *comparison, const struct retry_source *source,
               const struct compare_options *options, struct err *err)
{
    struct retrying retrying = {
        .comparison = comparison,
        .source = source,
        .dir = new_directory(source->dir),
    };
    int result;

    if (!retrying.dir)
        return err_set(err, "cannot name a directory for another measurement in %s",
                       source->dir);
    result = measure(&retrying, err);
    /* Rows that are not valid are seen in the rows. */
    if (result == EXIT_ALL_GOOD || result == EXIT_INCOMPLETE) {
        result = compare_again(&retrying, options, err);
        if (!result)
            judge(comparison, &retrying.again);
    } else if (result != EXIT_INTERRUPTED) {
        result = -1;
    }
    comparison_free(&retrying.again);
    runs_free(&retrying.runs);
    free(retrying.dir);
    return result;
}
