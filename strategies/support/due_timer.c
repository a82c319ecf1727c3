/* due_timer.c - see due_timer.h. */
#include "strategies/support/due_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"

int due_timer_open(struct due_timer *timer, struct err *err)
{
    *timer = (struct due_timer){
        .fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC),
        .armed_ns = UINT64_MAX,
    };
    return timer->fd < 0 ? err_errno(err, "cannot create a timer for a loop") : 0;
}

void due_timer_close(struct due_timer *timer)
{
    if (timer->fd >= 0)
        (void)close(timer->fd);
    timer->fd = -1;
}

int due_timer_set(struct due_timer *timer, uint64_t moment_ns)
{
    struct itimerspec moment = {.it_value = {0, 0}}; /* disarms it */

    if (timer->armed_ns == moment_ns)
        return 0;
    if (moment_ns != UINT64_MAX) {
        moment.it_value.tv_sec = (time_t)(moment_ns / CLOCK_NS_PER_S);
        moment.it_value.tv_nsec = (long)(moment_ns % CLOCK_NS_PER_S);
    }
    if (timerfd_settime(timer->fd, TFD_TIMER_ABSTIME, &moment, NULL))
        return -1;
    timer->armed_ns = moment_ns;
    return 0;
}

void due_timer_clear(struct due_timer *timer)
{
    uint64_t times;

    (void)!read(timer->fd, &times, sizeof(times));
    timer->armed_ns = UINT64_MAX;
}
