/* loop.h - a libevent loop with precise timers.
 *
 * By default libevent reads a clock with a resolution of 4 ms and counts timers from the
 * start of a loop iteration, so that 50 ms become 30 to 70 ms when an iteration is long.
 * Both the origin and the measured loops use this one instead. */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <event2/event.h>

#include "base/err.h"

/* A loop for one thread, with precise timers, that takes no settings from the
 * environment. Returns NULL and sets `*err` if it cannot be created. Owner: the caller,
 * event_base_free(). */
struct event_base *loop_create(struct err *err);

/* The same without timers: no event on it may have a timeout. Precise timers cost one
 * system call each time the loop waits. */
struct event_base *loop_create_without_timers(struct err *err);

#endif
