/* ready.c - see ready.h. */
#include "coroutine/ready.h"

#include <stddef.h>

void ready_init(struct ready_queue *queue)
{
    queue->first = NULL;
    queue->last = &queue->first;
}

void ready_wake(struct runnable *runnable)
{
    if (runnable->awake)
        return;
    runnable->awake = true;
    runnable->next = NULL;
    *runnable->queue->last = runnable;
    runnable->queue->last = &runnable->next;
}

void ready_rest(struct runnable *runnable)
{
    runnable->awake = false;
}

struct runnable *ready_take_all(struct ready_queue *queue)
{
    struct runnable *first = queue->first;

    ready_init(queue);
    return first;
}
