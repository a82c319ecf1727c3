/* ideal.c - see ideal.h. */
#include "harness/plan/ideal.h"

#include <stdlib.h>

#include "base/heap.h"
#include "base/text.h"

/* When the last delay ends if each begins, in order, as soon as a place is free (list
 * scheduling). */
static int list_schedule(const struct behaviour *origin, uint64_t requests,
                         uint64_t places, uint64_t *last_ns, struct err *err)
{
    /* One node per place; its key is the time at which the place is free again. Below
     * 2^53 ns, which are 104 days, a double holds every nanosecond. */
    struct heap_node *nodes = calloc(places, sizeof(*nodes));
    struct heap heap = {0};
    double last = 0;

    if (!nodes)
        return err_errno(err, "no memory for an ideal with %llu %s",
                         (unsigned long long)places, plural(places, "place", "places"));
    for (uint64_t i = 0; i < requests; i++) {
        struct heap_node *node = i < places ? &nodes[i] : heap.root;

        if (i >= places)
            heap_remove(&heap, node);
        node->key += (double)delay_of(&origin->delay, origin->seed, i);
        heap_add(&heap, node);
        last = node->key > last ? node->key : last;
    }
    free(nodes);
    *last_ns = (uint64_t)last;
    return 0;
}

/* How long the work takes with the whole capacity busy all the time. */
static uint64_t work_over_capacity_ns(const struct behaviour *origin, uint64_t requests)
{
    double work_ns = 0;

    if (origin->delay.kind == DELAY_FIXED)
        work_ns = (double)requests * (double)origin->delay.ns;
    else
        for (uint64_t i = 0; i < requests; i++)
            work_ns += (double)delay_of(&origin->delay, origin->seed, i);
    return (uint64_t)(work_ns / (double)origin->capacity);
}

int ideal_time(const struct behaviour *origin, uint64_t requests, uint64_t at_a_time,
               uint64_t *ideal_ns, struct err *err)
{
    bool shares = origin->capacity && origin->overload == OVERLOAD_SLOW;
    uint64_t places = at_a_time < requests ? at_a_time : requests;
    uint64_t work_ns = shares ? work_over_capacity_ns(origin, requests) : 0;

    *ideal_ns = 0;
    if (!requests)
        return 0;
    if (origin->capacity && !shares && origin->capacity < places)
        places = origin->capacity;
    if (origin->delay.kind == DELAY_FIXED)
        *ideal_ns = batches(requests, places) * origin->delay.ns;
    else if (list_schedule(origin, requests, places, ideal_ns, err))
        return -1;
    if (work_ns > *ideal_ns)
        *ideal_ns = work_ns;
    return 0;
}
