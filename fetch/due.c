/* due.c - see due.h. */
#include "fetch/due.h"

#include "base/clock.h"

void due_begin(struct due *due, struct work *work, unsigned worker)
{
    *due = (struct due){.work = work, .worker = worker};
}

void due_put(struct due *due, const struct work_item *item)
{
    due->waiting = *item;
    due->has_waiting = true;
}

bool due_take(struct due *due, struct work_item *item)
{
    if (!due->has_waiting) {
        if (due->is_dry)
            return false;
        due->is_dry = !work_take(due->work, due->worker, item);
        if (due->is_dry || !item->due_ns)
            return !due->is_dry;
        due_put(due, item);
    }
    if (due->waiting.due_ns > clock_ns())
        return false;
    due->has_waiting = false;
    *item = due->waiting;
    return true;
}

uint64_t due_ns(const struct due *due)
{
    return due->has_waiting ? due->waiting.due_ns : UINT64_MAX;
}
