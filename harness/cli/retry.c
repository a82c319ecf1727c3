/* retry.c - see retry.h. */
#include "harness/cli/retry.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/cli/command.h"
#include "harness/cli/consent.h"
#include "harness/cli/run_screen.h"
#include "harness/cli/trust.h"
#include "harness/plan/plan_complete.h"
#include "harness/plan/plan_fields.h"
#include "harness/plan/plan_json.h"
#include "harness/plan/selection.h"

/* The state of one retry. */
struct retrying {
    struct comparison *comparison;
    const struct retry_source *source;
    struct compare_options options;
    char *dir; /* where the new rows go; owned */
    struct runs runs;
    struct comparison again;
};

/* -- cells to measure again ---------------------------------------------------- */

static bool is_flagged_item(const struct compare_item *item)
{
    return item->gates && item->verdict == COMPARE_SLOWER;
}

/* All cells that gate, if all of them together got slower. */
static bool is_measured_again(const struct comparison *comparison,
                              const struct compare_item *item)
{
    return is_flagged_item(item) ||
           (item->gates && compare_overall_count(comparison, COMPARE_SLOWER));
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
    return compare_count(comparison, COMPARE_SLOWER) ||
           compare_overall_count(comparison, COMPARE_SLOWER);
}

static bool is_cell(const struct compare_item *item, const char *strategy, uint64_t level)
{
    return item->level == level && !strcmp(item->strategy, strategy);
}

static int pick(struct plan *plan, const char *name, uint64_t level, struct err *err)
{
    const struct strategy *strategy = selection_find(plan, name);
    unsigned highest = plan_has_rates(plan) ? RATE_MAX : LEVEL_MAX;

    return strategy && level <= highest
               ? selection_pick(plan, strategy, (unsigned)level, err)
               : err_set(err,
                         "this bench has no %s at %s %" PRIu64 ": compare without "
                         "--retry",
                         name, plan_has_rates(plan) ? "rate" : "level", level);
}

/* The cells to be measured again, each once. */
static int pick_flagged(struct plan *plan, const struct comparison *comparison,
                        struct err *err)
{
    selection_begin_cells(plan);
    for (size_t i = 0; i < comparison->item_count; i++)
        if (is_measured_again(comparison, &comparison->items[i]) &&
            pick(plan, comparison->items[i].strategy, comparison->items[i].level, err))
            return -1;
    for (size_t i = 0; i < comparison->problem_count; i++)
        if (is_flagged_problem(&comparison->problems[i]) &&
            pick(plan, comparison->problems[i].strategy, comparison->problems[i].level,
                 err))
            return -1;
    selection_end_cells(plan);
    return 0;
}

static size_t most_rounds(const struct comparison *comparison)
{
    size_t most = 1;

    for (size_t i = 0; i < comparison->item_count; i++)
        if (comparison->items[i].pairs > most)
            most = comparison->items[i].pairs;
    return most;
}

/* The first retry-N that does not exist yet. */
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

/* Leaves only the two variants that are compared. */
static void keep_sides(struct plan *plan, const struct retry_source *source)
{
    size_t kept = 0;

    for (size_t i = 0; i < plan->variant_count; i++) {
        struct variant *variant = &plan->variants[i];

        if (strcmp(variant->name, source->base) != 0 &&
            strcmp(variant->name, source->head) != 0)
            variant_free(variant);
        else
            plan->variants[kept++] = *variant;
    }
    plan->variant_count = kept;
}

/* The plan of the sweep, changed for the retry. */
static int make_plan(struct plan *plan, const struct retrying *retrying, struct err *err)
{
    const struct retry_source *source = retrying->source;
    bool private_file;

    if (plan_read(plan, source->dir, &private_file, err))
        return err_prefix(err, "--retry");
    keep_sides(plan, source);
    plan->rounds = plan->budget_ns ? 0 : (unsigned)most_rounds(retrying->comparison);
    plan->seed++; /* another order; the highest seed wraps to 0 */
    return trust_plan(plan, source->dir, false, private_file, source->trust,
                      source->screen, err) ||
                   pick_flagged(plan, retrying->comparison, err) ||
                   plan_complete(plan, err)
               ? -1
               : 0;
}

/* The item of the new rows that belongs to one of the old; NULL: none. */
static const struct compare_item *find_again(const struct comparison *again,
                                             const struct compare_item *item)
{
    for (size_t i = 0; i < again->overall_count && !item->strategy[0]; i++)
        if (again->overall[i].metric == item->metric)
            return &again->overall[i];
    for (size_t i = 0; i < again->item_count; i++)
        if (again->items[i].metric == item->metric &&
            is_cell(&again->items[i], item->strategy, item->level))
            return &again->items[i];
    return NULL;
}

static int compare_rows(struct retrying *retrying, const struct runs *runs,
                        struct err *err)
{
    struct compare_source base = {retrying->source->base, runs, retrying->source->base};
    struct compare_source head = {retrying->source->head, runs, retrying->source->head};

    comparison_free(&retrying->again);
    return comparison_make(&retrying->again, &base, &head, &retrying->options, err);
}

