/* thread_per_request.c - a new thread per request.
 *
 * The handles are made beforehand and passed from thread to thread, as a handle serves
 * one request after another in all models; so a kept connection outlives the thread. A
 * thread that has ended is joined before the next one is made in its place: there are
 * never more threads than the level. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/descriptors.h"
#include "fetch/fetch.h"
#include "strategies/support/threads.h"

struct requests;

/* A place for one request in flight. */
struct place {
    struct requests *requests;
    struct fetch *fetch;
    struct work_item item;
    pthread_t thread;
    struct place *next_ended;
    unsigned number;
};

struct requests {
    struct work *work;
    struct place *places; /* `level` of them */
    unsigned level;
    pthread_attr_t attributes;
    bool has_attributes;

    pthread_mutex_t lock;
    pthread_cond_t some_ended;
    struct place *ended; /* their threads have ended and are to be joined */
};

/* Everything that a thread does. */
static void *fetch_page(void *argument)
{
    struct place *place = argument;
    struct requests *requests = place->requests;

    fetch_perform(place->fetch, &place->item);
    (void)pthread_mutex_lock(&requests->lock);
    place->next_ended = requests->ended;
    requests->ended = place;
    (void)pthread_cond_signal(&requests->some_ended);
    (void)pthread_mutex_unlock(&requests->lock);
    return NULL;
}

/* Waits until some threads have ended, and returns their places. */
static struct place *take_ended(struct requests *requests)
{
    struct place *ended;

    (void)pthread_mutex_lock(&requests->lock);
    while (!requests->ended)
        (void)pthread_cond_wait(&requests->some_ended, &requests->lock);
    ended = requests->ended;
    requests->ended = NULL;
    (void)pthread_mutex_unlock(&requests->lock);
    return ended;
}

/* Starts a thread for the item of its place. False: the item is lost; the first failure
 * is reported. */
static bool begin(struct place *place, unsigned *failures, struct err *err)
{
    int code;

    work_await(&place->item);
    code = pthread_create(&place->thread, &place->requests->attributes, fetch_page,
                          place);

    if (code && !(*failures)++)
        (void)err_set(err, "cannot start a thread to fetch '%s': %s", place->item.url,
                      strerror(code));
    return !code;
}

static int thread_per_request_run(void *self, struct err *err)
{
    struct requests *requests = self;
    unsigned primed = 0;
    unsigned under_way = 0;
    unsigned failures = 0;

    /* Take the whole level before its first request can end. */
    while (primed < requests->level &&
           work_take(requests->work, primed, &requests->places[primed].item)) {
        if (work_has_moments(requests->work)) /* one at a time, each when it is due */
            under_way += begin(&requests->places[primed], &failures, err);
        primed++;
    }
    for (unsigned i = 0; i < primed && !work_has_moments(requests->work); i++)
        under_way += begin(&requests->places[i], &failures, err);
    while (under_way) {
        struct place *next;

        for (struct place *place = take_ended(requests); place; place = next) {
            next = place->next_ended;
            (void)pthread_join(place->thread, NULL);
            under_way--;
            if (work_take(requests->work, place->number, &place->item))
                under_way += begin(place, &failures, err);
        }
    }
    return failures ? -1 : 0;
}

/* -- life cycle ---------------------------------------------------------------- */

static void thread_per_request_close(void *self)
{
    struct requests *requests = self;

    for (unsigned i = 0; requests->places && i < requests->level; i++)
        fetch_destroy(requests->places[i].fetch);
    if (requests->has_attributes)
        (void)pthread_attr_destroy(&requests->attributes);
    (void)pthread_cond_destroy(&requests->some_ended);
    (void)pthread_mutex_destroy(&requests->lock);
    free(requests->places);
    free(requests);
}

static int make_attributes(struct requests *requests, struct err *err)
{
    int code = pthread_attr_init(&requests->attributes);

    requests->has_attributes = !code;
    if (!code)
        code = pthread_attr_setstacksize(&requests->attributes, THREAD_STACK_BYTES);
    return code ? err_set(err, "cannot set thread attributes: %s", strerror(code)) : 0;
}

static int thread_per_request_open(void **self, const struct strategy_env *env,
                                   struct err *err)
{
    struct requests *requests = calloc(1, sizeof(*requests));

    if (!requests)
        return err_errno(err, "no memory for threads");
    requests->work = env->work;
    requests->level = env->level;
    (void)pthread_mutex_init(&requests->lock, NULL); /* neither fails on Linux */
    (void)pthread_cond_init(&requests->some_ended, NULL);
    descriptors_reserve(env->level * PERFORM_DESCRIPTORS + DESCRIPTORS_SLACK);
    requests->places = calloc(env->level, sizeof(*requests->places));
    if (!requests->places) {
        (void)err_errno(err, "no memory for %u threads", env->level);
        goto failed;
    }
    if (make_attributes(requests, err))
        goto failed;
    for (unsigned i = 0; i < env->level; i++) {
        requests->places[i].requests = requests;
        requests->places[i].number = i;
        if (fetch_create(&requests->places[i].fetch, env->policy, err))
            goto failed;
    }
    *self = requests;
    return 0;

failed:
    thread_per_request_close(requests);
    return -1;
}

const struct strategy strategy_thread_per_request = {
    .name = "thread-per-request",
    .summary = "a new thread per request, with a blocking fetch",
    .waits = "each thread, in curl_easy_perform()",
    .shared = "nothing at a time; a thread takes over a handle and its connection",
    .sessions = "that of the handle that its thread takes over",
    .workers = STRATEGY_WORKER_REQUEST,
    .needs = {.descriptors = PERFORM_DESCRIPTORS,
              .threads = 1,
              .memory_bytes = 96 * 1024},
    .open = thread_per_request_open,
    .run = thread_per_request_run,
    .close = thread_per_request_close,
};
