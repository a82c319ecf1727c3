/* raw_epoll.c - the lower bound: non-blocking sockets and epoll alone. No libcurl, no
 * TLS, no DNS; HTTP/1.1 from http://<IPv4 address>[:port]/ only. Its cost is that of the
 * machine; the extra cost of a model is the price of its libraries.
 *
 * It sends the request that libcurl sends, and responses go through the same checks
 * (fetch/response.h). A result carries libcurl's code for a failure, so that all
 * strategies report it alike. */
#include <curl/curl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/clock.h"
#include "fetch/due.h"
#include "strategies/strategy.h"
#include "strategies/support/due_timer.h"
#include "strategies/support/raw_request.h"

enum { EVENTS_AT_ONCE = 256 };

/* A place for one request in flight, with its connection. */
struct place {
    struct raw_request request; /* first: events point to it */
    bool busy;
    uint64_t deadline_ns;
    struct place *earlier, *later; /* by their deadlines */
};

struct raw_epoll {
    struct raw_loop loop;
    struct work *work;
    const struct fetch_policy *policy;
    struct http_request *requests; /* one for each target, ready to be sent */
    size_t request_count;
    struct place *places; /* `level` of them */
    struct place **idle;  /* those without a request, the next one last */
    unsigned level, idle_count;
    struct due due;             /* what to request next, once a place is idle */
    struct due_timer timer;     /* in the epoll set, with no place */
    struct place *first, *last; /* busy places by deadline: all have the same timeout, and
                                   the same end of the run */
};

/* -- deadlines ----------------------------------------------------------------- */

static void add_deadline(struct raw_epoll *raw, struct place *place)
{
    uint64_t stop_ns = place->request.item.result->stop_ns;

    place->deadline_ns = place->request.item.result->start_ns +
                         raw->policy->timeout_ms * CLOCK_NS_PER_MS;
    if (stop_ns && stop_ns < place->deadline_ns)
        place->deadline_ns = stop_ns;
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

/* -- begin and end ------------------------------------------------------------- */

static void end(struct raw_epoll *raw, struct place *place, CURLcode code)
{
    raw_request_end(&place->request, code);
    if (code || !raw->policy->reuse_connections || !place->request.reader.keep_alive)
        raw_request_disconnect(&place->request);
    remove_deadline(raw, place);
    place->busy = false;
    raw->idle[raw->idle_count++] = place;
}

/* Requests the item of an idle place, the last in the list. */
static void start(struct raw_epoll *raw, struct place *place)
{
    size_t target = work_target_of(raw->work, place->request.item.index);
    CURLcode code;

    raw->idle_count--;
    place->busy = true;
    raw_request_begin(&place->request, &raw->requests[target]);
    add_deadline(raw, place);
    code = raw_request_advance(&raw->loop, &place->request);
    if (code != CURLE_AGAIN)
        end(raw, place, code);
}

/* Requests what is due, while a place is idle. */
static void start_due(struct raw_epoll *raw)
{
    while (raw->idle_count &&
           due_take(&raw->due, &raw->idle[raw->idle_count - 1]->request.item))
        start(raw, raw->idle[raw->idle_count - 1]);
}

/* -- the loop ------------------------------------------------------------------ */

static void on_event(struct raw_epoll *raw, struct place *place)
{
    CURLcode code;

    if (!place->busy) { /* the server has closed a kept connection */
        raw_request_disconnect(&place->request);
        return;
    }
    code = raw_request_advance(&raw->loop, &place->request);
    if (code == CURLE_AGAIN)
        return;
    end(raw, place, code);
    start_due(raw);
}

/* Ends requests whose time is up. Returns the time left for the next one, in ms, rounded
 * up. */
static int end_late_ones(struct raw_epoll *raw)
{
    uint64_t now_ns = clock_ns();

    while (raw->first && raw->first->deadline_ns <= now_ns) {
        struct place *place = raw->first;

        end(raw, place, CURLE_OPERATION_TIMEDOUT);
        start_due(raw);
    }
    if (!raw->first)
        return -1;
    return (int)((raw->first->deadline_ns - now_ns) / CLOCK_NS_PER_MS) + 1;
}

static int raw_epoll_run(void *self, struct err *err)
{
    struct raw_epoll *raw = self;
    struct epoll_event events[EVENTS_AT_ONCE];

    due_begin(&raw->due, raw->work, 0);
    start_due(raw);
    for (;;) {
        int left_ms = end_late_ones(raw);
        int count;

        if (raw->idle_count == raw->level && !raw->due.has_waiting)
            break;
        if (due_timer_set(&raw->timer, due_ns(&raw->due)))
            return err_errno(err, "cannot set the timer of a loop");
        count = epoll_wait(raw->loop.epoll_fd, events, EVENTS_AT_ONCE, left_ms);
        for (int i = 0; i < count; i++)
            if (events[i].data.ptr)
                on_event(raw, events[i].data.ptr);
            else
                due_timer_clear(&raw->timer);
        start_due(raw);
    }
    return 0;
}

/* -- life cycle ---------------------------------------------------------------- */

static void raw_epoll_close(void *self)
{
    struct raw_epoll *raw = self;

    for (unsigned i = 0; raw->places && i < raw->level; i++)
        raw_request_close(&raw->places[i].request);
    if (raw->loop.epoll_fd >= 0)
        (void)close(raw->loop.epoll_fd);
    due_timer_close(&raw->timer);
    http_requests_free(raw->requests, raw->request_count);
    free(raw->places);
    free(raw->idle);
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
    raw->loop.epoll_fd = -1;
    if (due_timer_open(&raw->timer, err) ||
        http_requests_make(&raw->requests, env->work, err))
        goto failed;
    raw->idle = calloc(env->level, sizeof(struct place *));
    if (raw->idle)
        raw->places = calloc(env->level, sizeof(*raw->places));
    if (!raw->idle || !raw->places) {
        (void)err_errno(err, "no memory for %u connections", env->level);
        goto failed;
    }
    for (unsigned i = 0; i < env->level; i++)
        raw->places[i].request.fd = -1;
    while (raw->idle_count < env->level) {
        raw->idle[raw->idle_count] = &raw->places[env->level - 1 - raw->idle_count];
        raw->idle_count++;
    }
    raw->loop.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (raw->loop.epoll_fd < 0 ||
        epoll_ctl(raw->loop.epoll_fd, EPOLL_CTL_ADD, raw->timer.fd,
                  &(struct epoll_event){.events = EPOLLIN})) {
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
