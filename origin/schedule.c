/* schedule.c - see schedule.h. */
#include "origin/schedule.h"

void schedule_init(struct schedule *schedule, uint64_t delay_ns, size_t capacity)
{
    *schedule = (struct schedule){.delay_ns = delay_ns, .capacity = capacity};
    TAILQ_INIT(&schedule->served);
    TAILQ_INIT(&schedule->queued);
}

static void serve(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns)
{
    ticket->place = TICKET_SERVED;
    ticket->served_ns = now_ns;
    ticket->due_ns = now_ns + schedule->delay_ns;
    TAILQ_INSERT_TAIL(&schedule->served, ticket, link);
    schedule->served_count++;
}

static void leave_served(struct schedule *schedule, struct ticket *ticket,
                         uint64_t now_ns)
{
    struct ticket *next = TAILQ_FIRST(&schedule->queued);

    TAILQ_REMOVE(&schedule->served, ticket, link);
    schedule->served_count--;
    ticket->place = TICKET_NOWHERE;
    if (next) {
        TAILQ_REMOVE(&schedule->queued, next, link);
        schedule->queued_count--;
        serve(schedule, next, now_ns);
    }
}

void schedule_admit(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns)
{
    ticket->arrived_ns = now_ns;
    if (!schedule->capacity || schedule->served_count < schedule->capacity) {
        serve(schedule, ticket, now_ns);
        return;
    }
    ticket->place = TICKET_QUEUED;
    TAILQ_INSERT_TAIL(&schedule->queued, ticket, link);
    schedule->queued_count++;
}

struct ticket *schedule_take_due(struct schedule *schedule, uint64_t now_ns)
{
    struct ticket *ticket = TAILQ_FIRST(&schedule->served);

    if (!ticket || ticket->due_ns > now_ns)
        return NULL;
    leave_served(schedule, ticket, now_ns);
    return ticket;
}

void schedule_leave(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns)
{
    if (ticket->place == TICKET_SERVED)
        leave_served(schedule, ticket, now_ns);
    if (ticket->place == TICKET_QUEUED) {
        TAILQ_REMOVE(&schedule->queued, ticket, link);
        schedule->queued_count--;
        ticket->place = TICKET_NOWHERE;
    }
}

uint64_t schedule_next_due_ns(const struct schedule *schedule)
{
    const struct ticket *ticket = TAILQ_FIRST(&schedule->served);

    return ticket ? ticket->due_ns : UINT64_MAX;
}
