/* ready.h - the queue of tasks that are ready to run, in the order they were woken. */
#ifndef COROUTINE_READY_H
#define COROUTINE_READY_H

#include <stdbool.h>

/* An entry that can be woken; embedded in its task. */
struct runnable {
    struct ready_queue *queue; /* the queue of its loop */
    struct runnable *next;     /* the one after it in the queue */
    bool awake; /* it is in the queue, or runs: waking it changes nothing */
};

struct ready_queue {
    struct runnable *first, **last;
};

void ready_init(struct ready_queue *queue);

/* Appends it to the queue; no effect if it is awake. */
void ready_wake(struct runnable *runnable);

/* Marks it as about to stop running: from here on it can be woken. */
void ready_rest(struct runnable *runnable);

/* Empties the queue and returns its entries, linked by `next`; NULL if there were none.
 * Each stays awake until ready_rest(). */
struct runnable *ready_take_all(struct ready_queue *queue);

#endif
