/* schedule.c - see schedule.h. */
#include "origin/schedule.h"

#include <math.h>

void schedule_init(struct schedule *schedule, const struct behaviour *behaviour)
{
    *schedule = (struct schedule){.behaviour = *behaviour};
    TAILQ_INIT(&schedule->queued);
    TAILQ_INIT(&schedule->due);
}

/* -- the service clock --------------------------------------------------------- */

static bool is_full(const struct schedule *schedule)
{
    size_t capacity = schedule->behaviour.capacity;

    return capacity && schedule->served_count >= capacity;
}

/* The progress of pages per nanosecond: 1 is full speed. Only OVERLOAD_SLOW ever serves
 * more than the capacity. */
static double speed(const struct schedule *schedule)
{
    return is_full(schedule)
               ? (double)schedule->behaviour.capacity / (double)schedule->served_count
               : 1;
}

/* When the clock will show the key of `node`. At full speed all values are whole
 * numbers and the result is exact; otherwise it is rounded up. */
static uint64_t due_ns(const struct schedule *schedule, const struct heap_node *node)
{
    double left_ns = (node->key - schedule->service_ns) / speed(schedule);

    return schedule->now_ns + (left_ns > 0 ? (uint64_t)ceil(left_ns) : 0);
}

static void serve(struct schedule *schedule, struct ticket *ticket)
{
    ticket->place = TICKET_SERVED;
    ticket->served_ns = schedule->now_ns;
    ticket->node.key = schedule->service_ns + (double)ticket->delay_ns;
    heap_add(&schedule->served, &ticket->node);
    schedule->served_count++;
}

static void leave_served(struct schedule *schedule, struct ticket *ticket)
{
    struct ticket *next = TAILQ_FIRST(&schedule->queued);

    heap_remove(&schedule->served, &ticket->node);
    schedule->served_count--;
    ticket->place = TICKET_NOWHERE;
    if (next) {
        TAILQ_REMOVE(&schedule->queued, next, link);
        schedule->queued_count--;
        serve(schedule, next);
    }
}

/* Advances the clock to `now_ns`; no ticket comes or goes until then. */
static void run_clock(struct schedule *schedule, uint64_t now_ns)
{
    if (schedule->served.root)
        schedule->service_ns += (double)(now_ns - schedule->now_ns) * speed(schedule);
    schedule->now_ns = now_ns;
}

/* Completes the pages that are due until `now_ns`, each at its own time. */
static void advance(struct schedule *schedule, uint64_t now_ns)
{
    struct heap_node *first;

    while ((first = schedule->served.root) && due_ns(schedule, first) <= now_ns) {
        struct ticket *ticket = (struct ticket *)first;

        run_clock(schedule, due_ns(schedule, first));
        ticket->due_ns = schedule->now_ns;
        leave_served(schedule, ticket);
        ticket->place = TICKET_DUE;
        TAILQ_INSERT_TAIL(&schedule->due, ticket, link);
    }
    run_clock(schedule, now_ns);
}

/* -- tickets ------------------------------------------------------------------- */

bool schedule_admit(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns)
{
    const struct behaviour *behaviour = &schedule->behaviour;

    advance(schedule, now_ns);
    ticket->arrived_ns = now_ns;
    ticket->node.order = schedule->arrived_count++;
    ticket->delay_ns = delay_of(&behaviour->delay, behaviour->seed, ticket->node.order);
    if (!is_full(schedule) || behaviour->overload == OVERLOAD_SLOW) {
        serve(schedule, ticket);
        return true;
    }
    if (behaviour->overload == OVERLOAD_REFUSE)
        return false;
    ticket->place = TICKET_QUEUED;
    TAILQ_INSERT_TAIL(&schedule->queued, ticket, link);
    schedule->queued_count++;
    return true;
}

struct ticket *schedule_take_due(struct schedule *schedule, uint64_t now_ns)
{
    struct ticket *ticket;

    advance(schedule, now_ns);
    ticket = TAILQ_FIRST(&schedule->due);
    if (!ticket)
        return NULL;
    TAILQ_REMOVE(&schedule->due, ticket, link);
    ticket->place = TICKET_NOWHERE;
    return ticket;
}

void schedule_leave(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns)
{
    advance(schedule, now_ns);
    switch (ticket->place) {
    case TICKET_SERVED:
        leave_served(schedule, ticket);
        break;
    case TICKET_QUEUED:
        TAILQ_REMOVE(&schedule->queued, ticket, link);
        schedule->queued_count--;
        break;
    case TICKET_DUE:
        TAILQ_REMOVE(&schedule->due, ticket, link);
        break;
    case TICKET_NOWHERE:
        break;
    }
    ticket->place = TICKET_NOWHERE;
}

uint64_t schedule_next_due_ns(const struct schedule *schedule)
{
    if (!TAILQ_EMPTY(&schedule->due))
        return schedule->now_ns;
    return schedule->served.root ? due_ns(schedule, schedule->served.root) : UINT64_MAX;
}
