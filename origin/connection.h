/* connection.h - one client of the origin: reads requests, writes responses.
 *
 * Private to the origin: server.c accepts clients and runs the loop, connection.c reads
 * their requests and keeps their lives in order, response.c answers. */
#ifndef ORIGIN_CONNECTION_H
#define ORIGIN_CONNECTION_H

#include <event2/event.h>
#include <event2/event_struct.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/queue.h>

#include "base/clock.h"
#include "origin/fault.h"
#include "origin/page.h"
#include "origin/request.h"
#include "origin/schedule.h"
#include "origin/stats.h"
#include "origin/transport.h"

enum { RESPONSE_HEAD_MAX_BYTES = 512 };

struct connection;
TAILQ_HEAD(connection_list, connection);

/* What all connections of a server share. */
struct origin_site {
    struct event_base *base;
    const struct page_set *pages;
    struct origin_stats *stats;
    struct schedule schedule;
    struct event due_timer; /* fires when the next page is due ... */
    uint64_t due_timer_ns;  /* ... which was to be then when it was set */
    struct event idle;      /* activated when nothing is left in flight */
    /* for clients, see struct origin_patience */
    const struct timeval *idle_patience, *write_patience;
    uint64_t head_patience_ns;
    struct tls_server *tls; /* NULL: plain HTTP */
    struct fault_plan faults;
    char *flood; /* what one of the faults sends; owned, NULL if it is not asked for */
    struct connection_list connections;
    struct connection_list spare; /* closed, kept for the next client */
    int64_t date_s;               /* the second that `date` is of */
    uint64_t date_until_ns;
    char date[CLOCK_TEXT_SIZE];
};

/* One client. At any time it is reading a request, or one request is being answered. */
struct connection {
    struct ticket ticket; /* first, so that a due ticket leads to its connection */
    struct origin_site *site;
    struct transport transport;
    struct event readable, writable, drip;
    TAILQ_ENTRY(connection) link;

    /* the request that is being answered */
    bool answering; /* from its arrival to its response's last byte */
    bool counted;   /* it is one of stats->in_flight */
    bool keep_alive;
    const struct page *page;
    const struct wire *wire; /* of the page: how it is sent */
    char *own_body;          /* of a response that is no page; owned */
    const char *body;        /* borrowed from the wire, or own_body */
    enum fault_kind fault;   /* its response is being spoilt so */
    bool resets, drips;      /* how: see spoil.c */
    size_t head_bytes, body_bytes, sent_bytes;
    char head[RESPONSE_HEAD_MAX_BYTES];

    /* what was received */
    bool input_ended;       /* the client has closed its side: no more to come */
    bool discards_input;    /* after an error: only waits for the client to close */
    uint64_t head_since_ns; /* what came then is no whole head yet; 0: nothing is there */
    size_t in_start, in_bytes; /* the part of `in` that was not looked at yet */
    char in[REQUEST_HEAD_MAX_BYTES];
};

/* Takes over an accepted socket, also when it fails. */
void connection_open(struct origin_site *site, int fd);

/* Gives up the client and what it was waiting for. */
void connection_close(struct connection *connection);

/* Answers what has been received, one request after another, as far as that goes without
 * waiting. May close the connection. */
void connection_read_requests(struct connection *connection);

/* Listens for more input, unless there is no room or nothing can come. */
void connection_watch_input(struct connection *connection);

/* The page it asked for is out of the count of those in flight. */
void connection_stop_counting(struct connection *connection);

/* Sends every page that is due, and sets the timer for the next. */
void site_send_due(struct origin_site *site);

/* Closes all connections and frees everything they used. */
void site_close(struct origin_site *site);

#endif
