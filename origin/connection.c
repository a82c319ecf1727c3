/* connection.c - see connection.h. */
#include "origin/connection.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "origin/fault_recipe.h"
#include "origin/request.h"
#include "origin/response.h"
#include "origin/transport.h"

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
    struct origin_response response;

    /* the input */
    bool input_ended;          /* the client has closed its side */
    bool discards_input;       /* after an error: only waits for the client to close */
    uint64_t head_since_ns;    /* when the incomplete head began; 0: there is none */
    size_t in_start, in_bytes; /* the part of `in` that is not parsed yet */
    char in[REQUEST_HEAD_MAX_BYTES];
};

/* -- life cycle ---------------------------------------------------------------- */

/* Takes its page out of the count of pages in flight. */
static void stop_counting(struct connection *connection)
{
    if (!connection->counted)
        return;
    connection->counted = false;
    origin_stats_departure(connection->site->stats);
    if (!connection->site->stats->in_flight) /* after all events that are active now */
        event_active(&connection->site->idle, EV_TIMEOUT, 0);
}

/* Closes the connection and cancels the page that it waits for. */
static void close_connection(struct connection *connection)
{
    struct origin_site *site = connection->site;

    (void)event_del(&connection->readable);
    (void)event_del(&connection->writable);
    (void)event_del(&connection->drip);
    schedule_leave(&site->schedule, &connection->ticket, clock_ns());
    if (connection->counted && !connection->response.fault)
        site->stats->aborted++;
    stop_counting(connection);
    origin_response_release(&connection->response);
    if (fault_recipes[connection->response.fault].resets)
        transport_reset(&connection->transport);
    else
        transport_close(&connection->transport);
    TAILQ_REMOVE(&site->connections, connection, link);
    TAILQ_INSERT_HEAD(&site->spare, connection, link);
}

static void drop(struct connection *connection)
{
    connection->site->stats->dropped++;
    close_connection(connection);
}

/* Listens for more input, unless there is no room or nothing can come. */
static void watch_input(struct connection *connection)
{
    if (connection->input_ended || connection->in_bytes == sizeof(connection->in)) {
        (void)event_del(&connection->readable);
        return;
    }
    (void)event_add(&connection->readable, connection->site->idle_patience);
    if (transport_has_more(&connection->transport))
        event_active(&connection->readable, EV_READ, 0);
}

/* -- writing: true when the next request may be parsed ------------------------- */

/* The response is out. */
static bool finish(struct connection *connection)
{
    const struct origin_response *response = &connection->response;
    struct origin_stats *stats = connection->site->stats;

    if (connection->counted && !response->fault) {
        stats->responses++;
        if (response->body_bytes) { /* not to HEAD */
            stats->body_bytes += response->page->body_bytes;
            stats->encoded_bytes += response->wire->encoded_bytes;
        }
    }
    stop_counting(connection);
    origin_response_release(&connection->response);
    connection->answering = false;
    if (response->keep_alive)
        return true;
    if (connection->discards_input && !connection->input_ended) {
        /* Closing with unread input resets the connection, and the client might never see
         * why it was refused; it is given time to read and to close first. */
        transport_end_output(&connection->transport);
        watch_input(connection);
        return false;
    }
    close_connection(connection);
    return false;
}

/* Writes the rest of the response. */
static bool go_on(struct connection *connection)
{
    static const struct timeval second = {.tv_sec = 1};

    switch (origin_response_write(&connection->response, &connection->transport)) {
    case RESPONSE_SENT:
        return finish(connection);
    case RESPONSE_WAITS:
        (void)event_add(&connection->writable, connection->site->write_patience);
        return false;
    case RESPONSE_DRIPS:
        (void)event_add(&connection->drip, &second);
        return false;
    case RESPONSE_STALLS:
        if (connection->input_ended) /* the client is gone */
            close_connection(connection);
        return false;
    default:
        close_connection(connection);
        return false;
    }
}

/* Sends the response, if it could be `made`. */
static bool send_response(struct connection *connection, bool made)
{
    if (made)
        return go_on(connection);
    close_connection(connection);
    return false;
}

static bool send_error(struct connection *connection, const char *status)
{
    connection->site->stats->rejected++;
    return send_response(
        connection,
        origin_response_make_error(&connection->response, connection->site, status));
}

static bool send_fault(struct connection *connection, enum fault_kind fault)
{
    connection->site->stats->faults[fault]++;
    return send_response(connection, origin_response_make_fault(&connection->response,
                                                                connection->site, fault));
}

