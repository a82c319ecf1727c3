/* loop.c - the loop that runs tasks. See loop.h. */
#include "coroutine/loop.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/loop.h"
#include "coroutine/fiber.h"
#include "coroutine/stacks.h"

struct task_loop {
    struct task_loop_options options;
    struct event_base *base;
    bool running, closing;
    struct ready_queue ready;
    struct task *tasks;
    struct stacks *stacks;
    struct fiber **idle; /* fibers without a task; the last used is at the end */
    size_t idle_count, idle_room;
};

/* -- fibers -------------------------------------------------------------------- */

/* Takes the fiber that was used last: its stack is still in the cache. */
static struct fiber *take_fiber(struct task_loop *loop, struct err *err)
{
    struct fiber *fiber;
    char *stack;

    if (loop->idle_count)
        return loop->idle[--loop->idle_count];
    stack = stacks_take(loop->stacks, err);
    if (!stack || fiber_open(&fiber, stack, stacks_bytes(loop->stacks), err))
        return NULL;
    return fiber;
}

static void give_fiber_back(struct task_loop *loop, struct fiber *fiber)
{
    if (loop->idle_count == loop->idle_room) {
        size_t room = loop->idle_room ? 2 * loop->idle_room : 16;
        struct fiber **idle = realloc(loop->idle, room * sizeof(struct fiber *));

        if (!idle) {
            fiber_close(fiber);
            return;
        }
        loop->idle = idle;
        loop->idle_room = room;
    }
    loop->idle[loop->idle_count++] = fiber;
}

/* -- one task ------------------------------------------------------------------ */

int task_start(struct task *task, struct task_loop *loop, struct err *err)
{
    if (task->loop || task_has_ended(task))
        return err_set(err, "task '%s' was already started: it is %s", task_name(task),
                       task_state_word(task->state));
    if (loop->closing)
        return err_set(err, "cannot start task '%s': its loop is closing",
                       task_name(task));
    task->loop = loop;
    task->runnable.queue = &loop->ready;
    task->on_unseen = loop->options.on_unseen;
    task->user = loop->options.user;
    task->holds++;
    task->next = loop->tasks;
    task->link = &loop->tasks;
    if (task->next)
        task->next->link = &task->next;
    loop->tasks = task;
    ready_wake(&task->runnable);
    return 0;
}

static void fail(struct task *task, const struct err *failure)
{
    task->failed = true;
    task->failure = strdup(failure->text);
}

/* Runs the coroutine of a task; the function of a fiber. */
static void run_coroutine(void *user)
{
    struct task *task = user;
    struct err failure = {""};

    if (task->coroutine.function(task, task->coroutine.argument, &task->result, &failure))
        fail(task, &failure);
}

/* Removes a task from the loop and ends it. */
static void leave(struct task *task, enum task_state state)
{
    *task->link = task->next;
    if (task->next)
        task->next->link = task->link;
    if (state == TASK_CANCELLED)
        task->failed = false;
    task_end(task, state);
    task_drop(task);
}

static void go_on(struct task_loop *loop, struct task *task)
{
    struct err failure;

    if (task->state == TASK_PENDING && task->cancel_requested) {
        leave(task, TASK_CANCELLED);
        return;
    }
    if (!task->fiber) {
        task->fiber = take_fiber(loop, &failure);
        if (!task->fiber) {
            fail(task, &failure);
            leave(task, TASK_FINISHED);
            return;
        }
        fiber_start(task->fiber, run_coroutine, task);
    }
    task->state = TASK_RUNNING;
    if (!fiber_resume(task->fiber))
        return;
    give_fiber_back(loop, task->fiber);
    task->fiber = NULL;
    leave(task, task->cancel_requested && task->failed ? TASK_CANCELLED : TASK_FINISHED);
}

static struct task *task_of(struct runnable *runnable)
{
    return (struct task *)((char *)runnable - offsetof(struct task, runnable));
}

/* Runs all tasks that are ready now; those that become ready meanwhile run next time. */
static void run_ready(struct task_loop *loop)
{
    struct runnable *runnable = ready_take_all(&loop->ready);

    while (runnable) {
        struct runnable *next = runnable->next;

        go_on(loop, task_of(runnable));
        runnable = next;
    }
}

/* -- the loop ------------------------------------------------------------------ */

/* How often ready tasks, and those that they or advance() wake, run before the loop looks
 * for events: a task that resumes, ends, and has the next one started takes three rounds.
 * Tasks that only yield to each other must not keep the loop from its events. */
enum { ROUNDS_MAX = 4 };

static void run_tasks(struct task_loop *loop, const struct task *until)
{
    for (int i = 0; i < ROUNDS_MAX && (!i || loop->ready.first); i++) {
        run_ready(loop);
        if (task_has_ended(until))
            return;
        if (loop->options.advance)
            loop->options.advance(loop->options.user);
    }
}

/* One iteration: tasks, then events. */
static int turn(struct task_loop *loop, const struct task *until, struct err *err)
{
    int code;

    run_tasks(loop, until);
    if (task_has_ended(until))
        return 0;
    if (loop->options.before_wait)
        loop->options.before_wait(loop->options.user);
    code = event_base_loop(loop->base,
                           EVLOOP_ONCE | (loop->ready.first ? EVLOOP_NONBLOCK : 0));
    if (code < 0)
        return err_set(err, "libevent's loop failed");
    if (code && !loop->ready.first)
        return err_set(err, "deadlock: task '%s' is %s and nothing is left to wake it",
                       task_name(until), task_state_word(until->state));
    return 0;
}

int task_loop_run(struct task_loop *loop, struct task *task, struct err *err)
{
    int result = 0;

    if (loop->running)
        return err_set(err, "the loop is already running: await task '%s' instead",
                       task_name(task));
    if (task->loop && task->loop != loop)
        return err_set(err, "task '%s' belongs to another loop", task_name(task));
    if (!task->loop && !task_has_ended(task) && task_start(task, loop, err))
        return -1;
    loop->running = true;
    while (!result && !task_has_ended(task))
        result = turn(loop, task, err);
    loop->running = false;
    return result ? -1 : task_result(task, NULL, err);
}

struct event_base *task_loop_base(struct task_loop *loop)
{
    return loop->base;
}

int task_loop_open(struct task_loop **out, const struct task_loop_options *options,
                   struct err *err)
{
    struct task_loop *loop;

    if (!options || !options->on_unseen)
        return err_set(err, "a task loop needs the function on_unseen");
    loop = calloc(1, sizeof(*loop));
    if (!loop)
        return err_errno(err, "no memory for a task loop");
    loop->options = *options;
    if (!loop->options.stack_bytes)
        loop->options.stack_bytes = TASK_STACK_BYTES;
    ready_init(&loop->ready);
    loop->base = loop_create(err);
    if (!loop->base || stacks_open(&loop->stacks, loop->options.stack_bytes, err)) {
        if (loop->base)
            event_base_free(loop->base);
        free(loop);
        return -1;
    }
    *out = loop;
    return 0;
}

void task_loop_cancel(struct task_loop *loop)
{
    loop->closing = true;
    for (struct task *task = loop->tasks; task; task = task->next)
        task_cancel(task);
    /* Each await fails at once now, so no task is suspended again. */
    while (loop->ready.first)
        run_ready(loop);
}

void task_loop_close(struct task_loop *loop)
{
    if (!loop)
        return;
    task_loop_cancel(loop);
    while (loop->idle_count)
        fiber_close(loop->idle[--loop->idle_count]);
    free(loop->idle);
    stacks_close(loop->stacks);
    event_base_free(loop->base);
    free(loop);
}
