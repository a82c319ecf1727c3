/* demo.c - see demo.h. */
#include "harness/demo/demo.h"

#include <stdio.h>
#include <string.h>

#include "base/suggest.h"

const struct demo *const demos[] = {
    &coroutine_demo, &task_demo,          &callback_demo, &gather_demo,
    &blocking_demo,  &not_awaitable_demo, NULL,
};

enum { DEMO_COUNT = sizeof(demos) / sizeof(demos[0]) - 1 };

int demo_find(const struct demo **out, const char *name, struct err *err)
{
    const char *names[DEMO_COUNT + 1] = {NULL};

    for (size_t i = 0; i < DEMO_COUNT; i++) {
        names[i] = demos[i]->name;
        if (!strcmp(names[i], name)) {
            *out = demos[i];
            return 0;
        }
    }
    return suggest_one_of(err, name, names);
}

/* -- shared parts ----------------------------------------------------------------- */

int demo_say(struct task *self, void *argument, void **result, struct err *err)
{
    (void)self;
    (void)err;
    (void)puts(argument);
    *result = argument;
    return 0;
}

static void print_unseen(void *user, const char *name, const char *failure)
{
    (void)user;
    (void)printf("task '%s' failed: %s\n", name, failure);
}

int demo_open_loop(struct task_loop **out, struct err *err)
{
    struct task_loop_options options = {.on_unseen = print_unseen};

    return task_loop_open(out, &options, err);
}

int demo_run(const struct coroutine *coroutine, struct err *err)
{
    struct task_loop *loop;
    struct task *task;
    int result;

    if (demo_open_loop(&loop, err))
        return -1;
    result = task_create(&task, coroutine, err);
    if (!result) {
        result = task_loop_run(loop, task, err);
        task_release(task);
    }
    task_loop_close(loop);
    return result;
}
