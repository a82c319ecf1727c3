/* await.c - see await.h. Every await waits for a completion. */
#include "coroutine/await.h"

#include <event2/event_struct.h>

#include "base/clock.h"
#include "coroutine/fiber.h"

/* -- the awaiting task --------------------------------------------------------- */

/* Only the running task can be suspended: the call to await is on its stack. */
static int check_awaiter(const struct task *self, struct err *err)
{
    if (!self)
        return err_set(err, "await outside a coroutine: there is no task to suspend");
    if (self->state != TASK_RUNNING)
        return err_set(err, "await outside a coroutine: task '%s' is %s, not running",
                       task_name(self), task_state_word(self->state));
    if (self->cancel_requested)
        return err_set(err, "task '%s' was cancelled", task_name(self));
    return 0;
}

static int not_awaitable(const struct task *self, const void *object, struct err *err)
{
    return object ? err_set(err,
                            "task '%s' awaits what is not awaitable: it is neither a "
                            "task nor a completion",
                            task_name(self))
                  : err_set(err, "task '%s' awaits NULL, which is not awaitable",
                            task_name(self));
}

static void suspend(struct task *self)
{
    self->state = TASK_SUSPENDED;
    fiber_yield(self->fiber);
}

int await_completion(struct task *self, struct completion *completion, struct err *err)
{
    struct waiter waiter = {.runnable = &self->runnable};

    if (check_awaiter(self, err))
        return -1;
    if (!completion_is_awaitable(completion))
        return not_awaitable(self, completion, err);
    if (completion->complete)
        return 0;
    completion_join(completion, &waiter);
    ready_rest(&self->runnable);
    suspend(self);
    if (waiter.complete)
        return 0;
    completion_leave(completion, &waiter);
    return err_set(err, "task '%s' was cancelled", task_name(self));
}

/* -- timers -------------------------------------------------------------------- */

static void on_time(evutil_socket_t socket, short what, void *user)
{
    (void)socket;
    (void)what;
    completion_complete(user);
}

int await_sleep(struct task *self, uint64_t ns, struct err *err)
{
    uint64_t us = (ns + CLOCK_NS_PER_US - 1) / CLOCK_NS_PER_US;
    struct timeval span = {.tv_sec = (time_t)(us / 1000000),
                           .tv_usec = (suseconds_t)(us % 1000000)};
    struct completion over;
    struct event timer;
    int result;

    if (check_awaiter(self, err))
        return -1;
    completion_init(&over);
    if (!ns) {
        ready_rest(&self->runnable);
        ready_wake(&self->runnable);
        suspend(self);
        return check_awaiter(self, err);
    }
    if (evtimer_assign(&timer, task_loop_base(self->loop), on_time, &over) ||
        evtimer_add(&timer, &span))
        return err_set(err, "cannot create a timer for task '%s'", task_name(self));
    result = await_completion(self, &over, err);
    (void)evtimer_del(&timer);
    return result;
}

/* -- other tasks --------------------------------------------------------------- */

int await_end(struct task *self, struct task *task, struct err *err)
{
    int result;

    if (check_awaiter(self, err))
        return -1;
    if (!task_is_awaitable(task))
        return not_awaitable(self, task, err);
    if (task == self)
        return err_set(err, "task '%s' awaits itself", task_name(self));
    if (task_has_ended(task))
        return 0;
    if (task->loop && task->loop != self->loop)
        return err_set(err, "task '%s' awaits task '%s' of another loop", task_name(self),
                       task_name(task));
    if (!task->loop && task_start(task, self->loop, err))
        return -1;
    /* The task must outlive its end, even if its owner releases it meanwhile. */
    task->holds++;
    result = await_completion(self, &task->end, err);
    task_drop(task);
    return result;
}

int await_task(struct task *self, struct task *task, void **result, struct err *err)
{
    int failed;

    if (!task_is_awaitable(task))
        return await_end(self, task, err);
    task->holds++;
    failed = await_end(self, task, err) || task_result(task, result, err);
    task_drop(task);
    return failed ? -1 : 0;
}

int await_all(struct task *self, struct task *const *tasks, size_t count, struct err *err)
{
    if (check_awaiter(self, err))
        return -1;
    /* Start all, then wait: they end in any order, and the last one decides. */
    for (size_t i = 0; i < count; i++)
        if (task_is_awaitable(tasks[i]) && !tasks[i]->loop && !task_has_ended(tasks[i]) &&
            task_start(tasks[i], self->loop, err))
            return -1;
    for (size_t i = 0; i < count; i++)
        if (await_end(self, tasks[i], err))
            return -1;
    return 0;
}

int gather(struct task *self, struct task *const *tasks, size_t count, void **results,
           struct err *err)
{
    bool failed = false;

    if (await_all(self, tasks, count, err))
        return -1;
    for (size_t i = 0; i < count; i++)
        if (task_result(tasks[i], results ? &results[i] : NULL, failed ? NULL : err))
            failed = true;
    return failed ? -1 : 0;
}
