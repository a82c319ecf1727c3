/* strategy.c - queries on the strategies' tables. See strategy.h. */
#include "strategies/strategy.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

static bool is_name(const char *name, const char *typed)
{
    while (*name && (*typed == *name || (*typed == '_' && *name == '-'))) {
        name++;
        typed++;
    }
    return *name == *typed;
}

const struct strategy *strategy_find(const char *name)
{
    for (size_t i = 0; strategies[i]; i++)
        if (is_name(strategies[i]->name, name))
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

const char *strategy_costs(const struct strategy *strategy, char text[STRATEGY_TEXT_SIZE])
{
    static const char *const workers[] = {
        [STRATEGY_NO_WORKERS] = "",
        [STRATEGY_WORKER_EACH] = "; workers are made once",
        [STRATEGY_WORKER_REQUEST] = "; a new worker per request",
        [STRATEGY_WORKERS_SHARE] = "; the workers divide the level (--workers)",
    };
    const struct strategy_needs *needs = &strategy->needs;
    const char *each = strategy->level_limit ? "in total" : "per request in flight";

    text[0] = '\0';
    if (needs->threads || needs->processes)
        (void)text_append_item(text, STRATEGY_TEXT_SIZE, "1 %s",
                               needs->threads ? "thread" : "process");
    if (needs->descriptors)
        (void)text_append_item(text, STRATEGY_TEXT_SIZE, "%u descriptor%s",
                               needs->descriptors, needs->descriptors > 1 ? "s" : "");
    (void)text_append(text, STRATEGY_TEXT_SIZE, " %s%s", each,
                      workers[strategy->workers]);
    return text;
}

const char *strategy_limits(const struct strategy *strategy,
                            char text[STRATEGY_TEXT_SIZE])
{
    char in_flight[32] = "as many in flight as the level";

    if (strategy->level_limit)
        (void)snprintf(in_flight, sizeof(in_flight), "%u in flight",
                       strategy->level_limit);
    (void)snprintf(text, STRATEGY_TEXT_SIZE, "%s%s%s%s", in_flight,
                   strategy->fresh_only ? "; cannot keep connections" : "",
                   strategy->plain_http_only ? "; http://<IPv4 address>/ only, no gzip"
                                             : "",
                   strategy->reference ? "; a reference, not ranked" : "");
    return text;
}

void strategy_names(const char **names, size_t room)
{
    size_t count = 0;

    while (strategies[count] && count + 1 < room) {
        names[count] = strategies[count]->name;
        count++;
    }
    names[count] = NULL;
}
