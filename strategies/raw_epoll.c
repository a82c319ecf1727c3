/* raw_epoll.c - the lower bound: non-blocking sockets and epoll alone. No libcurl, no
 * TLS, no DNS; HTTP/1.1 from http://<IPv4 address>[:port]/ only. Its cost is that of the
 * machine; the extra cost of a model is the price of its libraries.
 *
 * It sends the request that libcurl sends, and responses go through the same checks
 * (fetch/response.h). A result carries libcurl's code for a failure, so that all
 * strategies report it alike. */
#include <curl/curl.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "fetch/response.h"
#include "strategies/strategy.h"
#include "strategies/support/http_reader.h"
#include "strategies/support/http_request.h"

/* As many bytes at a time as libcurl reads (CURLOPT_BUFFERSIZE). */
enum { EVENTS_AT_ONCE = 256, READ_BYTES = 16384 };

/* A place for one request in flight, with its connection. */
struct place {
    int fd; /* -1: no connection */
    struct sockaddr_in server;
    uint32_t waits_for; /* EPOLLIN or EPOLLOUT, 0: not in the epoll set yet */
    bool connected;
    uint16_t local_port; /* of the connection; 0: not known */
    bool reused;         /* the request uses a connection that an earlier one left open */

    /* of the current request */
    bool busy;
    struct work_item item;
    const struct http_request *request;
    struct response response;
    struct http_reader reader;
    uint64_t deadline_ns;
    uint32_t connections, connect_us;
    int connect_errno; /* why connect() failed, with CURLE_COULDNT_CONNECT */
    size_t sent_bytes;
    char *kept; /* the beginning of an unfinished line; or NULL */
    size_t kept_bytes;
    struct place *earlier, *later; /* by their deadlines */
};

struct raw_epoll {
    struct work *work;
    const struct fetch_policy *policy;
    struct http_request *requests; /* one for each target, ready to be sent */
    size_t request_count;
    struct place *places; /* `level` of them */
    unsigned level, in_flight;
    int epoll_fd;
    struct place *first, *last; /* busy places by deadline; all have the same timeout */
    char buffer[RESPONSE_LINE_CAP_BYTES + READ_BYTES]; /* an unfinished line, then more */
};

/* -- connections --------------------------------------------------------------- */

static void disconnect(struct place *place)
{
    if (place->fd >= 0)
        (void)close(place->fd); /* and out of the epoll set */
    place->fd = -1;
    place->waits_for = 0;
    place->connected = false;
}

static bool watch(struct raw_epoll *raw, struct place *place, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = place};
    int operation = place->waits_for ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (place->waits_for == events)
        return true;
    place->waits_for = events;
    return !epoll_ctl(raw->epoll_fd, operation, place->fd, &event);
}

static void note_connected(struct place *place)
{
    uint64_t us = (clock_ns() - place->item.result->start_ns) / CLOCK_NS_PER_US;
    struct sockaddr_in own = {0};
    socklen_t size = sizeof(own);

    place->local_port = getsockname(place->fd, (struct sockaddr *)&own, &size)
                            ? 0
                            : ntohs(own.sin_port);
    place->connected = true;
    place->connections++;
    place->connect_us = (uint32_t)us;
}