/* Sends the requested page, whose delay is over at `now_ns`. */
static bool send_page(struct connection *connection, uint64_t now_ns)
{
    struct origin_site *site = connection->site;
    const struct ticket *ticket = &connection->ticket;
    enum fault_kind fault = origin_site_fault(site, connection->response.page);

    if (fault)
        return send_fault(connection, fault);
    if (now_ns - ticket->due_ns > site->stats->late_max_ns)
        site->stats->late_max_ns = now_ns - ticket->due_ns;
    return send_response(connection, origin_response_make_page(&connection->response,
                                                               site, ticket, now_ns));
}

/* -- requests: true when one was answered at once, and the next may be parsed --- */

static bool ask_for_page(struct connection *connection, const struct page *page,
                         const struct request *request)
{
    struct origin_site *site = connection->site;
    enum fault_kind fault = origin_site_fault(site, page);
    uint64_t now_ns = clock_ns();

    origin_response_choose_page(&connection->response, site, page, request);
    connection->counted = true;
    origin_stats_arrival(site->stats, now_ns);
    if (fault_recipes[fault].at_once)
        return send_fault(connection, fault);
    if (!schedule_admit(&site->schedule, &connection->ticket, now_ns)) {
        site->stats->refused++;
        stop_counting(connection);
        return send_response(connection,
                             origin_response_make_refusal(&connection->response, site));
    }
    if (site->schedule.queued_count > site->stats->queued_peak)
        site->stats->queued_peak = site->schedule.queued_count;
    return false;
}

/* Answers a request with an error and discards all further input. */
static bool refuse(struct connection *connection, const char *status)
{
    connection->answering = true;
    connection->discards_input = true;
    connection->in_bytes = 0;
    origin_response_begin(&connection->response, false, true);
    return send_error(connection, status);
}

/* A body after the head would be taken for the next request. */
static bool refuse_method(struct connection *connection, const struct request *request)
{
    const char *status = request->method == REQUEST_OTHER ? "405 Method Not Allowed"
                                                          : "501 Not Implemented";

    return request->has_body ? refuse(connection, status)
                             : send_error(connection, status);
}

static bool answer(struct connection *connection, const struct request *request)
{
    static const char stats_path[] = "/stats";
    struct origin_site *site = connection->site;
    const struct page *page = page_find(site->pages, request->path, request->path_bytes);

    connection->answering = true;
    connection->head_since_ns = 0;
    origin_response_begin(&connection->response, request->keep_alive,
                          request->method != REQUEST_HEAD);
    if (request->method == REQUEST_OTHER || request->method == REQUEST_UNKNOWN)
        return refuse_method(connection, request);
    if (page)
        return ask_for_page(connection, page, request);
    if (request->path_bytes == sizeof(stats_path) - 1 &&
        !memcmp(request->path, stats_path, sizeof(stats_path) - 1))
        return send_response(connection,
                             origin_response_make_json(&connection->response, site,
                                                       origin_stats_json(site->stats)));
    return send_error(connection, "404 Not Found");
}

/* -- reading ------------------------------------------------------------------- */

/* A client that sends a byte now and then has a time limit for the whole head. */
static bool is_too_slow(struct connection *connection)
{
    if (!connection->in_bytes && !connection->discards_input)
        return false;
    if (!connection->head_since_ns)
        connection->head_since_ns = clock_ns();
    return clock_ns() - connection->head_since_ns > connection->site->head_patience_ns;
}

/* Answers the received requests in order, as far as possible without waiting. May close
 * the connection. */
static void read_requests(struct connection *connection)
{
    while (!connection->answering) {
        struct request request;
        size_t head_bytes = 0;
        enum request_status status = request_parse(connection->in + connection->in_start,
                                                   connection->in_bytes, &request,
                                                   &head_bytes);
        bool answered;

        if (status == REQUEST_PARTIAL)
            break;
        connection->in_start += head_bytes;
        connection->in_bytes -= head_bytes;
        if (status == REQUEST_TOO_LARGE)
            answered = refuse(connection, "431 Request Header Fields Too Large");
        else if (status == REQUEST_MALFORMED)
            answered = refuse(connection, "400 Bad Request");
        else
            answered = answer(connection, &request);
        if (!answered)
            return; /* it waits, or is gone */
    }
    if (connection->input_ended &&
        (!connection->answering || fault_recipes[connection->response.fault].stalls))
        close_connection(connection);
    else if (!connection->answering && is_too_slow(connection))
        drop(connection);
    else
        watch_input(connection);
}

/* Handles a read without data: there is no input yet, something has to be written first
 * (a handshake), or the connection is broken. */
static void stop_receiving(struct connection *connection, enum transport_result reason)
{
    if (reason == TRANSPORT_WAITS_TO_READ)
        return;
    if (reason == TRANSPORT_WAITS_TO_WRITE && !connection->answering) {
        (void)event_del(&connection->readable);
        (void)event_add(&connection->writable, connection->site->write_patience);
        return;
    }
    /* The client reset the connection, did not speak TLS, or asks for new keys in the
     * middle of a response that it does not read. */
    close_connection(connection);
}

