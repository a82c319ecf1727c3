/* await.h - the awaits of a coroutine. This header is the whole interface: it includes
 * the coroutines, the tasks that run them and the loop that runs the tasks.
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
 *     task_loop_open(&loop, &options, err);
 *     task_loop_run(loop, task, err);                         until it is complete
 *     task_result(task, &page, err);                          also afterwards
 *
 * A coroutine has its own stack. It runs until it awaits something that has not happened
 * yet; then it is suspended and another one runs. All of them run in one thread, and none
 * is interrupted between two awaits, so no lock is needed. A call that blocks, blocks all
 * of them.
 *
 * A function that can fail returns 0, or -1 and sets *err. docs/coroutines.md shows each
 * example of the article beside its form here. */
#ifndef COROUTINE_AWAIT_H
#define COROUTINE_AWAIT_H

#include <stddef.h>
#include <stdint.h>

#include "coroutine/completion.h"
#include "coroutine/loop.h"
#include "coroutine/task.h"

/* Each of these suspends `self`, the calling task, until the awaited event has happened.
 * Returns -1 at once if `self` is not the running task (the call is not in a coroutine),
 * or if the event is not awaitable or can never happen (`self` awaits itself); returns -1
 * later if the task is cancelled meanwhile. */
int await_completion(struct task *self, struct completion *completion, struct err *err);

/* Sleeps for at least `ns`; 0 lets all other ready tasks run first. */
int await_sleep(struct task *self, uint64_t ns, struct err *err);

/* Awaits the end of another task, which is started if it is pending. Its result is left
 * to task_result(): await_end() fails only if it cannot wait ... */
int await_end(struct task *self, struct task *task, struct err *err);

/* ... and this one also returns the result, or -1 and the message of its failure. */
int await_task(struct task *self, struct task *task, void **result, struct err *err);

/* Awaits the end of all tasks in a list, which run concurrently, whether they succeed or
 * fail. */
int await_all(struct task *self, struct task *const *tasks, size_t count,
              struct err *err);

/* The same, then returns all results (`results` may be NULL), or -1 and the message of
 * the first in the list that failed. All failures count as seen. */
int gather(struct task *self, struct task *const *tasks, size_t count, void **results,
           struct err *err);

#endif
