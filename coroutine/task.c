/* task.c - the life cycle and the result of a task. See task.h. */
#include "coroutine/task.h"

#include <stdlib.h>
#include <string.h>

#define TASK_KIND 0x7461736bu

struct done_callback {
    task_done_fn *done;
    void *user;
    struct done_callback *next;
};

int task_create(struct task **out, const struct coroutine *coroutine, struct err *err)
{
    struct task *task;

    if (!coroutine || !coroutine->function)
        return err_set(err, "not a coroutine: it has no function");
    task = calloc(1, sizeof(*task));
    if (!task)
        return err_errno(err, "no memory for a task");
    task->kind = TASK_KIND;
    task->coroutine = *coroutine;
    task->holds = 1;
    completion_init(&task->end);
    *out = task;
    return 0;
}

bool task_is_awaitable(const struct task *task)
{
    uint32_t kind = 0;

    /* It may be an object of any type. */
    if (task)
        memcpy(&kind, task, sizeof(kind));
    return kind == TASK_KIND;
}

static void report_unseen(const struct task *task)
{
    task->on_unseen(task->user, task_name(task),
                    task->failure ? task->failure : "out of memory");
}

void task_drop(struct task *task)
{
    if (--task->holds)
        return;
    if (task->failed && !task->seen)
        report_unseen(task);
    while (task->callbacks) {
        struct done_callback *callback = task->callbacks;

        task->callbacks = callback->next;
        free(callback);
    }
    free(task->failure);
    free(task);
}

void task_release(struct task *task)
{
    if (task)
        task_drop(task);
}

/* -- result -------------------------------------------------------------------- */

static void call_back(struct task *task)
{
    while (task->callbacks) {
        struct done_callback *callback = task->callbacks;
        struct done_callback call = *callback;

        task->callbacks = callback->next;
        free(callback);
        call.done(task, call.user);
    }
}

void task_end(struct task *task, enum task_state state)
{
    task->state = state;
    completion_complete(&task->end);
    call_back(task);
}

int task_on_done(struct task *task, task_done_fn *done, void *user, struct err *err)
{
    struct done_callback **last = &task->callbacks;
    struct done_callback *callback;

    if (task_has_ended(task)) {
        done(task, user);
        return 0;
    }
    callback = calloc(1, sizeof(*callback));
    if (!callback)
        return err_errno(err, "no memory for a callback");
    *callback = (struct done_callback){.done = done, .user = user};
    while (*last)
        last = &(*last)->next;
    *last = callback;
    return 0;
}

int task_result(struct task *task, void **result, struct err *err)
{
    if (!task_has_ended(task))
        return err_set(err, "task '%s' has no result yet: it is %s", task_name(task),
                       task_state_word(task->state));
    task->seen = true;
    if (task->state == TASK_CANCELLED)
        return err_set(err, "task '%s' was cancelled", task_name(task));
    if (task->failed)
        return err_set(err, "%s", task->failure ? task->failure : "out of memory");
    if (result)
        *result = task->result;
    return 0;
}

void task_cancel(struct task *task)
{
    if (task_has_ended(task))
        return;
    task->cancel_requested = true;
    if (task->loop)
        ready_wake(&task->runnable);
    else
        task_end(task, TASK_CANCELLED);
}

/* -- queries ------------------------------------------------------------------- */

enum task_state task_state(const struct task *task)
{
    return task->state;
}

const char *task_state_word(enum task_state state)
{
    static const char *const words[TASK_STATE_COUNT] = {
#define X(name, word) [TASK_##name] = (word),
        TASK_STATES(X)
#undef X
    };

    return (unsigned)state < TASK_STATE_COUNT ? words[state] : "unknown";
}

bool task_has_ended(const struct task *task)
{
    return task->state == TASK_FINISHED || task->state == TASK_CANCELLED;
}

const char *task_name(const struct task *task)
{
    return task->coroutine.name ? task->coroutine.name : "unnamed";
}