/* Begins to connect, which may succeed at once. */
static CURLcode start_connecting(struct place *place)
{
    int on = 1;

    place->reused = false;
    place->connect_errno = 0;
    place->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (place->fd < 0 || setsockopt(place->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
        return CURLE_COULDNT_CONNECT;
    if (!connect(place->fd, (const struct sockaddr *)&place->server,
                 sizeof(place->server)))
        note_connected(place);
    else if (errno != EINPROGRESS) {
        place->connect_errno = errno;
        return CURLE_COULDNT_CONNECT;
    }
    return CURLE_OK;
}

static CURLcode finish_connecting(struct place *place)
{
    socklen_t size = sizeof(int);
    int code = 0;

    if (getsockopt(place->fd, SOL_SOCKET, SO_ERROR, &code, &size) || code) {
        place->connect_errno = code;
        return CURLE_COULDNT_CONNECT;
    }
    note_connected(place);
    return CURLE_OK;
}

/* -- one request: steps return CURLE_OK to go on, CURLE_AGAIN to wait ----------- */

static CURLcode send_request(struct raw_epoll *raw, struct place *place)
{
    const char *text = place->request->text;
    size_t size = place->request->size_bytes;

    while (place->sent_bytes < size) {
        ssize_t sent = send(place->fd, text + place->sent_bytes, size - place->sent_bytes,
                            MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN)
            return watch(raw, place, EPOLLOUT) ? CURLE_AGAIN : CURLE_SEND_ERROR;
        if (sent < 0)
            return CURLE_SEND_ERROR;
        place->sent_bytes += (size_t)sent;
    }
    return watch(raw, place, EPOLLIN) ? CURLE_AGAIN : CURLE_SEND_ERROR;
}

/* Keeps the beginning of an unfinished line. */
static CURLcode keep(struct place *place, const char *data, size_t size)
{
    free(place->kept);
    place->kept = NULL;
    place->kept_bytes = 0;
    if (!size)
        return CURLE_AGAIN;
    place->kept = malloc(size);
    if (!place->kept)
        return CURLE_OUT_OF_MEMORY;
    memcpy(place->kept, data, size);
    place->kept_bytes = size;
    return CURLE_AGAIN;
}

/* libcurl's code for the reader's state. */
static CURLcode verdict_of(const struct http_reader *reader)
{
    switch (reader->state) {
    case HTTP_DONE:
        return CURLE_OK;
    case HTTP_OVER_CAP:
        return CURLE_WRITE_ERROR;
    case HTTP_LINE_TOO_LONG:
        return CURLE_OUT_OF_MEMORY;
    case HTTP_FOREIGN:
        return CURLE_UNSUPPORTED_PROTOCOL;
    case HTTP_BROKEN:
        return CURLE_WEIRD_SERVER_REPLY;
    case HTTP_NOT_READ:
        return CURLE_BAD_CONTENT_ENCODING;
    default:
        return CURLE_AGAIN;
    }
}

static enum fetch_cause cause_of(const struct place *place, CURLcode code)
{
    if (place->reader.state == HTTP_LINE_TOO_LONG)
        return FETCH_CAUSE_LINE_TOO_LONG;
    if (place->reader.state == HTTP_NOT_READ)
        return FETCH_CAUSE_NOT_READ;
    if ((code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR) &&
        response_is_cut_off(&place->response))
        return FETCH_CAUSE_HEAD_CUT_OFF;
    return code == CURLE_COULDNT_CONNECT ? fetch_cause_of_connect(place->connect_errno)
                                         : FETCH_CAUSE_NONE;
}

static CURLcode receive(struct raw_epoll *raw, struct place *place)
{
    size_t before = place->kept_bytes;
    size_t used;
    ssize_t got;
    CURLcode code;

    if (before)
        memcpy(raw->buffer, place->kept, before);
    do
        got = recv(place->fd, raw->buffer + before, READ_BYTES, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN ? CURLE_AGAIN : CURLE_RECV_ERROR;
    if (!got) {
        if (http_reader_end(&place->reader))
            return CURLE_OK;
        return place->reader.state == HTTP_STATUS_LINE ? CURLE_GOT_NOTHING
                                                       : CURLE_PARTIAL_FILE;
    }
    used = http_reader_take(&place->reader, &place->response, raw->buffer,
                            before + (size_t)got);
    code = verdict_of(&place->reader);
    if (used < before + (size_t)got)
        place->reader.keep_alive &= code == CURLE_AGAIN; /* more than was asked for */
    if (code != CURLE_AGAIN)
        return code;
    return keep(place, raw->buffer + used, before + (size_t)got - used);
}

/* Starts over: nothing is sent or read yet. A connection stays as it is. */
static void begin_exchange(struct place *place)
{
    http_reader_begin(&place->reader);
    (void)keep(place, NULL, 0);
    place->sent_bytes = 0;
}

/* Connects, sends and receives, as far as possible without waiting. */
static CURLcode go_on(struct raw_epoll *raw, struct place *place)
{
    CURLcode code = CURLE_OK;

    if (place->fd < 0)
        code = start_connecting(place);
    else if (!place->connected)
        code = finish_connecting(place);
    if (code)
        return code;
    if (!place->connected)
        return watch(raw, place, EPOLLOUT) ? CURLE_AGAIN : CURLE_COULDNT_CONNECT;
    return place->waits_for == EPOLLIN && place->sent_bytes ? receive(raw, place)
                                                            : send_request(raw, place);
}

/* If the server has closed a kept connection meanwhile, the request is sent again on a
 * new one, as libcurl does. */
static bool deserves_another(const struct place *place, CURLcode code)
{
    return place->reused && !place->response.first_byte_ns &&
           (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
            code == CURLE_GOT_NOTHING);
}

static CURLcode advance(struct raw_epoll *raw, struct place *place)
{
    CURLcode code = go_on(raw, place);

    if (deserves_another(place, code)) {
        disconnect(place);
        begin_exchange(place);
        code = go_on(raw, place);
    }
    return code;
}

/* -- begin and end ------------------------------------------------------------- */

static void add_deadline(struct raw_epoll *raw, struct place *place)
{
    place->deadline_ns = place->item.result->start_ns +
                         raw->policy->timeout_ms * CLOCK_NS_PER_MS;
    place->later = NULL;
    place->earlier = raw->last;
    *(raw->last ? &raw->last->later : &raw->first) = place;
    raw->last = place;
}

static void remove_deadline(struct raw_epoll *raw, struct place *place)
{
    *(place->earlier ? &place->earlier->later : &raw->first) = place->later;
    *(place->later ? &place->later->earlier : &raw->last) = place->earlier;
}

static enum fetch_outcome judge(const struct place *place, CURLcode code)
{
    switch (code) {
    case CURLE_OK:
    case CURLE_WRITE_ERROR:
        return response_judge(&place->response, place->reader.status);
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TIMED_OUT;
    case CURLE_COULDNT_CONNECT:
        return FETCH_CONNECT_FAILED;
    default:
        return FETCH_IO_FAILED;
    }
}

/* Fills in both ends of the connection. */
static void fill_ends(const struct place *place, struct fetch_result *result)
{
    if (!place->connected || !place->local_port)
        return;
    result->local_port = place->local_port;
    result->remote_port = ntohs(place->server.sin_port);
    memcpy(result->remote_address, &place->server.sin_addr,
           sizeof(place->server.sin_addr));
}

static void end(struct raw_epoll *raw, struct place *place, CURLcode code)
{
    struct fetch_result *result = place->item.result;

    result->end_ns = clock_ns();
    result->connections = (uint16_t)place->connections;
    result->connect_us = place->connect_us;
    fill_ends(place, result);
    result->cause = (uint16_t)cause_of(place, code);
    response_record(&place->response, result);
    result->encoded_bytes = result->body_bytes;
    result->http_status = (uint16_t)place->reader.status;
    result->curl_code = (uint16_t)code;
    result->outcome = (uint16_t)judge(place, code);
    if (code || !raw->policy->reuse_connections || !place->reader.keep_alive)
        disconnect(place);
    remove_deadline(raw, place);
    place->busy = false;
    raw->in_flight--;
}

/* Selects the request for the item of its place. */
static void prepare(struct raw_epoll *raw, struct place *place)
{
    place->request = &raw->requests[place->item.index % raw->request_count];
    if (place->fd >= 0 &&
        memcmp(&place->request->server, &place->server, sizeof(place->server)) != 0)
        disconnect(place); /* another server's */
    place->server = place->request->server;
}

/* Takes items for this place until one is under way or the supply is empty. */
static void start_next(struct raw_epoll *raw, struct place *place)
{
    while (work_take(raw->work, 0, &place->item)) {
        CURLcode code;

        response_begin(&place->response, place->item.expect);
        begin_exchange(place);
        place->connections = place->connect_us = 0;
        place->item.result->start_ns = clock_ns();
        prepare(raw, place);
        place->reused = place->fd >= 0;
        place->busy = true;
        raw->in_flight++;
        add_deadline(raw, place);
        code = advance(raw, place);
        if (code == CURLE_AGAIN)
            return;
        end(raw, place, code);
    }
}

/* -- the loop ------------------------------------------------------------------ */

static void on_event(struct raw_epoll *raw, struct place *place)
{
    CURLcode code;

    if (!place->busy) {
        disconnect(place); /* a kept connection that the server has closed */
        return;
    }
    code = advance(raw, place);
    if (code == CURLE_AGAIN)
        return;
    end(raw, place, code);
    start_next(raw, place);
}

/* Ends requests whose time is up. Returns the time left for the next one, in ms, rounded
 * up. */
static int end_late_ones(struct raw_epoll *raw)
{
    uint64_t now_ns = clock_ns();

    while (raw->first && raw->first->deadline_ns <= now_ns) {
        struct place *place = raw->first;

        end(raw, place, CURLE_OPERATION_TIMEDOUT);
        start_next(raw, place);
    }
    if (!raw->first)
        return 0;
    return (int)((raw->first->deadline_ns - now_ns) / CLOCK_NS_PER_MS) + 1;
}

static int raw_epoll_run(void *self, struct err *err)
{
    struct raw_epoll *raw = self;
    struct epoll_event events[EVENTS_AT_ONCE];

    (void)err;
    for (unsigned i = 0; i < raw->level; i++)
        start_next(raw, &raw->places[i]);
    while (raw->in_flight) {
        int left_ms = end_late_ones(raw);
        int count = raw->in_flight
                        ? epoll_wait(raw->epoll_fd, events, EVENTS_AT_ONCE, left_ms)
                        : 0;

        for (int i = 0; i < count; i++)
            on_event(raw, events[i].data.ptr);
    }
    return 0;
}

/* -- life cycle ---------------------------------------------------------------- */

static void raw_epoll_close(void *self)
{
    struct raw_epoll *raw = self;

    for (unsigned i = 0; raw->places && i < raw->level; i++) {
        disconnect(&raw->places[i]);
        free(raw->places[i].kept);
    }
    if (raw->epoll_fd >= 0)
        (void)close(raw->epoll_fd);
    http_requests_free(raw->requests, raw->request_count);
    free(raw->places);
    free(raw);
}

static int raw_epoll_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct raw_epoll *raw = calloc(1, sizeof(*raw));

    if (!raw)
        return err_errno(err, "no memory for raw-epoll");
    raw->work = env->work;
    raw->policy = env->policy;
    raw->level = env->level;
    raw->request_count = work_target_count(env->work);
    raw->epoll_fd = -1;
    if (http_requests_make(&raw->requests, env->work, err))
        goto failed;
    raw->places = calloc(env->level, sizeof(*raw->places));
    if (!raw->places) {
        (void)err_errno(err, "no memory for %u connections", env->level);
        goto failed;
    }
    for (unsigned i = 0; i < env->level; i++)
        raw->places[i].fd = -1;
    raw->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (raw->epoll_fd < 0) {
        (void)err_errno(err, "cannot create an epoll descriptor");
        goto failed;
    }
    *self = raw;
    return 0;

failed:
    raw_epoll_close(raw);
    return -1;
}

const struct strategy strategy_raw_epoll = {
    .name = "raw-epoll",
    .summary = "the lower bound: non-blocking sockets and epoll, no libcurl",
    .waits = "the loop, in epoll_wait(), for all requests",
    .shared = "all: one pool of connections; no DNS, no TLS",
    .sessions = "none: it has no TLS",
    .reference = true,
    .plain_http_only = true,
    .needs = {.descriptors = 1, .memory_bytes = 16 * 1024},
    .open = raw_epoll_open,
    .run = raw_epoll_run,
    .close = raw_epoll_close,
};
