/* task.h - a coroutine, the task that runs it, and the result of the task. await.h shows
 * how to use them. */
#ifndef COROUTINE_TASK_H
#define COROUTINE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "coroutine/completion.h"
#include "coroutine/ready.h"

struct task;

/* The body of a coroutine. `self` is the task that runs it, which every await needs.
 * Returns 0 and may set *result (NULL before), or -1 and says why in `err`. */
typedef int coroutine_fn(struct task *self, void *argument, void **result,
                         struct err *err);

/* A coroutine: a function and its argument. A plain value; making one runs nothing. */
struct coroutine {
    coroutine_fn *function;
    void *argument; /* borrowed until the task has ended */
    const char
        *name; /* for people, in errors; borrowed as long as its task; NULL: none */
};

/* name, word */
#define TASK_STATES(X)                                         \
    X(PENDING, "pending")     /* has not run yet */            \
    X(RUNNING, "running")     /* runs now: it is the caller */ \
    X(SUSPENDED, "suspended") /* awaits, or is ready again */  \
    X(FINISHED, "finished")   /* has a result, or failed */    \
    X(CANCELLED, "cancelled")

enum task_state {
#define X(name, word) TASK_##name,
    TASK_STATES(X)
#undef X
        TASK_STATE_COUNT
};

/* Makes a task for a coroutine, which is copied. It runs once it is started on a loop.
 * Owner: the caller, task_release(). */
int task_create(struct task **out, const struct coroutine *coroutine, struct err *err);

/* Gives up the caller's reference; a task that is under way still runs to its end. Its
 * result cannot be read then, so a failure that was not seen by its end is reported. NULL
 * is fine. */
void task_release(struct task *task);

enum task_state task_state(const struct task *task);
const char *task_state_word(enum task_state state);
bool task_has_ended(const struct task *task);
const char *task_name(const struct task *task);

/* Returns 0 and the result that the coroutine has set (`result` may be NULL), or -1 and a
 * message if the task failed, was cancelled or has not ended. A failure counts as
 * seen. */
int task_result(struct task *task, void **result, struct err *err);

/* Calls `done` with the task when it has ended, outside of it; at once if it has. Several
 * are called in the order in which they were added. A callback may start tasks; it cannot
 * await. */
typedef void task_done_fn(struct task *task, void *user);
int task_on_done(struct task *task, task_done_fn *done, void *user, struct err *err);

/* Cancels a task: one that has not run never will; in one that has, every await fails
 * from now on, and it is cancelled if its coroutine then returns -1. No effect on one
 * that has ended. */
void task_cancel(struct task *task);

/* -- for loop.c and await.c alone ---------------------------------------------- */

/* Only this folder accesses the fields of a task. */
struct task {
    uint32_t kind; /* first: task_is_awaitable() asks for it */
    struct runnable runnable;
    struct coroutine coroutine;
    struct task_loop *loop; /* NULL before it is started */
    struct fiber *fiber;    /* while it is under way */
    enum task_state state;
    unsigned holds; /* references: its owner, and its loop while it is under way */
    bool cancel_requested;
    bool failed, seen;
    void *result;
    char *failure; /* the message; NULL with `failed`: there was no memory for it */
    struct completion end;
    struct done_callback *callbacks;
    struct task *next, **link; /* all tasks of the loop that have not ended */

    /* Copied from its loop, which may be freed first. */
    void (*on_unseen)(void *user, const char *name, const char *failure);
    void *user;
};

/* False for NULL, and for any other object of at least four bytes: C converts a void * to
 * a struct task * without a word. */
bool task_is_awaitable(const struct task *task);

/* Sets the final state, wakes all that await it and calls its callbacks. */
void task_end(struct task *task, enum task_state state);

/* Gives up one reference; the last one frees the task. */
void task_drop(struct task *task);

#endif