static void receive(struct connection *connection)
{
    enum transport_result result;
    size_t received = 0;

    if (connection->in_start) {
        memmove(connection->in, connection->in + connection->in_start,
                connection->in_bytes);
        connection->in_start = 0;
    }
    result = transport_read(&connection->transport, connection->in + connection->in_bytes,
                            sizeof(connection->in) - connection->in_bytes, &received);
    if (result != TRANSPORT_DONE && result != TRANSPORT_ENDED) {
        stop_receiving(connection, result);
        return;
    }
    if (connection->discards_input && received > 0) {
        if (is_too_slow(connection))
            drop(connection);
        return;
    }
    connection->in_bytes += received;
    if (result == TRANSPORT_ENDED) {
        connection->input_ended = true;
        (void)event_del(&connection->readable);
    } else if (connection->in_bytes == sizeof(connection->in)) {
        (void)event_del(&connection->readable); /* full: read_requests() makes room */
    }
    read_requests(connection);
}

/* -- the schedule -------------------------------------------------------------- */

void connection_send_due(struct origin_site *site)
{
    uint64_t now_ns = clock_ns();
    uint64_t next_ns;
    struct ticket *ticket;

    while ((ticket = schedule_take_due(&site->schedule, now_ns))) {
        struct connection *connection = (struct connection *)ticket;

        if (send_page(connection, now_ns))
            read_requests(connection);
        now_ns = clock_ns();
    }
    next_ns = schedule_next_due_ns(&site->schedule);
    /* A timer that fires before anything is due is just set again. */
    if (next_ns != UINT64_MAX && (next_ns < site->due_timer_ns ||
                                  !event_pending(&site->due_timer, EV_TIMEOUT, NULL))) {
        /* Rounded up, so that it seldom fires early. */
        uint64_t wait_us = (next_ns - now_ns + CLOCK_NS_PER_US - 1) / CLOCK_NS_PER_US;
        struct timeval wait = {.tv_sec = (time_t)(wait_us / 1000000),
                               .tv_usec = (suseconds_t)(wait_us % 1000000)};

        (void)event_add(&site->due_timer, &wait);
        site->due_timer_ns = next_ns;
    }
}

/* -- events -------------------------------------------------------------------- */

static void on_readable(evutil_socket_t fd, short what, void *user)
{
    struct connection *connection = user;
    struct origin_site *site = connection->site;

    (void)fd;
    if (!(what & EV_TIMEOUT))
        receive(connection);
    else if (!connection->answering)
        drop(connection); /* silent for too long */
    connection_send_due(site);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
    struct connection *connection = user;
    struct origin_site *site = connection->site;

    (void)fd;
    if (what & EV_TIMEOUT) {
        drop(connection); /* it reads nothing */
    } else if (connection->answering) {
        if (go_on(connection))
            read_requests(connection);
    } else {
        watch_input(connection);
        receive(connection); /* which waited to write */
    }
    connection_send_due(site);
}

/* A client that gets one byte per second is due for the next. */
static void on_drip(evutil_socket_t fd, short what, void *user)
{
    (void)what;
    on_writable(fd, EV_WRITE, user);
}

void connection_open(struct origin_site *site, int fd)
{
    struct connection *connection = TAILQ_FIRST(&site->spare);

    if (connection)
        TAILQ_REMOVE(&site->spare, connection, link);
    else
        connection = malloc(sizeof(*connection));
    if (!connection) {
        (void)close(fd); /* the client sees a reset; there is no memory to say more */
        return;
    }
    /* All but the buffer, whose 8 KiB need not be cleared for every client. */
    memset(connection, 0, offsetof(struct connection, in));
    connection->site = site;
    if (!transport_open(&connection->transport, fd, site->tls)) {
        TAILQ_INSERT_HEAD(&site->spare, connection, link);
        return;
    }
    (void)event_assign(&connection->readable, site->base, fd, EV_READ | EV_PERSIST,
                       on_readable, connection);
    (void)event_assign(&connection->writable, site->base, fd, EV_WRITE, on_writable,
                       connection);
    (void)evtimer_assign(&connection->drip, site->base, on_drip, connection);
    TAILQ_INSERT_TAIL(&site->connections, connection, link);
    origin_stats_client(site->stats, clock_ns());
    watch_input(connection);
}

void connection_close_all(struct origin_site *site)
{
    struct connection *connection;

    while ((connection = TAILQ_FIRST(&site->connections)))
        close_connection(connection);
    while ((connection = TAILQ_FIRST(&site->spare))) {
        TAILQ_REMOVE(&site->spare, connection, link);
        free(connection);
    }
}
