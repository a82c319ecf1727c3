/* loop.h - the loop that runs tasks. */
#ifndef COROUTINE_LOOP_H
#define COROUTINE_LOOP_H

#include <stddef.h>

#include <event2/event.h>

#include "coroutine/task.h"

struct task_loop; /* opaque; one thread only, and all its tasks with it */

struct task_loop_options {
    size_t stack_bytes; /* of each coroutine; 0: TASK_STACK_BYTES */

    /* Called for each failure that was not seen before its task is freed; required,
     * because a failure that a loop swallows cannot be fixed. */
    void (*on_unseen)(void *user, const char *name, const char *failure);

    /* Optional: does work that is due outside the tasks, and may complete what tasks
     * await; called at least once per iteration. */
    void (*advance)(void *user);

    /* Optional: called last before the loop waits for events. */
    void (*before_wait)(void *user);
    void *user; /* lives as long as the loop and its tasks */
};

/* Room for libcurl and a TLS library; untouched pages take no memory. */
enum { TASK_STACK_BYTES = 256 * 1024 };

/* A loop with precise timers. `options` are copied. */
int task_loop_open(struct task_loop **out, const struct task_loop_options *options,
                   struct err *err);

/* Hands a pending task to a loop. -1 if it already has one. */
int task_start(struct task *task, struct task_loop *loop, struct err *err);

/* Cancels all tasks under way and lets them run to their end; no task can be started on
 * this loop any more. A coroutine that never returns although every await fails keeps
 * this from returning. Not from inside a coroutine. */
void task_loop_cancel(struct task_loop *loop);

/* The same, then frees the loop. NULL is fine. */
void task_loop_close(struct task_loop *loop);

/* Starts the task if it is pending, and runs all tasks of the loop until this one has
 * ended. Returns 0, or -1 and the message of its failure; also -1 if it awaits something
 * that can no longer happen, or if the loop is already running. Other tasks stay as they
 * are. */
int task_loop_run(struct task_loop *loop, struct task *task, struct err *err);

/* For waiting for other things on the same loop; borrowed. */
struct event_base *task_loop_base(struct task_loop *loop);

#endif
