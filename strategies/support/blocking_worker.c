/* blocking_worker.c - a worker that fetches one page after another. See
 * blocking_worker.h. */
#include "strategies/support/blocking_worker.h"

#include <stdlib.h>

#include "fetch/fetch.h"

struct blocking {
    struct work *work;
    struct fetch *fetch;
    unsigned number;
};

static void blocking_close(void *worker)
{
    struct blocking *blocking = worker;

    if (!blocking)
        return;
    fetch_destroy(blocking->fetch);
    free(blocking);
}

static int blocking_open(void **worker, const struct strategy_env *env, unsigned number,
                         unsigned share, struct err *err)
{
    struct blocking *blocking = calloc(1, sizeof(*blocking));

    (void)share;
    if (!blocking)
        return err_errno(err, "no memory for a worker");
    blocking->work = env->work;
    blocking->number = number;
    if (fetch_create(&blocking->fetch, env->policy, err)) {
        blocking_close(blocking);
        return -1;
    }
    *worker = blocking;
    return 0;
}

static void fetch_when_due(struct blocking *blocking, const struct work_item *item)
{
    work_await(item);
    fetch_perform(blocking->fetch, item);
}

static int blocking_work(void *worker, const struct work_item *items, unsigned count,
                         struct err *err)
{
    struct blocking *blocking = worker;
    struct work_item item;

    (void)err;
    for (unsigned i = 0; i < count; i++)
        fetch_when_due(blocking, &items[i]);
    while (work_take(blocking->work, blocking->number, &item))
        fetch_when_due(blocking, &item);
    return 0;
}

const struct worker_kind blocking_worker = {blocking_open, blocking_work, blocking_close};
