/* loop.c - see loop.h. */
#include "base/loop.h"

#include <stdbool.h>

/* Failures are returned as results; libevent would print them, too. */
static void say_nothing(int severity, const char *message)
{
    (void)severity;
    (void)message;
}

static struct event_base *create(bool has_timers, struct err *err)
{
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;

    event_set_log_callback(say_nothing);
    if (config &&
        (!has_timers || !event_config_set_flag(config, EVENT_BASE_FLAG_PRECISE_TIMER)) &&
        !event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME) &&
        !event_config_set_flag(config, EVENT_BASE_FLAG_IGNORE_ENV) &&
        !event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK))
        base = event_base_new_with_config(config);
    if (config)
        event_config_free(config);
    if (!base)
        (void)err_set(err, "cannot create an event loop: out of memory or descriptors");
    return base;
}

struct event_base *loop_create(struct err *err)
{
    return create(true, err);
}

struct event_base *loop_create_without_timers(struct err *err)
{
    return create(false, err);
}
