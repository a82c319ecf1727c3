/* connection.c - see connection.h. */
#include "origin/connection.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "origin/response.h"
#include "origin/spoil.h"

/* -- its life ------------------------------------------------------------------ */

void connection_stop_counting(struct connection *connection)
{
    if (!connection->counted)
        return;
    connection->counted = false;
    origin_stats_departure(connection->site->stats, clock_ns());
    if (!connection->site->stats->in_flight) /* behind all that is active now: */
        event_active(&connection->site->idle, EV_TIMEOUT, 0);
}

void connection_close(struct connection *connection)
{
    struct origin_site *site = connection->site;

    (void)event_del(&connection->readable);
    (void)event_del(&connection->writable);
    (void)event_del(&connection->drip);
    schedule_leave(&site->schedule, &connection->ticket, clock_ns());
    if (connection->counted && !connection->fault)
        site->stats->aborted++;
    connection_stop_counting(connection);
    free(connection->own_body);
    connection->own_body = NULL;
    if (connection->resets)
        transport_reset(&connection->transport);
    else
        transport_close(&connection->transport);
    TAILQ_REMOVE(&site->connections, connection, link);
    TAILQ_INSERT_HEAD(&site->spare, connection, link);
}

/* -- the schedule -------------------------------------------------------------- */

void site_send_due(struct origin_site *site)
{
    uint64_t now_ns = clock_ns();
    uint64_t next_ns;
    struct ticket *ticket;

    while ((ticket = schedule_take_due(&site->schedule, now_ns))) {
        struct connection *connection = (struct connection *)ticket;

        if (response_send_page(connection, now_ns))
            connection_read_requests(connection);
        now_ns = clock_ns();
    }
    next_ns = schedule_next_due_ns(&site->schedule);
    /* One that fires before anything is due is only set again. */
    if (next_ns != UINT64_MAX && (next_ns < site->due_timer_ns ||
                                  !event_pending(&site->due_timer, EV_TIMEOUT, NULL))) {
        /* Rounded up, so that it seldom does. */
        uint64_t wait_us = (next_ns - now_ns + CLOCK_NS_PER_US - 1) / CLOCK_NS_PER_US;
        struct timeval wait = {.tv_sec = (time_t)(wait_us / 1000000),
                               .tv_usec = (suseconds_t)(wait_us % 1000000)};

        (void)event_add(&site->due_timer, &wait);
        site->due_timer_ns = next_ns;
    }
}

/* True: it was refused at once, and the next request may be looked at. */
static bool ask_for_page(struct connection *connection, const struct page *page,
                         const struct request *request)
{
    bool with_body = request->method == REQUEST_GET;
    struct origin_site *site = connection->site;
    uint64_t now_ns = clock_ns();

    connection->page = page;
    connection->wire = page_wire(site->pages, page, request->takes_gzip,
                                 request->takes_chunks);
    connection->body = connection->wire->bytes;
    connection->body_bytes = with_body ? connection->wire->size : 0;
    connection->counted = true;
    origin_stats_arrival(site->stats, now_ns);
    if (spoil_is_at_once(spoil_kind_of(connection)))
        return spoil_send(connection, spoil_kind_of(connection));
    if (!schedule_admit(&site->schedule, &connection->ticket, now_ns)) {
        site->stats->refused++;
        connection_stop_counting(connection);
        return response_send_refusal(connection, with_body);
    }
    if (site->schedule.queued_count > site->stats->queued_peak)
        site->stats->queued_peak = site->schedule.queued_count;
    return false;
}

/* -- requests ------------------------------------------------------------------ */

/* Answers a request that is not served, and reads no more of what comes. */
static bool refuse(struct connection *connection, const char *status)
{
    connection->answering = true;
    connection->keep_alive = false;
    connection->discards_input = true;
    connection->in_bytes = 0;
    return response_send_error(connection, status, true);
}

