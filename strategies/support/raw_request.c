/* raw_request.c - see raw_request.h. */
#include "strategies/support/raw_request.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"

/* -- connections --------------------------------------------------------------- */

void raw_request_disconnect(struct raw_request *request)
{
    if (request->fd >= 0)
        (void)close(request->fd); /* and out of the epoll set */
    request->fd = -1;
    request->waits_for = 0;
    request->connected = false;
}

static bool watch(struct raw_loop *loop, struct raw_request *request, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = request};
    int operation = request->waits_for ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (request->waits_for == events)
        return true;
    request->waits_for = events;
    return !epoll_ctl(loop->epoll_fd, operation, request->fd, &event);
}

static void note_connected(struct raw_request *request)
{
    uint64_t us = (clock_ns() - request->item.result->start_ns) / CLOCK_NS_PER_US;
    struct sockaddr_in own = {0};
    socklen_t size = sizeof(own);

    request->local_port = getsockname(request->fd, (struct sockaddr *)&own, &size)
                              ? 0
                              : ntohs(own.sin_port);
    request->connected = true;
    request->connections++;
    request->connect_us = (uint32_t)us;
}

/* Begins to connect, which may succeed at once. */
static CURLcode start_connecting(struct raw_request *request)
{
    int on = 1;

    request->reused = false;
    request->connect_errno = 0;
    request->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (request->fd < 0 ||
        setsockopt(request->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)))
        return CURLE_COULDNT_CONNECT;
    if (!connect(request->fd, (const struct sockaddr *)&request->server,
                 sizeof(request->server)))
        note_connected(request);
    else if (errno != EINPROGRESS) {
        request->connect_errno = errno;
        return CURLE_COULDNT_CONNECT;
    }
    return CURLE_OK;
}

static CURLcode finish_connecting(struct raw_request *request)
{
    socklen_t size = sizeof(int);
    int code = 0;

    if (getsockopt(request->fd, SOL_SOCKET, SO_ERROR, &code, &size) || code) {
        request->connect_errno = code;
        return CURLE_COULDNT_CONNECT;
    }
    note_connected(request);
    return CURLE_OK;
}

/* -- one request: steps return CURLE_OK to go on, CURLE_AGAIN to wait ----------- */

static CURLcode send_request(struct raw_loop *loop, struct raw_request *request)
{
    const char *text = request->sent->text;
    size_t size = request->sent->size_bytes;

    while (request->sent_bytes < size) {
        ssize_t sent = send(request->fd, text + request->sent_bytes,
                            size - request->sent_bytes, MSG_NOSIGNAL);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno == EAGAIN)
            return watch(loop, request, EPOLLOUT) ? CURLE_AGAIN : CURLE_SEND_ERROR;
        if (sent < 0)
            return CURLE_SEND_ERROR;
        request->sent_bytes += (size_t)sent;
    }
    return watch(loop, request, EPOLLIN) ? CURLE_AGAIN : CURLE_SEND_ERROR;
}

