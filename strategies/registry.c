/* registry.c - the table of tables, made from list.def. */
#include <string.h>

#include "strategies/strategy.h"

#define STRATEGY(x) extern const struct strategy strategy_##x;
#include "strategies/list.def"
#undef STRATEGY

const struct strategy *const strategies[] = {
#define STRATEGY(x) &strategy_##x,
#include "strategies/list.def"
#undef STRATEGY
    NULL,
};

const struct strategy *strategy_find(const char *name)
{
    for (size_t i = 0; strategies[i]; i++)
        if (!strcmp(strategies[i]->name, name))
            return strategies[i];
    return NULL;
}

unsigned strategy_in_flight_limit(const struct strategy *strategy, unsigned level)
{
    return strategy->level_limit && strategy->level_limit < level ? strategy->level_limit
                                                                  : level;
}
