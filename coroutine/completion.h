/* completion.h - something that will happen once, and who awaits it. */
#ifndef COROUTINE_COMPLETION_H
#define COROUTINE_COMPLETION_H

#include <stdbool.h>
#include <stdint.h>

#include "coroutine/ready.h"

/* One that awaits a completion; on the stack of its coroutine. */
struct waiter {
    struct runnable *runnable;
    struct waiter *next;
    bool complete; /* what was awaited has happened; the completion may be gone */
};

/* Something that will happen once: the end of a transfer, say. Must live as long as a
 * task awaits it. */
struct completion {
    uint32_t kind; /* completion_init() sets it; anything else is not awaitable */
    bool complete;
    struct waiter *first, *last; /* who awaits it, in the order of their coming */
};

void completion_init(struct completion *completion);

/* True for one that completion_init() has been called for; NULL is fine. */
bool completion_is_awaitable(const struct completion *completion);

/* It has happened: all that await it go on, those of later at once. From the loop's
 * thread: a coroutine, a callback of its event base. */
void completion_complete(struct completion *completion);

/* For await.c, which waits: `waiter` is woken when it happens ... */
void completion_join(struct completion *completion, struct waiter *waiter);

/* ... unless it leaves before. Only one that has joined and is not complete. */
void completion_leave(struct completion *completion, const struct waiter *waiter);

#endif
