/* await_fetch.c - see await_fetch.h. */
#include "strategies/support/await_fetch.h"

/* One fetch under way; on the stack of its coroutine. */
struct transfer {
    struct completion done;
    CURLcode code;
};

/* Wakes the coroutine that began it. */
static void land(void *user, struct fetch *fetch, CURLcode code)
{
    struct transfer *transfer = fetch_owner(fetch);

    (void)user;
    transfer->code = code;
    completion_complete(&transfer->done);
}

static void reap(void *user)
{
    const struct fetch_bridge *bridge = user;

    fetch_reap(bridge->multi, land, NULL);
}

int await_fetch(struct task *self, struct fetch_bridge *bridge, struct fetch *fetch,
                const struct work_item *item, struct err *err)
{
    struct transfer transfer;
    CURLcode code = fetch_begin(fetch, item);

    completion_init(&transfer.done);
    fetch_set_owner(fetch, &transfer);
    if (!code && curl_multi_add_handle(bridge->multi, fetch_easy(fetch)))
        code = CURLE_OUT_OF_MEMORY;
    if (!code) {
        if (await_completion(self, &transfer.done, err)) {
            (void)curl_multi_remove_handle(bridge->multi, fetch_easy(fetch));
            return -1;
        }
        code = transfer.code;
    }
    fetch_end(fetch, code);
    return 0;
}

void fetch_bridge_watch(struct fetch_bridge *bridge)
{
    multi_driver_watch(&bridge->driver);
}

int fetch_bridge_advance(struct fetch_bridge *bridge, struct err *err)
{
    multi_driver_advance(&bridge->driver);
    if (bridge->driver.failure)
        return err_set(err, "libcurl's multi handle failed: %s",
                       curl_multi_strerror(bridge->driver.failure));
    return 0;
}

int fetch_bridge_join(struct fetch_bridge *bridge, struct fetch *fetch, struct err *err)
{
    return fetch_on_close(fetch, multi_driver_close_socket, &bridge->driver, err);
}

void fetch_bridge_close(struct fetch_bridge *bridge)
{
    if (bridge->multi)
        (void)curl_multi_cleanup(bridge->multi);
    multi_driver_close(&bridge->driver);
    *bridge = (struct fetch_bridge){0};
}

int fetch_bridge_open(struct fetch_bridge *bridge, struct task_loop *loop,
                      const struct fetch_policy *policy, unsigned level, struct err *err)
{
    *bridge = (struct fetch_bridge){0};
    if (fetch_multi_create(&bridge->multi, policy, level, err))
        return -1;
    bridge->driver = (struct multi_driver){.multi = bridge->multi,
                                           .base = task_loop_base(loop),
                                           .reap = reap,
                                           .user = bridge};
    if (multi_driver_open(&bridge->driver, err)) {
        fetch_bridge_close(bridge);
        return -1;
    }
    return 0;
}
