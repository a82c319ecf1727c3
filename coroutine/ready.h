/* ready.h - the queue of those that can go on, in the order of their waking. */
#ifndef COROUTINE_READY_H
#define COROUTINE_READY_H

#include <stdbool.h>

/* One that can be woken; embedded in its task. */
struct runnable {
    struct ready_queue *queue; /* that of its loop */
    struct runnable *next;     /* behind it in the queue */
    bool awake; /* it is in the queue, or runs: waking it changes nothing */
};

struct ready_queue {
    struct runnable *first, **last;
};

void ready_init(struct ready_queue *queue);

/* Puts it behind those that can go on; nothing if it is awake. */
void ready_wake(struct runnable *runnable);

/* It is about to run no longer: from here on it can be woken. */
void ready_rest(struct runnable *runnable);

/* Empties the queue. Returns what was in it, linked by `next`; NULL for nothing. Each
 * stays awake until ready_rest(). */
struct runnable *ready_take_all(struct ready_queue *queue);

#endif
