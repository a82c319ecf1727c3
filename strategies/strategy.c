/* strategy.c - what follows from the tables, see strategy.h. */
#include "strategies/strategy.h"

#include <string.h>

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

unsigned strategy_workers(const struct strategy *strategy, unsigned level,
                          unsigned workers)
{
    switch (strategy->workers) {
    case STRATEGY_WORKER_EACH:
    case STRATEGY_WORKER_REQUEST:
        return level;
    case STRATEGY_WORKERS_SHARE:
        return workers < level ? workers : level;
    default:
        return 0;
    }
}
