/* demo_task.c - a task needs no loop in hand, knows its state, and has the result also
 * after the run. */
#include <stdio.h>

#include "harness/demo/demo.h"

static int run_and_print(struct task_loop *loop, struct task *task, struct err *err)
{
    void *result;

    if (task_loop_run(loop, task, err) || task_result(task, &result, err))
        return -1;
    (void)printf("task '%s' is %s; its result is '%s'\n", task_name(task),
                 task_state_word(task_state(task)), (const char *)result);
    return 0;
}

static int run(struct err *err)
{
    char text[] = "hello";
    struct coroutine coroutine = {demo_say, text, "say"};
    struct task_loop *loop;
    struct task *task;
    int result;

    if (task_create(&task, &coroutine, err))
        return -1;
    (void)printf("task '%s' is %s\n", task_name(task), task_state_word(task_state(task)));
    result = demo_open_loop(&loop, err);
    if (!result) {
        result = run_and_print(loop, task, err);
        task_loop_close(loop);
    }
    task_release(task);
    return result;
}

const struct demo task_demo = {
    .name = "task",
    .summary = "a task knows its state, and its result also after the run",
    .run = run,
};
