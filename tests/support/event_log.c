/* event_log.c - see event_log.h. */
#include "tests/support/event_log.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"

void diary_note(struct diary *diary, const char *word)
{
    size_t used = strlen(diary->text);

    (void)snprintf(diary->text + used, sizeof(diary->text) - used, "%s%s",
                   used ? " " : "", word);
}

static void on_unseen(void *user, const char *name, const char *failure)
{
    struct diary *diary = user;
    size_t used = strlen(diary->unseen);

    (void)snprintf(diary->unseen + used, sizeof(diary->unseen) - used, "%s: %s;", name,
                   failure);
}

struct task_loop *diary_open_loop(struct diary *diary)
{
    struct task_loop_options options = {.on_unseen = on_unseen, .user = diary};
    struct task_loop *loop;
    struct err err;

    if (task_loop_open(&loop, &options, &err))
        fail_msg("%s", err.text);
    return loop;
}

struct task *make_task(coroutine_fn *function, void *argument, const char *name)
{
    struct coroutine coroutine = {function, argument, name};
    struct task *task;
    struct err err;

    if (task_create(&task, &coroutine, &err))
        fail_msg("%s", err.text);
    return task;
}

void run_task(struct task_loop *loop, struct task *task)
{
    struct err err;

    if (task_loop_run(loop, task, &err))
        fail_msg("%s", err.text);
}

/* The article's first coroutine: says its number, and gives it back. */
int say(struct task *self, void *argument, void **result, struct err *err)
{
    (void)self;
    (void)err;
    diary_note(argument, "said");
    *result = argument;
    return 0;
}

int sleep_well(struct task *self, void *argument, void **result, struct err *err)
{
    struct sleeper *sleeper = argument;

    diary_note(sleeper->diary, sleeper->begins);
    if (await_sleep(self, sleeper->ns, err))
        return -1;
    diary_note(sleeper->diary, sleeper->ends);
    *result = sleeper;
    return 0;
}
