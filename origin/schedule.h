/* schedule.h - who is served when: the delay of every page, and the capacity.
 *
 * Every ticket waits the same delay, so the ones being served stand in the order in which
 * they are due. Beyond the capacity tickets queue; the next one's delay begins when a
 * place becomes free. */
#ifndef ORIGIN_SCHEDULE_H
#define ORIGIN_SCHEDULE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

enum ticket_place { TICKET_NOWHERE, TICKET_QUEUED, TICKET_SERVED };

/* One page asked for; embedded in its connection. */
struct ticket {
    enum ticket_place place;
    uint64_t arrived_ns; /* when it was asked for */
    uint64_t served_ns;  /* when its delay began */
    uint64_t due_ns;     /* when it may be sent, never before */
    TAILQ_ENTRY(ticket) link;
};

TAILQ_HEAD(ticket_list, ticket);

struct schedule {
    uint64_t delay_ns;
    size_t capacity; /* pages served at a time; 0: no limit */
    size_t served_count, queued_count;
    struct ticket_list served, queued;
};

void schedule_init(struct schedule *schedule, uint64_t delay_ns, size_t capacity);

/* A page is asked for at `now_ns`. */
void schedule_admit(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns);

/* Takes out the first ticket that is due at `now_ns`; NULL when none is. */
struct ticket *schedule_take_due(struct schedule *schedule, uint64_t now_ns);

/* Takes a ticket out because its client has gone; fine for one that is nowhere. */
void schedule_leave(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns);

/* When the next ticket is due; UINT64_MAX when none is being served. */
uint64_t schedule_next_due_ns(const struct schedule *schedule);

#endif
