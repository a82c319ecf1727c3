/* task.h - coroutines, the tasks that run them, the loop that runs the tasks.
 *
 *     static int fetch(struct task *self, void *argument, void **result, struct err *err)
 *     {
 *         if (await_sleep(self, 50 * CLOCK_NS_PER_MS, err))   others run meanwhile
 *             return -1;
 *         *result = argument;
 *         return 0;
 *     }
 *
 *     struct coroutine coroutine = {fetch, "page", "fetch"};  runs nothing
 *     task_create(&task, &coroutine, err);                    pending, needs no loop
 *     task_on_done(task, print_it, NULL, err);                called with the task
 *     task_loop_open(&loop, NULL, err);
 *     task_loop_run(loop, task, err);                         until it is complete
 *     task_result(task, &page, err);                          also afterwards
 *
 * A coroutine has a stack of its own. It runs until it awaits something that has not
 * happened yet; then it is suspended and another one runs. All of it happens in one
 * thread, and nothing is interrupted between two awaits, so nothing needs a lock. A call
 * that blocks, blocks all of them.
 *
 * Whatever can fail returns 0 or -1 and the words. docs/coroutines.md shows each example
 * of the article beside its form here. */
#ifndef COROUTINE_TASK_H
#define COROUTINE_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <event2/event.h>

#include "base/err.h"

struct task;      /* opaque */
struct task_loop; /* opaque; one thread only, and all its tasks with it */

/* The body of a coroutine. `self` is the task that runs it, which every await needs.
 * Returns 0 and may set *result (NULL before), or -1 and says why in `err`. */
typedef int coroutine_fn(struct task *self, void *argument, void **result,
                         struct err *err);

/* A coroutine: what to run, with what. A plain value; making one runs nothing. */
struct coroutine {
    coroutine_fn *function;
    void *argument; /* borrowed until the task has ended */
    const char
        *name; /* for people, in errors; borrowed as long as its task; NULL: none */
};

/* -- tasks --------------------------------------------------------------------- */

/* name, word */
#define TASK_STATES(X)                                        \
    X(PENDING, "pending")     /* has not run yet */           \
    X(RUNNING, "running")     /* runs now: it is who asks */  \
    X(SUSPENDED, "suspended") /* awaits, or waits its turn */ \
    X(FINISHED, "finished")   /* has a result, or failed */   \
    X(CANCELLED, "cancelled")

enum task_state {
#define X(name, word) TASK_##name,
    TASK_STATES(X)
#undef X
        TASK_STATE_COUNT
};

/* A task for a coroutine, which is copied. It runs once a loop is given it. Owner: the
 * caller, task_release(). */
int task_create(struct task **out, const struct coroutine *coroutine, struct err *err);

/* Gives the caller's hold on it back; a task that is under way ends by itself all the
 * same. Nobody can ask for its result then, so a failure that nobody has seen by its end
 * is reported. NULL is fine. */
void task_release(struct task *task);

/* Hands a pending task to a loop. -1 if one has it already. */
int task_start(struct task *task, struct task_loop *loop, struct err *err);

enum task_state task_state(const struct task *task);
const char *task_state_word(enum task_state state);
bool task_has_ended(const struct task *task);
const char *task_name(const struct task *task);

/* 0 and what the coroutine has left in *result (which may be NULL: not wanted); -1 and
 * its words if it failed, or was cancelled, or has not ended. A failure counts as seen.
 */
int task_result(struct task *task, void **result, struct err *err);

/* Calls `done` with the task when it has ended, outside of it; at once if it has. Several
 * are called in their order. A callback may start tasks; it awaits nothing. */
typedef void task_done_fn(struct task *task, void *user);
int task_on_done(struct task *task, task_done_fn *done, void *user, struct err *err);

/* Ends a task: one that has not run never will; in one that has, every await fails from
 * now on, and it is cancelled if its coroutine then returns -1. Nothing for one that has
 * ended. */
void task_cancel(struct task *task);

/* -- what can be awaited, in a coroutine only ---------------------------------- */

/* Something that will happen once: the end of a transfer, say. Lives as long as somebody
 * awaits it. */
struct completion {
    uint32_t kind; /* completion_init() sets it; anything else is not awaitable */
    bool complete;
    struct waiter *first, *last; /* who awaits it, in the order of their coming */
};

void completion_init(struct completion *completion);

/* It has happened: all that await it go on, those of later at once. From the loop's
 * thread: a coroutine, a callback of its event base. */
void completion_complete(struct completion *completion);

/* Each of these suspends `self`, the calling task, until the awaited has happened. -1 at
 * once if `self` is not the task that runs now (the call is not in a coroutine), if the
 * other is not awaitable, or nobody could ever wake it (itself); -1 later when the task
 * is cancelled meanwhile. */
int await_completion(struct task *self, struct completion *completion, struct err *err);

/* At least `ns`; 0 lets all others that can go on have their turn first. */
int await_sleep(struct task *self, uint64_t ns, struct err *err);

/* The end of another task, which is started if nobody has. What it comes to is left to
 * task_result(): await_end() fails only if it cannot wait ... */
int await_end(struct task *self, struct task *task, struct err *err);

/* ... and this one gives the result, or -1 and the words of its failure. */
int await_task(struct task *self, struct task *task, void **result, struct err *err);

/* The end of all of a list, all under way together, however each comes out. */
int await_all(struct task *self, struct task *const *tasks, size_t count,
              struct err *err);

/* The same; then the results of all (`results` may be NULL), or -1 and the words of the
 * first in the list that failed. All failures count as seen. */
int gather(struct task *self, struct task *const *tasks, size_t count, void **results,
           struct err *err);

/* -- the loop ------------------------------------------------------------------ */

struct task_loop_options {
    size_t stack_bytes; /* of each coroutine; 0: TASK_STACK_BYTES */

    /* Told of each failure that nobody has seen when its task goes; it has to be there,
     * because a loop that swallows failures is one that nobody can mend. */
    void (*on_unseen)(void *user, const char *name, const char *failure);

    /* Optional: called in every turn, before the loop waits for events. It may complete
     * what tasks await. */
    void (*before_wait)(void *user);
    void *user; /* lives as long as the loop and its tasks */
};

/* Room for libcurl and a TLS library; what is not touched takes no memory. */
enum { TASK_STACK_BYTES = 256 * 1024 };

/* A loop with precise timers. `options` are copied. */
int task_loop_open(struct task_loop **out, const struct task_loop_options *options,
                   struct err *err);

/* Cancels all that is under way and lets it come to its end; nothing can be started on
 * this loop any more. A coroutine that goes on for ever although every await fails would
 * hold this up for ever. Not from inside a coroutine. */
void task_loop_cancel(struct task_loop *loop);

/* The same, and gives all back. NULL is fine. */
void task_loop_close(struct task_loop *loop);

/* Starts the task if nobody has, and runs all tasks of the loop until this one has ended.
 * 0, or -1 and the words of its failure; or if it awaits what nobody is left to complete;
 * or if the loop runs already. The others stay as they are. */
int task_loop_run(struct task_loop *loop, struct task *task, struct err *err);

/* To wait for other things on the same loop; borrowed. */
struct event_base *task_loop_base(struct task_loop *loop);

#endif