/* A body behind it would be taken for the next request. */
static bool refuse_method(struct connection *connection, const struct request *request)
{
    const char *status = request->method == REQUEST_OTHER ? "405 Method Not Allowed"
                                                          : "501 Not Implemented";

    return request->has_body ? refuse(connection, status)
                             : response_send_error(connection, status, true);
}

/* True: it was answered at once, and the next one may be looked at. */
static bool answer(struct connection *connection, const struct request *request)
{
    static const char stats_path[] = "/stats";
    const struct page *page = page_find(connection->site->pages, request->path,
                                        request->path_bytes);
    bool with_body = request->method == REQUEST_GET;

    connection->answering = true;
    connection->keep_alive = request->keep_alive;
    connection->head_since_ns = 0;
    if (request->method == REQUEST_OTHER || request->method == REQUEST_UNKNOWN)
        return refuse_method(connection, request);
    if (page)
        return ask_for_page(connection, page, request);
    if (request->path_bytes == sizeof(stats_path) - 1 &&
        !memcmp(request->path, stats_path, sizeof(stats_path) - 1))
        return response_send_text(connection, "200 OK", "application/json", "",
                                  origin_stats_json(connection->site->stats), with_body);
    return response_send_error(connection, "404 Not Found", with_body);
}

void connection_watch_input(struct connection *connection)
{
    if (connection->input_ended || connection->in_bytes == sizeof(connection->in)) {
        (void)event_del(&connection->readable);
        return;
    }
    (void)event_add(&connection->readable, connection->site->idle_patience);
    if (transport_has_more(&connection->transport))
        event_active(&connection->readable, EV_READ, 0);
}

/* A client that sends a byte now and then may not do so for ever. */
static bool is_too_slow(struct connection *connection)
{
    if (!connection->in_bytes && !connection->discards_input)
        return false;
    if (!connection->head_since_ns)
        connection->head_since_ns = clock_ns();
    return clock_ns() - connection->head_since_ns > connection->site->head_patience_ns;
}

static void drop(struct connection *connection)
{
    connection->site->stats->dropped++;
    connection_close(connection);
}

void connection_read_requests(struct connection *connection)
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
        (!connection->answering || connection->fault == FAULT_STALL))
        connection_close(connection);
    else if (!connection->answering && is_too_slow(connection))
        drop(connection);
    else
        connection_watch_input(connection);
}

/* What stopped the reading: nothing has come yet, or it cannot go on before something is
 * written (a handshake), or the connection is broken. */
static void stop_receiving(struct connection *connection, enum transport_result reason)
{
    if (reason == TRANSPORT_WAITS_TO_READ)
        return;
    if (reason == TRANSPORT_WAITS_TO_WRITE && !connection->answering) {
        (void)event_del(&connection->readable);
        (void)event_add(&connection->writable, connection->site->write_patience);
        return;
    }
    /* Reset by the client, or it spoke no TLS; or it asks for new keys in the middle of a
     * response that it does not read. */
    connection_close(connection);
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
        (void)event_del(
            &connection->readable); /* full: connection_read_requests() makes room */
    }
    connection_read_requests(connection);
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
    site_send_due(site);
}

static void on_writable(evutil_socket_t fd, short what, void *user)
{
    struct connection *connection = user;
    struct origin_site *site = connection->site;

    (void)fd;
    if (what & EV_TIMEOUT) {
        drop(connection); /* it takes nothing */
    } else if (connection->answering) {
        if (response_write(connection))
            connection_read_requests(connection);
    } else {
        connection_watch_input(connection);
        receive(connection); /* which waited to write */
    }
    site_send_due(site);
}

/* A second is over for one who gets a byte in each. */
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
    connection_watch_input(connection);
}

void site_close(struct origin_site *site)
{
    struct connection *connection;

    while ((connection = TAILQ_FIRST(&site->connections)))
        connection_close(connection);
    while ((connection = TAILQ_FIRST(&site->spare))) {
        TAILQ_REMOVE(&site->spare, connection, link);
        free(connection);
    }
}
