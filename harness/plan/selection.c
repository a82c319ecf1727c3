/* selection.c - see selection.h. */
#include "harness/plan/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/parse.h"
#include "base/suggest.h"
#include "base/text.h"
#include "harness/plan/outside.h"
#include "strategies/outside/shipped.h"

static const char all_strategies[] = "all";

/* Number `i` of all strategies: those of bench, then those from outside. NULL: no more.
 */
static const struct strategy *strategy_at(const struct plan *plan, size_t i)
{
    size_t own = 0;

    while (strategies[own] && own < i)
        own++;
    if (strategies[own])
        return strategies[own];
    return i - own < plan->outside.count ? &plan->outside.items[i - own]->strategy : NULL;
}

static int unknown_strategy(const struct plan *plan, const char *name, bool may_be_group,
                            struct err *err)
{
    const struct strategy *strategy;
    struct suggestion suggestion = suggest_begin(name, strlen(name));

    if (may_be_group)
        suggest_offer(&suggestion, all_strategies);
    for (size_t i = 0; (strategy = strategy_at(plan, i)); i++) {
        suggest_offer(&suggestion, strategy->name);
        if (may_be_group && strategy->group)
            suggest_offer(&suggestion, strategy->group);
    }
    for (const struct shipped *shipped = shipped_programs; shipped->name; shipped++) {
        suggest_offer(&suggestion, shipped->name);
        if (may_be_group)
            suggest_offer(&suggestion, shipped->group);
    }
    return suggest_unknown(err, "strategy", &suggestion, "see bench list");
}

const struct strategy *selection_find(const struct plan *plan, const char *name)
{
    const struct strategy *strategy = strategy_find(name);

    for (size_t i = 0; !strategy && i < plan->outside.count; i++)
        if (!strcmp(plan->outside.items[i]->name, name))
            strategy = &plan->outside.items[i]->strategy;
    return strategy;
}

/* Defines the programs that ship with bench and have this name, or are of this group. */
static int define_shipped(struct plan *plan, const char *name, struct err *err)
{
    for (const struct shipped *shipped = shipped_programs; shipped->name; shipped++)
        if ((!strcmp(shipped->name, name) || !strcmp(shipped->group, name)) &&
            !selection_find(plan, shipped->name) &&
            outside_add_shipped(plan, shipped, err))
            return -1;
    return 0;
}

static int add_strategy(struct plan *plan, const struct strategy *strategy, bool by_group,
                        struct err *err)
{
    size_t i = 0;

    while (i < plan->strategy_count && plan->strategies[i] != strategy)
        i++;
    if (i == PLAN_STRATEGIES_MAX)
        return err_set(err, "more than %d strategies", PLAN_STRATEGIES_MAX);
    if (i == plan->strategy_count) {
        plan->strategies[plan->strategy_count++] = strategy;
        plan->by_group[i] = by_group;
    }
    plan->by_group[i] &= by_group;
    return 0;
}

void selection_leave_out_serial(struct plan *plan)
{
    size_t count = 0;

    plan->left_out_count = 0;
    for (size_t i = 0; i < plan->strategy_count; i++) {
        const struct strategy *strategy = plan->strategies[i];

        if (plan->by_group[i] && strategy->level_limit == 1) {
            plan->left_out[plan->left_out_count++] = strategy;
            continue;
        }
        plan->by_group[count] = plan->by_group[i];
        plan->strategies[count++] = strategy;
    }
    plan->strategy_count = count;
}

int selection_add(struct plan *plan, const char *name, struct err *err)
{
    const struct strategy *named = selection_find(plan, name);
    const struct strategy *strategy;
    bool found = false;

    if (!named && define_shipped(plan, name, err))
        return -1;
    named = selection_find(plan, name);
    for (size_t i = 0; (strategy = strategy_at(plan, i)); i++) {
        if (strcmp(name, all_strategies) != 0 && named != strategy &&
            (!strategy->group || strcmp(name, strategy->group) != 0))
            continue;
        found = true;
        if (add_strategy(plan, strategy, named != strategy, err))
            return -1;
    }
    return found ? 0 : unknown_strategy(plan, name, true, err);
}

static int add_each(struct plan *plan, const char *list,
                    int (*add)(struct plan *plan, const char *text, struct err *err),
                    struct err *err)
{
    char *copy = strdup(list);
    char *rest = copy;
    int result = 0;
    char *text;

    if (!copy)
        return err_errno(err, "no memory for a list");
    selection_begin_cells(plan);
    while (!result && (text = text_take_item(&rest)))
        result = add(plan, text, err);
    free(copy);
    return result;
}

int selection_parse(struct plan *plan, const char *list, struct err *err)
{
    return add_each(plan, list, selection_add, err);
}

/* Is it the first strategy of its group? */
static bool opens_group(size_t at)
{
    if (!strategies[at]->group)
        return false;
    for (size_t i = 0; i < at; i++)
        if (strategies[i]->group && !strcmp(strategies[i]->group, strategies[at]->group))
            return false;
    return true;
}

const char *selection_word(size_t index)
{
    if (!index--)
        return all_strategies;
    for (size_t i = 0; strategies[i]; i++)
        if (opens_group(i) && !index--)
            return strategies[i]->group;
    for (size_t i = 0; strategies[i]; i++)
        if (!index--)
            return strategies[i]->name;
    return NULL;
}

/* -- cells --------------------------------------------------------------------- */

void selection_begin_cells(struct plan *plan)
{
    plan->strategy_count = 0;
    plan->pick_count = 0;
    plan->picks_calibrated = false;
}

int selection_pick(struct plan *plan, const struct strategy *strategy, unsigned point,
                   struct err *err)
{
    if (plan->pick_count && plan_has(plan, strategy, point))
        return 0;
    if (plan->pick_count == PLAN_PICKS_MAX)
        return err_set(err, "more than %d cells", PLAN_PICKS_MAX);
    plan->picks[plan->pick_count++] = (struct pick){strategy, point};
    return add_strategy(plan, strategy, false, err);
}

int selection_add_cell(struct plan *plan, const char *text, struct err *err)
{
    const char *at = strchr(text, '@');
    const struct strategy *strategy;
    uint64_t point;
    char *name;

    if (!at)
        return err_set(err, "'%s' is not of the form STRATEGY@LEVEL", text);
    name = strndup(text, (size_t)(at - text));
    if (!name)
        return err_errno(err, "no memory for a cell");
    strategy = selection_find(plan, name);
    if (!strategy && define_shipped(plan, name, err)) {
        free(name);
        return -1;
    }
    strategy = selection_find(plan, name);
    if (!strategy)
        (void)unknown_strategy(plan, name, false, err);
    free(name);
    if (!strategy || parse_count(at + 1, 1, RATE_MAX, &point, err))
        return -1;
    return selection_pick(plan, strategy, (unsigned)point, err);
}

/* The levels are those of all picks. */
void selection_end_cells(struct plan *plan)
{
    plan->levels.count = 0;
    for (size_t i = 0; i < plan->pick_count; i++)
        /* Cannot fail: a plan has fewer picks than levels. */
        (void)levels_add(&plan->levels, plan->picks[i].point, NULL);
}

int selection_parse_cells(struct plan *plan, const char *list, struct err *err)
{
    if (add_each(plan, list, selection_add_cell, err))
        return -1;
    selection_end_cells(plan);
    return 0;
}
