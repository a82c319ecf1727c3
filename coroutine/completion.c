/* completion.c - see completion.h. */
#include "coroutine/completion.h"

#include <stddef.h>

#define COMPLETION_KIND 0x636d706cu

void completion_init(struct completion *completion)
{
    *completion = (struct completion){.kind = COMPLETION_KIND};
}

bool completion_is_awaitable(const struct completion *completion)
{
    return completion && completion->kind == COMPLETION_KIND;
}

void completion_complete(struct completion *completion)
{
    completion->complete = true;
    while (completion->first) {
        struct waiter *waiter = completion->first;

        completion->first = waiter->next;
        waiter->complete = true;
        ready_wake(waiter->runnable);
    }
}

void completion_join(struct completion *completion, struct waiter *waiter)
{
    if (completion->first)
        completion->last->next = waiter;
    else
        completion->first = waiter;
    completion->last = waiter;
}

void completion_leave(struct completion *completion, const struct waiter *waiter)
{
    struct waiter *before = NULL;
    struct waiter *at = completion->first;

    while (at != waiter) {
        before = at;
        at = at->next;
    }
    if (before)
        before->next = waiter->next;
    else
        completion->first = waiter->next;
    if (completion->last == waiter)
        completion->last = before;
}
