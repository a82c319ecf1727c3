/* schedule.h - who is served when: the delay of every page, and the capacity.
 *
 * Requests are numbered as they arrive, and request i has the i-th delay. Beyond the
 * capacity they queue, are refused, or are served all the same, with n of them at K/n of
 * the speed each (processor sharing). A place is free again at the moment at which its
 * page is due, however late the origin is to send it: its lateness does not add up. */
#ifndef ORIGIN_SCHEDULE_H
#define ORIGIN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/heap.h"
#include "origin/behaviour.h"

enum ticket_place { TICKET_NOWHERE, TICKET_QUEUED, TICKET_SERVED, TICKET_DUE };

/* One page asked for; embedded in its connection. */
struct ticket {
    struct heap_node node; /* first; its key is what the service clock shows when due */
    enum ticket_place place;
    uint64_t delay_ns;   /* at full speed */
    uint64_t arrived_ns; /* when it was asked for */
    uint64_t served_ns;  /* when its delay began */
    uint64_t due_ns;     /* when it may be sent, never before; once it is due */
    TAILQ_ENTRY(ticket) link;
};

TAILQ_HEAD(ticket_list, ticket);

struct schedule {
    struct behaviour behaviour;
    uint64_t arrived_count; /* also of the refused */
    uint64_t now_ns;        /* up to here everything has happened */
    /* The service clock: it goes as fast as pages make progress, and stands still while
     * none is served. With it the due moments of all can stay as they are when one comes
     * or goes and the speed changes. */
    double service_ns;
    size_t served_count, queued_count;
    struct heap served;
    struct ticket_list queued, due;
};

void schedule_init(struct schedule *schedule, const struct behaviour *behaviour);

/* A page is asked for at `now_ns`. False: it is refused. */
bool schedule_admit(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns);

/* Takes out the first ticket that is due at `now_ns`; NULL when none is. */
struct ticket *schedule_take_due(struct schedule *schedule, uint64_t now_ns);

/* Takes a ticket out because its client has gone; fine for one that is nowhere. */
void schedule_leave(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns);

/* When the next ticket is due, if none comes or goes until then; UINT64_MAX when none is
 * being served. */
uint64_t schedule_next_due_ns(const struct schedule *schedule);

#endif
