/* site.h - the state that all connections of a server share. Private to the origin. */
#ifndef ORIGIN_SITE_H
#define ORIGIN_SITE_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "origin/fault.h"
#include "origin/page.h"
#include "origin/schedule.h"
#include "origin/stats.h"

struct connection;
TAILQ_HEAD(connection_list, connection);

struct origin_site {
    struct event_base *base;
    const struct page_set *pages;
    struct origin_stats *stats;
    struct schedule schedule;
    struct event due_timer; /* fires when the next page is due ... */
    uint64_t due_timer_ns;  /* ... and the time that it is set to */
    struct event idle;      /* activated when nothing is left in flight */
    /* For clients, see struct origin_patience */
    const struct timeval *idle_patience, *write_patience;
    uint64_t head_patience_ns;
    struct tls_server *tls; /* NULL: plain HTTP */
    struct fault_plan faults;
    char *flood; /* the body of the fault header-flood; owned; NULL without it */
    struct connection_list connections;
    struct connection_list spare; /* closed, kept for the next client */
    int64_t date_s;               /* the second that `date` states */
    uint64_t date_until_ns;
    char date[CLOCK_TEXT_SIZE];
};

/* Sets what follows from the behaviour: schedule and faults. Fails only if memory runs
 * out. */
int origin_site_open(struct origin_site *site, const struct behaviour *behaviour,
                     struct err *err);

/* Frees what origin_site_open() made; fine for all zeros. All connections must be
 * closed. */
void origin_site_close(struct origin_site *site);

/* The fault to inject into the response to this page; FAULT_NONE for a good one. */
enum fault_kind origin_site_fault(const struct origin_site *site,
                                  const struct page *page);

/* The current time, for the header Date; borrowed. */
const char *origin_site_date(struct origin_site *site);

#endif
