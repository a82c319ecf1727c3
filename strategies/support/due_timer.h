/* due_timer.h - a descriptor that becomes readable at a moment, for loops whose own
 * timeout is in milliseconds. */
#ifndef STRATEGIES_SUPPORT_DUE_TIMER_H
#define STRATEGIES_SUPPORT_DUE_TIMER_H

#include <stdint.h>

#include "base/err.h"

struct due_timer {
    int fd;            /* a timerfd */
    uint64_t armed_ns; /* when it fires; UINT64_MAX: not at all */
};

/* -1: no descriptor. Close it also then. */
int due_timer_open(struct due_timer *timer, struct err *err);
void due_timer_close(struct due_timer *timer);

/* Makes the descriptor readable at `moment_ns` of clock_ns(), UINT64_MAX: never. -1: the
 * kernel refuses. No system call while the moment stays the same. */
int due_timer_set(struct due_timer *timer, uint64_t moment_ns);

/* After it has become readable: it is so no longer, and is not set. */
void due_timer_clear(struct due_timer *timer);

#endif
