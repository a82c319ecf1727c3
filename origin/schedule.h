/* schedule.h - when each request is served: delays and capacity.
 *
 * Requests are numbered as they arrive, and request i has the i-th delay. Beyond the
 * capacity K they queue, are refused, or are served all the same, each of n requests at
 * K/n of full speed (processor sharing). A place is free again when its page is due, even
 * if the origin sends it late: lateness does not add up. */
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
    struct heap_node node; /* first; its key is the service clock when it is due */
    enum ticket_place place;
    uint64_t delay_ns;   /* at full speed */
    uint64_t arrived_ns; /* when it was asked for */
    uint64_t served_ns;  /* when its delay began */
    uint64_t due_ns;     /* when it may be sent, not before; set once it is due */
    TAILQ_ENTRY(ticket) link;
};

TAILQ_HEAD(ticket_list, ticket);

struct schedule {
    struct behaviour behaviour;
    uint64_t arrived_count; /* also of the refused */
    uint64_t now_ns;        /* events until then are processed */
    /* The service clock runs at the speed at which pages make progress and stands still
     * while no page is served. By this clock due times stay as they are when requests
     * come or go and the speed changes. */
    double service_ns;
    size_t served_count, queued_count;
    struct heap served;
    struct ticket_list queued, due;
};

void schedule_init(struct schedule *schedule, const struct behaviour *behaviour);

/* A page is asked for at `now_ns`. False: it is refused. */
bool schedule_admit(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns);

/* Takes out the first ticket that is due at `now_ns`; NULL: no ticket is due. */
struct ticket *schedule_take_due(struct schedule *schedule, uint64_t now_ns);

/* Takes a ticket out because its client has gone; fine for one that is nowhere. */
void schedule_leave(struct schedule *schedule, struct ticket *ticket, uint64_t now_ns);

/* When the next ticket is due, if none comes or goes until then; UINT64_MAX: no page is
 * being served. */
uint64_t schedule_next_due_ns(const struct schedule *schedule);

#endif
