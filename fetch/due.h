/* due.h - the items of a worker that never blocks, each handed over when it is due.
 *
 * Such a worker claims the next item ahead of its moment, goes on with its other requests
 * meanwhile, and asks again then. */
#ifndef FETCH_DUE_H
#define FETCH_DUE_H

#include "fetch/work.h"

#ifdef __cplusplus
extern "C" {
#endif

struct due {
    struct work *work; /* borrowed */
    unsigned worker;
    struct work_item waiting; /* claimed, but not due yet, if ... */
    bool has_waiting;         /* ... so */
    bool is_dry;              /* the supply had nothing left */
};

/* At the beginning of a run of worker number `worker`. */
void due_begin(struct due *due, struct work *work, unsigned worker);

/* An item that was claimed for this worker already: the next one to be handed over. */
void due_put(struct due *due, const struct work_item *item);

/* The next item that is due, to be begun at once, so only a worker that can begin one
 * asks for it. False: the next one is due later, see due_ns(), or there is no other. */
bool due_take(struct due *due, struct work_item *item);

/* When to call due_take() again for the item that waits; UINT64_MAX: none does. */
uint64_t due_ns(const struct due *due);

#ifdef __cplusplus
}
#endif

#endif