/* Keeps the beginning of an unfinished line. */
static CURLcode keep(struct raw_request *request, const char *data, size_t size)
{
    free(request->kept);
    request->kept = NULL;
    request->kept_bytes = 0;
    if (!size)
        return CURLE_AGAIN;
    request->kept = malloc(size);
    if (!request->kept)
        return CURLE_OUT_OF_MEMORY;
    memcpy(request->kept, data, size);
    request->kept_bytes = size;
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

static enum fetch_cause cause_of(const struct raw_request *request, CURLcode code)
{
    if (request->reader.state == HTTP_LINE_TOO_LONG)
        return FETCH_CAUSE_LINE_TOO_LONG;
    if (request->reader.state == HTTP_NOT_READ)
        return FETCH_CAUSE_NOT_READ;
    if ((code == CURLE_PARTIAL_FILE || code == CURLE_RECV_ERROR) &&
        response_is_cut_off(&request->response))
        return FETCH_CAUSE_HEAD_CUT_OFF;
    return code == CURLE_COULDNT_CONNECT ? fetch_cause_of_connect(request->connect_errno)
                                         : FETCH_CAUSE_NONE;
}

static CURLcode receive(struct raw_loop *loop, struct raw_request *request)
{
    size_t before = request->kept_bytes;
    size_t used;
    ssize_t got;
    CURLcode code;

    if (before)
        memcpy(loop->buffer, request->kept, before);
    do
        got = recv(request->fd, loop->buffer + before, RAW_READ_BYTES, 0);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        return errno == EAGAIN ? CURLE_AGAIN : CURLE_RECV_ERROR;
    if (!got) {
        if (http_reader_end(&request->reader))
            return CURLE_OK;
        return request->reader.state == HTTP_STATUS_LINE ? CURLE_GOT_NOTHING
                                                         : CURLE_PARTIAL_FILE;
    }
    used = http_reader_take(&request->reader, &request->response, loop->buffer,
                            before + (size_t)got);
    code = verdict_of(&request->reader);
    if (used < before + (size_t)got)
        request->reader.keep_alive &= code == CURLE_AGAIN; /* more than was asked for */
    if (code != CURLE_AGAIN)
        return code;
    return keep(request, loop->buffer + used, before + (size_t)got - used);
}

/* Starts over: nothing is sent or read yet. A connection stays as it is. */
static void begin_exchange(struct raw_request *request)
{
    http_reader_begin(&request->reader);
    (void)keep(request, NULL, 0);
    request->sent_bytes = 0;
}

/* Connects, sends and receives, as far as possible without waiting. */
static CURLcode go_on(struct raw_loop *loop, struct raw_request *request)
{
    CURLcode code = CURLE_OK;

    if (request->fd < 0)
        code = start_connecting(request);
    else if (!request->connected)
        code = finish_connecting(request);
    if (code)
        return code;
    if (!request->connected)
        return watch(loop, request, EPOLLOUT) ? CURLE_AGAIN : CURLE_COULDNT_CONNECT;
    return request->waits_for == EPOLLIN && request->sent_bytes
               ? receive(loop, request)
               : send_request(loop, request);
}

/* If the server has closed a kept connection meanwhile, the request is sent again on a
 * new one, as libcurl does. */
static bool deserves_another(const struct raw_request *request, CURLcode code)
{
    return request->reused && !request->response.first_byte_ns &&
           (code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
            code == CURLE_GOT_NOTHING);
}

CURLcode raw_request_advance(struct raw_loop *loop, struct raw_request *request)
{
    CURLcode code = go_on(loop, request);

    if (deserves_another(request, code)) {
        raw_request_disconnect(request);
        begin_exchange(request);
        code = go_on(loop, request);
    }
    return code;
}

/* -- begin and end ------------------------------------------------------------- */

void raw_request_begin(struct raw_request *request, const struct http_request *sent)
{
    response_begin(&request->response, request->item.expect);
    begin_exchange(request);
    request->connections = request->connect_us = 0;
    request->item.result->start_ns = clock_ns();
    request->sent = sent;
    if (request->fd >= 0 &&
        memcmp(&sent->server, &request->server, sizeof(request->server)) != 0)
        raw_request_disconnect(request); /* another server's */
    request->server = sent->server;
    request->reused = request->fd >= 0;
}

static enum fetch_outcome judge(const struct raw_request *request, CURLcode code)
{
    switch (code) {
    case CURLE_OK:
    case CURLE_WRITE_ERROR:
        return response_judge(&request->response, request->reader.status);
    case CURLE_OPERATION_TIMEDOUT:
        return FETCH_TIMED_OUT;
    case CURLE_COULDNT_CONNECT:
        return FETCH_CONNECT_FAILED;
    default:
        return FETCH_IO_FAILED;
    }
}

/* Fills in both ends of the connection. */
static void fill_ends(const struct raw_request *request, struct fetch_result *result)
{
    if (!request->connected || !request->local_port)
        return;
    result->local_port = request->local_port;
    result->remote_port = ntohs(request->server.sin_port);
    memcpy(result->remote_address, &request->server.sin_addr,
           sizeof(request->server.sin_addr));
}

void raw_request_end(struct raw_request *request, CURLcode code)
{
    struct fetch_result *result = request->item.result;

    result->end_ns = clock_ns();
    result->connections = (uint16_t)request->connections;
    result->connect_us = request->connect_us;
    fill_ends(request, result);
    result->cause = (uint16_t)cause_of(request, code);
    response_record(&request->response, result);
    result->encoded_bytes = result->body_bytes;
    result->http_status = (uint16_t)request->reader.status;
    result->curl_code = (uint16_t)code;
    result->outcome = (uint16_t)judge(request, code);
}

void raw_request_close(struct raw_request *request)
{
    raw_request_disconnect(request);
    free(request->kept);
    request->kept = NULL;
}
