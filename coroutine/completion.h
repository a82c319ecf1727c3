/* completion.h - an event that happens once, and the tasks that await it. */
#ifndef COROUTINE_COMPLETION_H
#define COROUTINE_COMPLETION_H

#include <stdbool.h>
#include <stdint.h>

#include "coroutine/ready.h"

/* A task that awaits a completion; on the stack of its coroutine. */
struct waiter {
    struct runnable *runnable;
    struct waiter *next;
    bool complete; /* the event has happened; the completion may be gone */
};

/* An event that happens once, such as the end of a transfer. Must live as long as a task
 * awaits it. */
struct completion {
    uint32_t kind; /* completion_init() sets it; anything else is not awaitable */
    bool complete;
    struct waiter *first, *last; /* the waiters, in order of arrival */
};

void completion_init(struct completion *completion);

/* True after completion_init(); NULL is fine. */
bool completion_is_awaitable(const struct completion *completion);

/* Marks the event as happened: all waiters become ready, and later awaits return at once.
 * Only from the loop's thread: a coroutine, or a callback of its event base. */
void completion_complete(struct completion *completion);

/* For await.c alone: `waiter` is woken when it happens ... */
void completion_join(struct completion *completion, struct waiter *waiter);

/* ... unless it leaves before. Only for a waiter that has joined and is not complete. */
void completion_leave(struct completion *completion, const struct waiter *waiter);

#endif
