/* await_fetch.h - the bridge that lets a coroutine await a libcurl transfer.
 *
 * libcurl's multi handle waits on the loop that runs the coroutines. When it has finished
 * a transfer, a completion wakes the coroutine that began it. */
#ifndef STRATEGIES_SUPPORT_AWAIT_FETCH_H
#define STRATEGIES_SUPPORT_AWAIT_FETCH_H

#include "coroutine/await.h"
#include "fetch/fetch.h"
#include "strategies/support/multi_driver.h"

struct fetch_bridge {
    CURLM *multi;
    struct multi_driver driver;
};

/* A multi handle for up to `level` transfers on the loop. */
int fetch_bridge_open(struct fetch_bridge *bridge, struct task_loop *loop,
                      const struct fetch_policy *policy, unsigned level, struct err *err);

/* Only when no coroutine awaits a fetch, and before the loop is closed. Fine for one that
 * is all zeros. */
void fetch_bridge_close(struct fetch_bridge *bridge);

/* Before the first await_fetch() of a fetch, whose connections belong to the bridge from
 * then on; the bridge must not move. */
int fetch_bridge_join(struct fetch_bridge *bridge, struct fetch *fetch, struct err *err);

/* Makes the calls that libcurl wants at once; for a loop's `advance`. -1 if the multi
 * handle failed: the fetches in flight will never end. */
int fetch_bridge_advance(struct fetch_bridge *bridge, struct err *err);

/* Tells the loop which sockets to watch; for its `before_wait`. */
void fetch_bridge_watch(struct fetch_bridge *bridge);

/* Fetches `item` and fills its slot, while other coroutines run. A failed transfer is a
 * result, not an error; -1 if it cannot be awaited (see await_completion()), and then the
 * item is lost. */
int await_fetch(struct task *self, struct fetch_bridge *bridge, struct fetch *fetch,
                const struct work_item *item, struct err *err);

#endif
