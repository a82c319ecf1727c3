/* response.c - see response.h. */
#include "origin/response.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "origin/spoil.h"

const char *response_date(struct origin_site *site)
{
    uint64_t now_ns = clock_ns();

    if (now_ns >= site->date_until_ns) {
        site->date_until_ns = now_ns + CLOCK_NS_PER_S / 2;
        if (clock_wall_s() != site->date_s) {
            site->date_s = clock_wall_s();
            clock_http_date(site->date_s, site->date);
        }
    }
    return site->date;
}

/* Ready for the next request; the caller reads on. */
static void response_done(struct connection *connection)
{
    if (connection->page && connection->counted) {
        connection->site->stats->responses++;
        if (connection->body_bytes) { /* not to HEAD */
            connection->site->stats->body_bytes += connection->page->body_bytes;
            connection->site->stats->encoded_bytes += connection->wire->encoded_bytes;
        }
    }
    connection_stop_counting(connection);
    free(connection->own_body);
    connection->own_body = NULL;
    connection->answering = false;
}

/* Of what is to be sent only the first byte, and in a second the next. Returns how many
 * parts are left: one. */
static size_t take_a_drop(struct connection *connection, struct iovec parts[2])
{
    static const struct timeval second = {.tv_sec = 1};

    if (!parts[0].iov_len)
        parts[0] = parts[1];
    parts[0].iov_len = 1;
    (void)event_add(&connection->drip, &second);
    return 1;
}

bool response_write(struct connection *connection)
{
    size_t total = connection->head_bytes + connection->body_bytes;

    while (connection->sent_bytes < total) {
        size_t skip = connection->sent_bytes;
        struct iovec parts[2] = {{0}};
        enum transport_result result;
        size_t written = 0;
        size_t count;

        if (skip < connection->head_bytes) {
            parts[0].iov_base = connection->head + skip;
            parts[0].iov_len = connection->head_bytes - skip;
            skip = connection->head_bytes;
        }
        /* Nothing is written to where iov_base points. */
        parts[1].iov_base = (char *)connection->body + (skip - connection->head_bytes);
        parts[1].iov_len = total - skip;
        count = connection->drips ? take_a_drop(connection, parts) : 2;
        result = transport_write(&connection->transport, parts, count, &written);
        if (result == TRANSPORT_WAITS_TO_WRITE) {
            (void)event_add(&connection->writable, connection->site->write_patience);
            return false;
        }
        if (result != TRANSPORT_DONE) {
            connection_close(connection);
            return false;
        }
        connection->sent_bytes += written;
        if (connection->drips)
            return false;
    }
    response_done(connection);
    if (connection->keep_alive)
        return true;
    if (connection->discards_input && !connection->input_ended) {
        /* Closing with unread input resets the connection, and the client might never see
         * why it was refused; it is given time to read and to close first. */
        transport_end_output(&connection->transport);
        connection_watch_input(connection);
        return false;
    }
    connection_close(connection);
    return false;
}

bool response_start(struct connection *connection, int head_bytes)
{
    connection->sent_bytes = 0;
    if (head_bytes < 0 || head_bytes >= RESPONSE_HEAD_MAX_BYTES) {
        connection_close(connection); /* cannot happen: every part of a head is bounded */
        return false;
    }
    connection->head_bytes = (size_t)head_bytes;
    return response_write(connection);
}

static const char *connection_word(const struct connection *connection)
{
    return connection->keep_alive ? "keep-alive" : "close";
}

bool response_send_page(struct connection *connection, uint64_t now_ns)
{
    struct origin_site *site = connection->site;
    const struct behaviour *behaviour = &site->schedule.behaviour;
    const struct ticket *ticket = &connection->ticket;
    char queued[48] = "";
    uint64_t delay_us = (now_ns - ticket->served_ns) / CLOCK_NS_PER_US;
    uint64_t queued_us = (ticket->served_ns - ticket->arrived_ns) / CLOCK_NS_PER_US;

    if (spoil_kind_of(connection))
        return spoil_send(connection, spoil_kind_of(connection));
    if (now_ns - ticket->due_ns > site->stats->late_max_ns)
        site->stats->late_max_ns = now_ns - ticket->due_ns;
    if (behaviour->capacity && behaviour->overload == OVERLOAD_QUEUE)
        (void)snprintf(queued, sizeof(queued), ", queue;dur=%" PRIu64 ".%03" PRIu64,
                       queued_us / 1000, queued_us % 1000);
    return response_start(
        connection,
        snprintf(connection->head, RESPONSE_HEAD_MAX_BYTES,
                 "HTTP/1.1 200 OK\r\n"
                 "Server: bench\r\n"
                 "Date: %s\r\n"
                 "Content-Type: text/html; charset=utf-8\r\n"
                 "%s"
                 "Server-Timing: delay;dur=%" PRIu64 ".%03" PRIu64 "%s\r\n"
                 "Connection: %s\r\n"
                 "\r\n",
                 response_date(site), connection->wire->fields, delay_us / 1000,
                 delay_us % 1000, queued, connection_word(connection)));
}

bool response_send_text(struct connection *connection, const char *status,
                        const char *type, const char *fields, char *text, bool with_body)
{
    if (!text) {
        connection_close(connection);
        return false;
    }
    connection->page = NULL;
    connection->own_body = text;
    connection->body = text;
    connection->body_bytes = with_body ? strlen(text) : 0;
    return response_start(connection,
                          snprintf(connection->head, RESPONSE_HEAD_MAX_BYTES,
                                   "HTTP/1.1 %s\r\n"
                                   "Server: bench\r\n"
                                   "Date: %s\r\n"
                                   "Content-Type: %s\r\n"
                                   "Content-Length: %zu\r\n"
                                   "%s"
                                   "Connection: %s\r\n"
                                   "\r\n",
                                   status, response_date(connection->site), type,
                                   strlen(text), fields, connection_word(connection)));
}

bool response_send_error(struct connection *connection, const char *status,
                         bool with_body)
{
    /* A server says what is allowed in place of what is not (RFC 9110, 15.5.6). */
    const char *fields = strncmp(status, "405", 3) ? "" : "Allow: GET, HEAD\r\n";
    char *text = NULL;

    connection->site->stats->rejected++;
    if (asprintf(&text, "%s\n", status) < 0)
        text = NULL;
    return response_send_text(connection, status, "text/plain", fields, text, with_body);
}

bool response_send_refusal(struct connection *connection, bool with_body)
{
    const struct delay_model *delay = &connection->site->schedule.behaviour.delay;
    uint64_t wait_s = delay_median_ns(delay) / CLOCK_NS_PER_S +
                      1; /* no fractions there */
    char fields[48];

    (void)snprintf(fields, sizeof(fields), "Retry-After: %" PRIu64 "\r\n", wait_s);
    return response_send_text(connection, "503 Service Unavailable", "text/plain", fields,
                              strdup("503 Service Unavailable\n"), with_body);
}
