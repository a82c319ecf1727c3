/* libuv_model.c - one thread, one libuv loop that drives libcurl's multi handle. */
#include <bench/plugin.h>
#include <stdlib.h>
#include <uv.h>

struct model {
    uv_loop_t loop;
    uv_timer_t timer;      /* when libcurl wants to be called */
    uv_timer_t due;        /* when the next request of a rate is due */
    struct flight *flight; /* keeps the level in flight */
    CURLMcode failure;     /* nothing goes on after one */
};

static void drive(struct model *model, curl_socket_t socket, int ready)
{
    CURLM *multi = flight_multi(model->flight);
    if (!model->failure)
        model->failure = curl_multi_socket_action(multi, socket, ready, &(int){0});
    if (!model->failure)
        (void)flight_reap(model->flight); /* ends these, begins others in their place */
}

static void on_timeout(uv_timer_t *timer)
{
    drive(timer->loop->data, CURL_SOCKET_TIMEOUT, 0);
}

/* For reading and writing libuv and libcurl have the same bits. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
    int socket;
    (void)uv_fileno((uv_handle_t *)poll, &socket);
    drive(poll->loop->data, socket, status < 0 ? CURL_CSELECT_ERR : events);
}

static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct model *model = user;
    if (timeout_ms < 0)
        return uv_timer_stop(&model->timer);
    return uv_timer_start(&model->timer, on_timeout, (uint64_t)timeout_ms, 0);
}

static void free_poll(uv_handle_t *handle)
{
    free(handle);
}

static int watch(CURL *easy, curl_socket_t socket, int what, void *user, void *known)
{
    struct model *model = user;
    uv_poll_t *poll = known;
    if (what == CURL_POLL_REMOVE)
        return uv_close((uv_handle_t *)poll, free_poll), 0;
    if (!poll) {
        if (!(poll = malloc(sizeof(*poll))) || uv_poll_init(&model->loop, poll, socket))
            return -1;
        (void)curl_multi_assign(flight_multi(model->flight), socket, poll);
    }
    return uv_poll_start(poll, what, on_ready);
}

static void model_close(void *self)
{
    struct model *model = self;
    flight_close(model->flight);
    uv_close((uv_handle_t *)&model->timer, NULL);
    uv_close((uv_handle_t *)&model->due, NULL);
    (void)uv_run(&model->loop, UV_RUN_DEFAULT); /* until all handles are closed */
    (void)uv_loop_close(&model->loop);
    free(model);
}

static int model_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct model *model = calloc(1, sizeof(*model));
    if (!model || uv_loop_init(&model->loop))
        return err_set(err, "no memory for a loop of libuv");
    (void)uv_timer_init(&model->loop, &model->timer);
    (void)uv_timer_init(&model->loop, &model->due);
    model->loop.data = model;
    *self = model;
    if (!flight_open(&model->flight, env->work, env->policy, env->level, 0, err) &&
        !fetch_multi_watch(flight_multi(model->flight), watch, set_timer, model, err))
        return 0;
    model_close(model);
    return -1;
}

static int model_run(void *self, struct err *err)
{
    struct model *model = self;
    (void)flight_launch(model->flight, NULL, 0);
    while (flight_in_flight(model->flight) && !model->failure) {
        uint64_t due_ns = flight_due_ns(model->flight), now_ms = uv_now(&model->loop);
        if (due_ns != UINT64_MAX) /* a later moment; libuv's timers are up to 1 ms late */
            (void)uv_timer_start(&model->due, on_timeout, due_ns / 1000000 + 1 - now_ms,
                                 0);
        (void)uv_run(&model->loop, UV_RUN_ONCE);
    }
    return model->failure ? err_set(err, "%s", curl_multi_strerror(model->failure)) : 0;
}

static const struct strategy libuv = {
    .name = "libuv",
    .summary = "one thread, libuv and curl_multi_socket_action()",
    .waits = "the loop, in epoll_wait(), for all requests",
    .shared = "all: one DNS cache, one pool of connections",
    .sessions = "each handle's own",
    .multi = true,
    .needs = {.descriptors = 1, .memory_bytes = 32 * 1024},
    .open = model_open,
    .run = model_run,
    .close = model_close,
};

const struct bench_plugin bench_plugin = {BENCH_PLUGIN_ABI, &libuv};
