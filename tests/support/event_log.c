/* event_log.c - see event_log.h. */
#include "tests/support/event_log.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/check.h"

void event_log_note(struct event_log *event_log, const char *word)
{
    size_t used = strlen(event_log->text);

    (void)snprintf(event_log->text + used, sizeof(event_log->text) - used, "%s%s",
                   used ? " " : "", word);
}

static void on_unseen(void *user, const char *name, const char *failure)
{
    struct event_log *event_log = user;
    size_t used = strlen(event_log->unseen);

    (void)snprintf(event_log->unseen + used, sizeof(event_log->unseen) - used, "%s: %s;",
                   name, failure);
}

struct task_loop *event_log_open_loop(struct event_log *event_log)
{
    struct task_loop_options options = {.on_unseen = on_unseen, .user = event_log};
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

/* The article's first coroutine: logs and returns its argument. */
int say(struct task *self, void *argument, void **result, struct err *err)
{
    (void)self;
    (void)err;
    event_log_note(argument, "said");
    *result = argument;
    return 0;
}

int sleep_async(struct task *self, void *argument, void **result, struct err *err)
{
    struct sleeper *sleeper = argument;

    event_log_note(sleeper->event_log, sleeper->begins);
    if (await_sleep(self, sleeper->ns, err))
        return -1;
    event_log_note(sleeper->event_log, sleeper->ends);
    *result = sleeper;
    return 0;
}
