/* selection.c - see selection.h. */
#include "harness/plan/selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/parse.h"

static int no_such_strategy(const char *name, struct err *err)
{
    char names[400] = "all";
    size_t used = strlen(names);

    for (size_t i = 0; strategies[i] && used < sizeof(names); i++)
        if (strategies[i]->group && !strstr(names, strategies[i]->group))
            used += (size_t)snprintf(names + used, sizeof(names) - used, ", %s",
                                     strategies[i]->group);
    for (size_t i = 0; strategies[i] && used < sizeof(names); i++)
        used += (size_t)snprintf(names + used, sizeof(names) - used, ", %s",
                                 strategies[i]->name);
    return err_set(err, "there is no strategy '%s'; there are %s", name, names);
}

static int add_strategy(struct plan *plan, const struct strategy *strategy,
                        struct err *err)
{
    for (size_t i = 0; i < plan->strategy_count; i++)
        if (plan->strategies[i] == strategy)
            return 0;
    if (plan->strategy_count == PLAN_STRATEGIES_MAX)
        return err_set(err, "more than %d strategies", PLAN_STRATEGIES_MAX);
    plan->strategies[plan->strategy_count++] = strategy;
    return 0;
}

static int add_by_name(struct plan *plan, const char *name, struct err *err)
{
    bool found = false;

    for (size_t i = 0; strategies[i]; i++) {
        const struct strategy *strategy = strategies[i];

        if (strcmp(name, "all") != 0 && strcmp(name, strategy->name) != 0 &&
            (!strategy->group || strcmp(name, strategy->group) != 0))
            continue;
        found = true;
        if (add_strategy(plan, strategy, err))
            return -1;
    }
    return found ? 0 : no_such_strategy(name, err);
}

int selection_parse(struct plan *plan, const char *list, struct err *err)
{
    char *copy = strdup(list);
    char *rest = copy;
    int result = 0;
    char *name;

    if (!copy)
        return err_errno(err, "no memory for the strategies");
    plan->strategy_count = 0;
    plan->pick_count = 0;
    while (!result && (name = strsep(&rest, ",")))
        result = add_by_name(plan, name, err);
    free(copy);
    return result;
}

/* -- cells --------------------------------------------------------------------- */

static int compare_levels(const void *left, const void *right)
{
    unsigned a = *(const unsigned *)left;
    unsigned b = *(const unsigned *)right;

    return (a > b) - (a < b);
}

/* The levels of all picks, each once, going up. */
static void collect_levels(struct plan *plan)
{
    struct levels *levels = &plan->levels;
    size_t kept = 0;

    levels->count = 0;
    for (size_t i = 0; i < plan->pick_count; i++)
        levels->values[levels->count++] = plan->picks[i].level;
    qsort(levels->values, levels->count, sizeof(levels->values[0]), compare_levels);
    for (size_t i = 0; i < levels->count; i++)
        if (!i || levels->values[i] != levels->values[kept - 1])
            levels->values[kept++] = levels->values[i];
    levels->count = kept;
}

static int add_pick(struct plan *plan, char *text, struct err *err)
{
    char *at = strchr(text, '@');
    struct pick pick;
    uint64_t level;

    if (!at)
        return err_set(err, "'%s' is not of the form STRATEGY@LEVEL", text);
    *at = '\0';
    pick.strategy = strategy_find(text);
    if (!pick.strategy)
        return no_such_strategy(text, err);
    if (parse_count(at + 1, 1, LEVEL_MAX, &level, err))
        return -1;
    pick.level = (unsigned)level;
    if (plan->pick_count && plan_has(plan, pick.strategy, pick.level))
        return 0;
    if (plan->pick_count == PLAN_PICKS_MAX)
        return err_set(err, "more than %d cells", PLAN_PICKS_MAX);
    plan->picks[plan->pick_count++] = pick;
    return add_strategy(plan, pick.strategy, err);
}

int selection_parse_cells(struct plan *plan, const char *list, struct err *err)
{
    char *copy = strdup(list);
    char *rest = copy;
    int result = 0;
    char *text;

    if (!copy)
        return err_errno(err, "no memory for the cells");
    plan->strategy_count = 0;
    plan->pick_count = 0;
    while (!result && (text = strsep(&rest, ",")))
        result = add_pick(plan, text, err);
    free(copy);
    if (!result)
        collect_levels(plan);
    return result;
}