static bool is_settled(const struct comparison *again, const struct compare_item *item)
{
    const struct compare_item *other = is_flagged_item(item) ? find_again(again, item)
                                                             : NULL;

    return !is_flagged_item(item) || (other && other->verdict != COMPARE_CANNOT_TELL);
}

/* With a budget: is each slowdown found again or excluded? */
static int decide(void *user, const struct runs *runs, bool *decided, struct err *err)
{
    struct retrying *retrying = user;
    const struct comparison *comparison = retrying->comparison;

    if (compare_rows(retrying, runs, err))
        return -1;
    *decided = true;
    for (size_t i = 0; i < comparison->overall_count; i++)
        *decided &= is_settled(&retrying->again, &comparison->overall[i]);
    for (size_t i = 0; i < comparison->item_count; i++)
        *decided &= is_settled(&retrying->again, &comparison->items[i]);
    return 0;
}

/* Returns 0, EXIT_INTERRUPTED or -1. */
static int measure(struct retrying *retrying, struct err *err)
{
    const struct retry_source *source = retrying->source;
    struct session_sinks sinks = {
        .dir = retrying->dir,
        .listener = {.user = retrying,
                     .decide = decide,
                     .cell_line = run_screen_cell_line},
    };
    struct plan plan = {.url = NULL};
    struct session session = {.plan = NULL};
    int result = -1;

    if (!make_plan(&plan, retrying, err) && !session_open(&session, &plan, &sinks, err) &&
        !consent_require(&session, source->yes ? CONSENT_GIVEN : CONSENT_ASK,
                         source->screen, err) &&
        !session_start(&session, err)) {
        retrying->options.analyses = plan_analyses(&plan);
        result = session_run(&session, err);
        if (session_finish(&session, result ? NULL : err))
            result = -1;
        if (!result && session.tally.interrupted)
            result = EXIT_INTERRUPTED;
    }
    session_close(&session);
    plan_free(&plan);
    return result;
}

/* -- verdicts ------------------------------------------------------------------ */

static void judge_item(struct compare_item *item, const struct comparison *again)
{
    const struct compare_item *other = find_again(again, item);

    if (other && other->verdict == COMPARE_SLOWER) {
        (void)snprintf(item->reason, sizeof(item->reason),
                       "measured again: slower by %+.1f %%",
                       100 * (other->ratio.estimate - 1));
        return;
    }
    item->large_excluded = other && other->large_excluded;
    item->verdict = other && other->verdict != COMPARE_CANNOT_TELL ? COMPARE_NOT_SLOWER
                                                                   : COMPARE_CANNOT_TELL;
    (void)snprintf(item->reason, sizeof(item->reason),
                   "slower at first; measured again: %s (%+.1f %%)",
                   other ? compare_verdict_word(other->verdict) : "no figure",
                   other ? 100 * (other->ratio.estimate - 1) : 0.0);
}

/* Were all cells measured again? Only then does an overall line of the new rows cover the
 * same cells. */
static bool is_all_again(const struct comparison *comparison,
                         const struct comparison *again)
{
    for (size_t i = 0; i < comparison->item_count; i++)
        if (comparison->items[i].gates && !find_again(again, &comparison->items[i]))
            return false;
    return true;
}

/* Replaces an item that could not be told at first if the new rows exclude a slowdown;
 * also an overall line without cells, each of which had an invalid row. */
static void adopt(struct compare_item *item, const struct comparison *again)
{
    const struct compare_item *other = find_again(again, item);
    const char *strategy = item->strategy; /* borrowed from rows that stay */

    if (item->verdict != COMPARE_CANNOT_TELL || !other ||
        other->verdict == COMPARE_CANNOT_TELL || other->verdict == COMPARE_SLOWER)
        return;
    *item = *other;
    item->strategy = strategy;
    (void)snprintf(item->reason, sizeof(item->reason),
                   "cannot tell at first; measured again: %s",
                   compare_verdict_word(item->verdict));
}

static void judge_again(struct compare_item *item, const struct comparison *again)
{
    if (is_flagged_item(item))
        judge_item(item, again);
    else if (item->gates)
        adopt(item, again);
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
    for (size_t i = 0; i < comparison->overall_count; i++)
        if (is_all_again(comparison, again))
            judge_again(&comparison->overall[i], again);
    for (size_t i = 0; i < comparison->item_count; i++)
        judge_again(&comparison->items[i], again);
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
        .options = *options,
        .dir = new_directory(source->dir),
    };
    int result;

    if (!retrying.dir)
        return err_set(err, "cannot name a directory for another measurement in %s",
                       source->dir);
    result = measure(&retrying, err);
    /* Invalid rows are no failure of the measurement: the comparison reports them. */
    if (!result)
        result = runs_read(&retrying.runs, retrying.dir, err) ||
                         compare_rows(&retrying, &retrying.runs, err)
                     ? -1
                     : 0;
    if (!result)
        judge(comparison, &retrying.again);
    comparison_free(&retrying.again);
    runs_free(&retrying.runs);
    free(retrying.dir);
    return result;
}
