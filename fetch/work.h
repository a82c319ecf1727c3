/* work.h - the supply of fetches, and the slots for their results.
 *
 * The harness makes one supply per cell, in memory that is shared with every process
 * forked or exec'd afterwards, and arms it before a run. Workers only ever call
 * work_take(): a thread, a process, an event loop and a coroutine all draw from the same
 * lock-free counter and write to the same kind of slot, so nothing in here knows which
 * strategy is running.
 *
 * The process that made the supply does not trust those that share it: URLs, counts and
 * offsets are its own copies. Workers write the counter and the slots, and a slot may
 * hold any bytes when it is read. */
#ifndef FETCH_WORK_H
#define FETCH_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The expected response. */
struct work_expectation {
    uint16_t http_status; /* 0: any from 200 to 299 */
    bool body_known;      /* false: any body up to the cap of the fetch layer is good */
    uint64_t body_bytes;
    uint32_t body_crc32; /* as zlib's crc32() computes it */
    bool delay_stamped;  /* by the embedded origin, in a Server-Timing header; that of
                            another server is ignored */
};

/* One URL to fetch, for work_create(). */
struct work_target {
    const char *url;
    struct work_expectation expect;
};

/* When an item may begin, and its target. */
struct work_moment {
    uint64_t due_ns; /* after work_start() */
    uint32_t target; /* number of the target that it fetches */
};

/* The times of a supply, counted from work_start(). */
struct work_timing {
    const struct work_moment *moments; /* of each item, none due earlier than the one
                                          before it; NULL: all may begin at once */
    uint64_t close_ns; /* from then on nothing more is handed out; 0: never */
    bool cuts;         /* fetches in flight end then, too, as if they timed out */
};

struct work;     /* opaque */
struct slowdown; /* slowdown.h */

/* One fetch to do. Copying it is fine; the pointers are borrowed from the supply and are
 * the same in every process forked after work_create() or work_open(). */
struct work_item {
    size_t index;
    const char *url;
    const struct work_expectation *expect;
    struct fetch_result *result; /* this item's slot: yours until you fill it */
    uint64_t due_ns; /* clock_ns() at which it may begin, no earlier; 0: now */
};

/* -- harness side -------------------------------------------------------------- */

/* A supply whose item i fetches targets[i % target_count], with room for `capacity`
 * results. The targets are copied. Owner: the caller, who must work_destroy() it. Fails
 * if there is no memory. */
int work_create(struct work **out, const struct work_target *targets, size_t target_count,
                size_t capacity, struct err *err);

/* The same with times, which are copied; there are `capacity` moments. A target's number
 * must be below target_count. */
int work_create_timed(struct work **out, const struct work_target *targets,
                      size_t target_count, size_t capacity,
                      const struct work_timing *timing, struct err *err);

/* Opens the same supply in an exec'd process, from the inherited descriptor, and takes
 * ownership of that. Fails if it is not a supply of this build. */
int work_open(struct work **out, int fd, struct err *err);

void work_destroy(struct work *work); /* NULL is fine */

/* The descriptor to hand to work_open() in another process; borrowed. */
int work_fd(const struct work *work);

/* Makes `count` items (<= capacity) available and empties all slots. Only while no worker
 * is running. */
void work_arm(struct work *work, size_t count);

/* The slots of the last arming, `*count` of them. Only while no worker is running. */
const struct fetch_result *work_results(const struct work *work, size_t *count);

/* The same as a copy that no other process can change. Owner: the caller, free(). Returns
 * NULL and sets `*err` if there is no memory. */
struct fetch_result *work_results_copy(const struct work *work, size_t *count,
                                       struct err *err);

/* After a run that ended at a moment: only the items that were taken count, as if no
 * others had been armed. */
void work_settle(struct work *work);

/* How many items have been taken since the last arming, at most the armed count; at any
 * time. */
size_t work_taken(const struct work *work);

/* How many items of the last arming worker number `worker` has begun and not filled, and
 * the first of them: its fetches in flight when it died. Only while that worker is not
 * running. */
size_t work_lost_by(const struct work *work, unsigned worker, size_t *first);

/* Starts the clock of a supply with times, before the workers of each run, and returns
 * clock_ns(). work_started_ns(): the moment of the last call, 0 before the first, unless
 * a worker has overwritten it. */
uint64_t work_start(struct work *work);
uint64_t work_started_ns(const struct work *work);

/* Whether items become due at planned moments. */
bool work_has_moments(const struct work *work);

/* When item `index` is due, after work_start(); 0 without moments. */
uint64_t work_due_ns(const struct work *work, size_t index);

/* From when on nothing more is handed out, after work_start(); 0: never. */
uint64_t work_close_ns(const struct work *work);

/* How many targets there are, and which of them item `index` fetches: without moments
 * number index % count. */
size_t work_target_count(const struct work *work);
size_t work_target_of(const struct work *work, size_t index);
const char *work_target_url(const struct work *work, size_t target);

/* The URL that item `index` fetches. */
const char *work_url(const struct work *work, size_t index);

/* Its expected response; borrowed. */
const struct work_expectation *work_expected(const struct work *work, size_t index);

/* Applies `slowdown` to every work_take() in this process, and in those forked from it
 * later, after the timestamp. Before any worker runs. */
void work_slow_down(struct work *work, const struct slowdown *slowdown);

/* -- worker side --------------------------------------------------------------- */

/* Claims the next item for worker number `worker` and stamps its begin: now, or when it
 * is due, if that is later. Safe from any thread or process; never blocks. Returns false
 * when there is nothing left to do.
 *
 * An item that was claimed before it is due is lost to all other workers: so a worker
 * claims one only when it could begin it at once. */
bool work_take(struct work *work, unsigned worker, struct work_item *item);

/* Sleeps until the item is due; returns at once where it is. For workers that block. */
void work_await(const struct work_item *item);

#ifdef __cplusplus
}
#endif

#endif
