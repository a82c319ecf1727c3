/* demo_not_awaitable.c - awaits that Python answers with a TypeError or RuntimeError. */
#include <stdio.h>

#include "base/clock.h"
#include "harness/demo/demo.h"

/* As requests.get() does, it gives the response itself: nothing is left to wait for. */
static void *blocking_get(void)
{
    static char response[] = "200 OK";

    return response;
}

static int request(struct task *self, void *argument, void **result, struct err *err)
{
    struct err why = {""};

    (void)argument;
    (void)result;
    (void)err;
    if (await_task(self, blocking_get(), NULL, &why))
        (void)printf("await a response: %s\n", why.text);
    if (await_task(self, NULL, NULL, &why))
        (void)printf("await NULL: %s\n", why.text);
    if (await_task(self, self, NULL, &why))
        (void)printf("await itself: %s\n", why.text);
    return 0;
}

static int run_twice(struct task_loop *loop, struct err *err)
{
    struct coroutine coroutine = {request, NULL, "request"};
    struct err why = {""};
    struct task *task;
    int result;

    if (task_create(&task, &coroutine, err))
        return -1;
    if (await_sleep(task, CLOCK_NS_PER_MS, &why))
        (void)printf("await in main(): %s\n", why.text);
    result = task_loop_run(loop, task, err);
    if (!result && task_start(task, loop, &why))
        (void)printf("start an ended task: %s\n", why.text);
    task_release(task);
    return result;
}

static int run(struct err *err)
{
    struct task_loop *loop;
    int result;

    if (demo_open_loop(&loop, err))
        return -1;
    result = run_twice(loop, err);
    task_loop_close(loop);
    return result;
}

const struct demo not_awaitable_demo = {
    .name = "not-awaitable",
    .summary = "awaiting what is not awaitable is an error, and nothing worse",
    .run = run,
};
