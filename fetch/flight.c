/* flight.c - see flight.h. */
#include "fetch/flight.h"

#include <stdlib.h>

#include "fetch/due.h"

struct flight {
    CURLM *multi;
    struct work *work;
    unsigned level, worker;
    unsigned in_flight;
    unsigned begun;         /* since flight_reap() was called */
    struct fetch **fetches; /* `level` of them, owned */
    struct fetch **idle;    /* those that no item is in, the next one last */
    unsigned idle_count;

    struct due due; /* what to start next, once a fetch is idle */
};

int flight_open(struct flight **out, struct work *work, const struct fetch_policy *policy,
                unsigned level, unsigned worker, struct err *err)
{
    struct flight *flight = calloc(1, sizeof(*flight));

    if (!flight)
        return err_errno(err, "no memory for fetches in flight");
    flight->work = work;
    flight->level = level;
    flight->worker = worker;
    flight->fetches = calloc(2 * (size_t)level, sizeof(struct fetch *));
    if (!flight->fetches) {
        (void)err_set(err, "no memory for %u fetches in flight", level);
        goto failed;
    }
    if (fetch_multi_create(&flight->multi, policy, level, err))
        goto failed;
    for (unsigned i = 0; i < level; i++)
        if (fetch_create(&flight->fetches[i], policy, err))
            goto failed;
    flight->idle = &flight->fetches[level];
    while (flight->idle_count < level) {
        flight->idle[flight->idle_count] =
            flight->fetches[level - 1 - flight->idle_count];
        flight->idle_count++;
    }
    *out = flight;
    return 0;

failed:
    flight_close(flight);
    return -1;
}

void flight_close(struct flight *flight)
{
    if (!flight)
        return;
    for (unsigned i = 0; flight->fetches && i < flight->level && flight->fetches[i];
         i++) {
        /* A handle is still in the multi handle only if a loop failed. */
        (void)curl_multi_remove_handle(flight->multi, fetch_easy(flight->fetches[i]));
        fetch_destroy(flight->fetches[i]);
    }
    free(flight->fetches);
    if (flight->multi)
        (void)curl_multi_cleanup(flight->multi);
    free(flight);
}

int flight_on_close(struct flight *flight, curl_closesocket_callback on_close, void *user,
                    struct err *err)
{
    for (unsigned i = 0; i < flight->level; i++)
        if (fetch_on_close(flight->fetches[i], on_close, user, err))
            return -1;
    return 0;
}

CURLM *flight_multi(struct flight *flight)
{
    return flight->multi;
}

unsigned flight_in_flight(const struct flight *flight)
{
    return flight->in_flight + flight->due.has_waiting;
}

uint64_t flight_due_ns(const struct flight *flight)
{
    return due_ns(&flight->due);
}

/* Hands an item to libcurl, in an idle fetch. False: it failed at once and has ended. */
static bool start(struct flight *flight, const struct work_item *item)
{
    struct fetch *fetch = flight->idle[flight->idle_count - 1];
    CURLcode code = fetch_begin(fetch, item);

    /* Adding can only fail here for lack of memory. */
    if (!code && curl_multi_add_handle(flight->multi, fetch_easy(fetch)))
        code = CURLE_OUT_OF_MEMORY;
    if (!code) {
        flight->idle_count--;
        flight->in_flight++;
        return true;
    }
    fetch_end(fetch, code);
    return false;
}

/* Starts what is due, while a fetch is idle. Returns how many. */
static unsigned start_due(struct flight *flight)
{
    struct work_item item;
    unsigned begun = 0;

    while (flight->idle_count && due_take(&flight->due, &item))
        begun += start(flight, &item);
    return begun;
}

unsigned flight_launch(struct flight *flight, const struct work_item *items,
                       unsigned count)
{
    unsigned begun = 0;

    due_begin(&flight->due, flight->work, flight->worker);
    if (count && items[0].due_ns)
        due_put(&flight->due, &items[0]);
    else
        for (unsigned i = 0; i < count; i++)
            begun += start(flight, &items[i]);
    return begun + start_due(flight);
}

static void land(void *user, struct fetch *fetch, CURLcode code)
{
    struct flight *flight = user;

    fetch_end(fetch, code);
    flight->in_flight--;
    flight->idle[flight->idle_count++] = fetch;
    flight->begun += start_due(flight);
}

unsigned flight_reap(struct flight *flight)
{
    flight->begun = 0;
    fetch_reap(flight->multi, land, flight);
    return flight->begun + start_due(flight);
}
