/* loop.h - a libevent loop whose timers can be trusted.
 *
 * By default libevent reads a clock of 4 ms and counts timers from the start of the
 * loop's turn, so that 50 ms become anything from 30 to 70 when a turn is long. Both the
 * origin and the measured loops use this one instead. */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <event2/event.h>

#include "base/err.h"

/* A loop for one thread, with precise timers, that takes no settings from the
 * environment. NULL and sets `*err` when there is none to be had. Owner: the caller,
 * event_base_free(). */
struct event_base *loop_create(struct err *err);

/* The same without timers: no event on it may have a timeout. Precise ones are a system
 * call each time that the loop waits. */
struct event_base *loop_create_without_timers(struct err *err);

#endif
