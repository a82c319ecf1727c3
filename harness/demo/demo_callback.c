/* demo_callback.c - a callback gets the task when it has ended. */
#include <stdio.h>

#include "harness/demo/demo.h"

static void print_it(struct task *task, void *user)
{
    void *result;

    (void)user;
    if (!task_result(task, &result, NULL))
        (void)printf("callback: task '%s' is %s; its result is '%s'\n", task_name(task),
                     task_state_word(task_state(task)), (const char *)result);
}

static int run(struct err *err)
{
    char text[] = "hello";
    struct coroutine coroutine = {demo_say, text, "say"};
    struct task_loop *loop;
    struct task *task;
    int result;

    if (demo_open_loop(&loop, err))
        return -1;
    result = task_create(&task, &coroutine, err);
    if (!result) {
        result = task_on_done(task, print_it, NULL, err) ||
                 task_loop_run(loop, task, err);
        task_release(task);
    }
    task_loop_close(loop);
    return result ? -1 : 0;
}

const struct demo callback_demo = {
    .name = "callback",
    .summary = "a callback is called with the task that has ended",
    .run = run,
};
