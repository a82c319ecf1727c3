/* loop.h - the loop that runs tasks. */
#ifndef COROUTINE_LOOP_H
#define COROUTINE_LOOP_H

#include <stddef.h>

#include <event2/event.h>

#include "coroutine/task.h"

struct task_loop; /* opaque; one thread only, and all its tasks with it */

struct task_loop_options {
    size_t stack_bytes; /* of each coroutine; 0: TASK_STACK_BYTES */

    /* Told of each failure that was never seen when its task goes; required, because a
     * failure that a loop swallows cannot be mended. */
    void (*on_unseen)(void *user, const char *name, const char *failure);

    /* Optional: does what has become due outside of the tasks, and may complete what they
     * await; called at least once in every turn. */
    void (*advance)(void *user);

    /* Optional: called last before the loop waits for events. */
    void (*before_wait)(void *user);
    void *user; /* lives as long as the loop and its tasks */
};

/* Room for libcurl and a TLS library; what is not touched takes no memory. */
enum { TASK_STACK_BYTES = 256 * 1024 };

/* A loop with precise timers. `options` are copied. */
int task_loop_open(struct task_loop **out, const struct task_loop_options *options,
                   struct err *err);

/* Hands a pending task to a loop. -1 if one has it already. */
int task_start(struct task *task, struct task_loop *loop, struct err *err);

/* Cancels all that is under way and lets it come to its end; nothing can be started on
 * this loop any more. A coroutine that never returns although every await fails
 * keeps this from returning. Not from inside a coroutine. */
void task_loop_cancel(struct task_loop *loop);

/* The same, and gives all back. NULL is fine. */
void task_loop_close(struct task_loop *loop);

/* Starts the task if it is pending, and runs all tasks of the loop until this one has
 * ended. 0, or -1 and the message of its failure; -1 too if it awaits what can no longer
 * happen, or if the loop runs already. The others stay as they are. */
int task_loop_run(struct task_loop *loop, struct task *task, struct err *err);

/* To wait for other things on the same loop; borrowed. */
struct event_base *task_loop_base(struct task_loop *loop);

#endif
