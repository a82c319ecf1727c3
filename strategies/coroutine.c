/* coroutine.c - one thread, one coroutine per request, in straight-line code that awaits.
 * The loop is that of coroutine/, with libcurl's multi handle on it. */
#include <stdlib.h>

#include "base/clock.h"
#include "strategies/strategy.h"
#include "strategies/support/await_fetch.h"

struct requests;

/* A place for one request in flight. Its handle serves one request after another, as
 * handles do in all models. */
struct place {
    struct requests *requests;
    struct fetch *fetch;
    struct work_item item;
};

struct requests {
    struct work *work;
    struct task_loop *loop;
    struct fetch_bridge bridge;
    struct place *places; /* `level` of them */
    unsigned level;

    /* of the current run */
    unsigned under_way;         /* requests whose task has not ended */
    struct completion all_done; /* or something broke */
    bool broken;
    struct err failure; /* the first */
};

static void fail(struct requests *requests, const struct err *failure)
{
    if (!requests->broken)
        requests->failure = *failure;
    requests->broken = true;
    completion_complete(&requests->all_done);
}

/* -- the coroutines ------------------------------------------------------------ */

/* Until the item is due. */
static int await_due(struct task *self, const struct work_item *item, struct err *err)
{
    uint64_t now_ns = item->due_ns ? clock_ns() : 0;

    return item->due_ns > now_ns ? await_sleep(self, item->due_ns - now_ns, err) : 0;
}

/* One request, from beginning to end. */
static int fetch_page(struct task *self, void *argument, void **result, struct err *err)
{
    struct place *place = argument;

    (void)result;
    return await_due(self, &place->item, err) ||
                   await_fetch(self, &place->requests->bridge, place->fetch, &place->item,
                               err)
               ? -1
               : 0;
}

/* Returns when the last request has ended. */
static int wait_for_all(struct task *self, void *argument, void **result, struct err *err)
{
    struct requests *requests = argument;

    (void)result;
    return await_completion(self, &requests->all_done, err);
}

/* -- one request after another in each place ----------------------------------- */

static void on_done(struct task *task, void *user);

/* Starts a task for the item of its place. */
static int begin(struct place *place, struct err *err)
{
    struct coroutine coroutine = {fetch_page, place, place->item.url};
    struct requests *requests = place->requests;
    struct task *task;

    if (task_create(&task, &coroutine, err))
        return -1;
    if (task_on_done(task, on_done, place, err) ||
        task_start(task, requests->loop, err)) {
        task_release(task);
        return -1;
    }
    requests->under_way++;
    return 0;
}

/* The done-callback: ends a request and begins the next one in its place. */
static void on_done(struct task *task, void *user)
{
    struct place *place = user;
    struct requests *requests = place->requests;
    struct err failure;

    if (task_result(task, NULL, &failure))
        fail(requests, &failure);
    task_release(task);
    requests->under_way--;
    if (!requests->broken && work_take(requests->work, 0, &place->item) &&
        begin(place, &failure))
        fail(requests, &failure);
    if (!requests->under_way)
        completion_complete(&requests->all_done);
}

static int begin_all(struct requests *requests, struct err *err)
{
    for (unsigned i = 0; i < requests->level; i++) {
        if (!work_take(requests->work, 0, &requests->places[i].item))
            break;
        if (begin(&requests->places[i], err))
            return -1;
    }
    return 0;
}

static int run_loop(struct requests *requests, struct err *err)
{
    struct coroutine coroutine = {wait_for_all, requests, "the last request"};
    struct task *task;
    int result;

    if (task_create(&task, &coroutine, err))
        return -1;
    result = task_loop_run(requests->loop, task, err);
    task_release(task);
    return result;
}

static int coroutine_run(void *self, struct err *err)
{
    struct requests *requests = self;

    completion_init(&requests->all_done);
    if (begin_all(requests, err))
        return -1;
    if (!requests->under_way)
        return 0;
    if (run_loop(requests, err))
        return -1;
    return requests->broken ? err_set(err, "%s", requests->failure.text) : 0;
}

/* -- life cycle ---------------------------------------------------------------- */

static void advance(void *user)
{
    struct requests *requests = user;
    struct err failure;

    if (requests->bridge.multi && fetch_bridge_advance(&requests->bridge, &failure))
        fail(requests, &failure);
}

static void before_wait(void *user)
{
    struct requests *requests = user;

    if (requests->bridge.multi)
        fetch_bridge_watch(&requests->bridge);
}

/* on_done() sees every failure, so a call of this would be a bug in this file. */
static void on_unseen(void *user, const char *name, const char *message)
{
    struct err failure;

    (void)err_set(&failure, "%s: %s", name, message);
    fail(user, &failure);
}

static void coroutine_close(void *self)
{
    struct requests *requests = self;

    requests->broken = true; /* no request begins in the place of a cancelled one */
    if (requests->loop)
        task_loop_cancel(requests->loop);
    for (unsigned i = 0; requests->places && i < requests->level; i++)
        fetch_destroy(requests->places[i].fetch);
    fetch_bridge_close(&requests->bridge);
    task_loop_close(requests->loop);
    free(requests->places);
    free(requests);
}

static int coroutine_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct requests *requests = calloc(1, sizeof(*requests));
    struct task_loop_options options = {
        .on_unseen = on_unseen,
        .advance = advance,
        .before_wait = before_wait,
        .user = requests,
    };

    if (!requests)
        return err_errno(err, "no memory for coroutines");
    requests->work = env->work;
    requests->level = env->level;
    requests->places = calloc(env->level, sizeof(*requests->places));
    if (!requests->places) {
        (void)err_errno(err, "no memory for %u coroutines", env->level);
        goto failed;
    }
    if (task_loop_open(&requests->loop, &options, err) ||
        fetch_bridge_open(&requests->bridge, requests->loop, env->policy, env->level,
                          err))
        goto failed;
    for (unsigned i = 0; i < env->level; i++) {
        requests->places[i].requests = requests;
        if (fetch_create(&requests->places[i].fetch, env->policy, err) ||
            fetch_bridge_join(&requests->bridge, requests->places[i].fetch, err))
            goto failed;
    }
    *self = requests;
    return 0;

failed:
    coroutine_close(requests);
    return -1;
}

const struct strategy strategy_coroutine = {
    .name = "coroutine",
    .summary = "one thread, a coroutine per request that awaits the response",
    .waits = "the loop, in epoll_wait(), while all coroutines are suspended",
    .shared = "all: one DNS cache, one pool of connections",
    .sessions = "each handle's own; from libcurl 8.12 on any session of the loop",
    .group = "article",
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 40 * 1024},
    .open = coroutine_open,
    .run = coroutine_run,
    .close = coroutine_close,
};
