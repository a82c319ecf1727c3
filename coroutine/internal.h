/* internal.h - what the files of this folder know of tasks and loops, and nobody else. */
#ifndef COROUTINE_INTERNAL_H
#define COROUTINE_INTERNAL_H

#include "coroutine/fiber.h"
#include "coroutine/task.h"

#define COMPLETION_KIND 0x636d706cu

/* One task that awaits one completion; on the stack of its coroutine. */
struct waiter {
    struct task *task;
    struct waiter *next;
    bool complete; /* what was awaited has happened; the completion may be gone */
};

struct done_callback {
    task_done_fn *done;
    void *user;
    struct done_callback *next;
};

struct task {
    struct coroutine coroutine;
    struct task_loop *loop; /* NULL before it is started */
    struct fiber *fiber;    /* while it is under way */
    enum task_state state;
    unsigned holds; /* its owner, and its loop while it is under way */
    bool queued;    /* in the loop's queue of those that can go on */
    bool cancel_requested;
    bool failed, seen;
    void *result;
    char *failure; /* words; NULL with `failed`: there was no memory for them */
    struct completion end;
    struct done_callback *callbacks;
    struct task *next_ready;
    struct task *next, **link; /* all tasks of the loop that have not ended */

    /* From its loop, which may go first. */
    void (*on_unseen)(void *user, const char *name, const char *failure);
    void *user;
};

struct task_loop {
    struct task_loop_options options;
    struct event_base *base;
    struct task *current; /* the one that runs now */
    bool running, closing;
    struct task *first_ready, **last_ready;
    struct task *tasks;
    struct fiber **idle; /* fibers without a task, the last used at the end */
    size_t idle_count, idle_room;
};

/* Puts a task behind those that can go on. */
void task_wake(struct task *task);

/* Sets how it came out and tells all who await it. */
void task_end(struct task *task, enum task_state state);

/* Gives one hold back; the last one frees it. */
void task_drop(struct task *task);

#endif
