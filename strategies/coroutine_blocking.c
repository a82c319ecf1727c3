/* coroutine_blocking.c - the article's mistake: one coroutine per request, and in each a
 * call that blocks. Nothing yields, so only one request is in flight at a time. */
#include <stdlib.h>

#include "coroutine/await.h"
#include "fetch/fetch.h"
#include "strategies/strategy.h"

struct requests {
    struct work *work;
    struct task_loop *loop;
    struct fetch *fetch; /* one is enough, since requests never overlap */
    struct task **tasks; /* `level` of them, while a run lasts */
    unsigned level;
    bool dry; /* the supply was empty */
};

/* Looks like one request among many. */
static int fetch_page(struct task *self, void *argument, void **result, struct err *err)
{
    struct requests *requests = argument;
    struct work_item item;

    (void)self;
    (void)result;
    (void)err;
    if (!work_take(requests->work, 0, &item)) {
        requests->dry = true;
        return 0;
    }
    work_await(&item);
    fetch_perform(requests->fetch, &item); /* the mistake */
    return 0;
}

static int make_tasks(struct requests *requests, struct err *err)
{
    struct coroutine coroutine = {fetch_page, requests, "a page"};

    for (unsigned i = 0; i < requests->level; i++)
        if (task_create(&requests->tasks[i], &coroutine, err))
            return -1;
    return 0;
}

static void release_tasks(struct requests *requests)
{
    for (unsigned i = 0; i < requests->level; i++) {
        task_release(requests->tasks[i]);
        requests->tasks[i] = NULL;
    }
}

/* Runs the article's list of tasks again and again until the supply is empty. */
static int fetch_all(struct task *self, void *argument, void **result, struct err *err)
{
    struct requests *requests = argument;
    int failed = 0;

    (void)result;
    while (!failed && !requests->dry) {
        failed = make_tasks(requests, err) ||
                 gather(self, requests->tasks, requests->level, NULL, err);
        release_tasks(requests);
    }
    return failed ? -1 : 0;
}

static int coroutine_blocking_run(void *self, struct err *err)
{
    struct requests *requests = self;
    struct coroutine coroutine = {fetch_all, requests, "all pages"};
    struct task *task;
    int result;

    requests->dry = false;
    if (task_create(&task, &coroutine, err))
        return -1;
    result = task_loop_run(requests->loop, task, err);
    task_release(task);
    return result;
}

/* gather() sees all failures; others cannot be reported. */
static void on_unseen(void *user, const char *name, const char *failure)
{
    (void)user;
    (void)name;
    (void)failure;
}

static void coroutine_blocking_close(void *self)
{
    struct requests *requests = self;

    task_loop_close(requests->loop);
    fetch_destroy(requests->fetch);
    free(requests->tasks);
    free(requests);
}

static int coroutine_blocking_open(void **self, const struct strategy_env *env,
                                   struct err *err)
{
    struct requests *requests = calloc(1, sizeof(*requests));
    struct task_loop_options options = {.on_unseen = on_unseen};

    if (!requests)
        return err_errno(err, "no memory for coroutines");
    requests->work = env->work;
    requests->level = env->level;
    requests->tasks = calloc(env->level, sizeof(struct task *));
    if (!requests->tasks)
        (void)err_errno(err, "no memory for %u coroutines", env->level);
    if (!requests->tasks || fetch_create(&requests->fetch, env->policy, err) ||
        task_loop_open(&requests->loop, &options, err)) {
        coroutine_blocking_close(requests);
        return -1;
    }
    *self = requests;
    return 0;
}

const struct strategy strategy_coroutine_blocking = {
    .name = "coroutine-blocking",
    .summary = "coroutines with a blocking call inside: the article's mistake",
    .waits = "the whole program, in curl_easy_perform()",
    .shared = "all: one DNS cache, one connection",
    .sessions = "that of the single handle",
    .group = "article",
    .level_limit = 1,
    .needs = {.descriptors = 3},
    .open = coroutine_blocking_open,
    .run = coroutine_blocking_run,
    .close = coroutine_blocking_close,
};
