/* selection.c - see selection.h. */
#include "harness/selection.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    while (!result && (name = strsep(&rest, ",")))
        result = add_by_name(plan, name, err);
    free(copy);
    return result;
}
