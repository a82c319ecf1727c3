/* search.c - see search.h. */
#include "harness/sweep/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/random.h"

struct subject {
    const struct strategy *strategy;
    const struct variant *variant;
};

struct searches {
    const struct plan *plan;
    const struct runs *runs;
    struct subject *subjects;
    size_t count;
};

/* The recorded row of a subject at a rate in a round; NULL: none. */
static const struct row *find_row(const struct searches *searches,
                                  const struct subject *subject, unsigned rate,
                                  unsigned round)
{
    for (size_t i = 0; i < searches->runs->count; i++) {
        const struct row *row = &searches->runs->rows[i];

        if (row_count(row, COLUMN_rate_rps) == rate &&
            row_count(row, COLUMN_round) == round &&
            !strcmp(row_text(row, COLUMN_strategy), subject->strategy->name) &&
            !strcmp(row_text(row, COLUMN_variant), subject->variant->name))
            return row;
    }
    return NULL;
}

/* Follows the search of a subject through its rows. True: this cell comes next. */
static bool next_cell(const struct searches *searches, const struct subject *subject,
                      struct cell *cell)
{
    const struct plan *plan = searches->plan;
    const struct levels *rates = &plan->rates;
    struct rate_search search;

    rate_search_begin(&search, &plan->find_rate, rates->values[0],
                      rates->values[rates->count - 1], plan_rounds(plan));
    while (search.rate) {
        unsigned round = rate_search_round(&search);
        const struct row *row = find_row(searches, subject, search.rate, round);

        if (!row) {
            *cell = plan_cell_at_rate(plan, subject->strategy, subject->variant,
                                      search.rate, round);
            return true;
        }
        rate_search_add(&search, row);
    }
    return false;
}

static void shuffle(struct subject *subjects, size_t count, struct random *random)
{
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_below(random, i);
        struct subject other = subjects[j];

        subjects[j] = subjects[i - 1];
        subjects[i - 1] = other;
    }
}

/* One cell for each search that is not over. */
static int take_turns(const struct searches *searches, struct sweep *sweep, bool *more,
                      struct err *err)
{
    unsigned position = 0;

    *more = false;
    for (size_t i = 0; i < searches->count; i++) {
        struct cell cell;

        if (sweep->tally->interrupted)
            break;
        if (!next_cell(searches, &searches->subjects[i], &cell))
            continue;
        *more = true;
        cell.position = ++position;
        if (sweep_visit(sweep, &cell, err))
            return -1;
        if (cell.round > sweep->tally->rounds)
            sweep->tally->rounds = cell.round;
    }
    return 0;
}

static void list_subjects(struct searches *searches)
{
    const struct plan *plan = searches->plan;

    for (size_t i = 0; i < plan->strategy_count; i++)
        for (size_t j = 0; j < plan->variant_count; j++)
            searches->subjects[searches->count++] = (struct subject){plan->strategies[i],
                                                                     &plan->variants[j]};
}

int search_run(const struct record_source *source, const struct machine_limits *limits,
               const struct sweep_hooks *hooks, const struct runs *runs,
               struct sweep_tally *tally, struct err *err)
{
    const struct plan *plan = source->plan;
    struct sweep sweep = {plan, limits, source, hooks, tally};
    struct searches searches = {.plan = plan, .runs = runs};
    struct random random = {plan->seed};
    bool more = true;
    int result = 0;

    *tally = (struct sweep_tally){.interrupted = false};
    searches.subjects = calloc(plan->strategy_count * plan->variant_count + 1,
                               sizeof(*searches.subjects));
    if (!searches.subjects)
        return err_errno(err, "no memory for a search");
    list_subjects(&searches);
    while (!result && more && !tally->interrupted) {
        shuffle(searches.subjects, searches.count, &random);
        result = take_turns(&searches, &sweep, &more, err);
    }
    free(searches.subjects);
    return result;
}
