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
    struct place *next; /* that has ended, or is idle */
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

    /* of the current run */
    struct place *idle; /* with items that become due: they have no thread */
    unsigned under_way, failures;
};

/* Everything that a thread does. */
static void *fetch_page(void *argument)
{
    struct place *place = argument;
    struct requests *requests = place->requests;

    fetch_perform(place->fetch, &place->item);
    (void)pthread_mutex_lock(&requests->lock);
    place->next = requests->ended;
    requests->ended = place;
    (void)pthread_cond_signal(&requests->some_ended);
    (void)pthread_mutex_unlock(&requests->lock);
    return NULL;
}

/* Returns the places of threads that have ended; if there is none, waits for one, or
 * returns NULL. */
static struct place *take_ended(struct requests *requests, bool waits)
{
    struct place *ended;

    (void)pthread_mutex_lock(&requests->lock);
    while (waits && !requests->ended)
        (void)pthread_cond_wait(&requests->some_ended, &requests->lock);
    ended = requests->ended;
    requests->ended = NULL;
    (void)pthread_mutex_unlock(&requests->lock);
    return ended;
}

static void join(struct place *place)
{
    (void)pthread_join(place->thread, NULL);
    place->requests->under_way--;
}

/* Starts a thread for the item of its place. If that fails, the item is lost and the
 * place is not used again; the first failure is reported. */
static void begin(struct place *place, struct err *err)
{
    struct requests *requests = place->requests;
    int code;

    work_await(&place->item);
    code = pthread_create(&place->thread, &requests->attributes, fetch_page, place);
    if (!code)
        requests->under_way++;
    else if (!requests->failures++)
        (void)err_set(err, "cannot start a thread to fetch '%s': %s", place->item.url,
                      strerror(code));
}

static void fetch_all(struct requests *requests, struct err *err)
{
    unsigned primed = 0;

    /* Take the whole level before its first request can end. */
    while (primed < requests->level &&
           work_take(requests->work, primed, &requests->places[primed].item))
        primed++;
    for (unsigned i = 0; i < primed; i++)
        begin(&requests->places[i], err);
    while (requests->under_way) {
        struct place *next;

        for (struct place *place = take_ended(requests, true); place; place = next) {
            next = place->next;
            join(place);
            if (work_take(requests->work, place->number, &place->item))
                begin(place, err);
        }
    }
}

/* -- items that become due ----------------------------------------------------- */

static void join_ended(struct requests *requests, bool waits)
{
    struct place *next;

    for (struct place *place = take_ended(requests, waits); place; place = next) {
        next = place->next;
        join(place);
        place->next = requests->idle;
        requests->idle = place;
    }
}

/* Joins ended threads before each new one, so that no more of them are left than became
 * due, and the place used last, whose connection is kept, is the next one to be used. */
static void fetch_when_due(struct requests *requests, struct err *err)
{
    struct place *place;

    requests->idle = NULL;
    for (unsigned i = requests->level; i; i--) {
        requests->places[i - 1].next = requests->idle;
        requests->idle = &requests->places[i - 1];
    }
    while ((place = requests->idle) &&
           work_take(requests->work, place->number, &place->item)) {
        requests->idle = place->next;
        begin(place, err);
        join_ended(requests, !requests->idle && requests->under_way);
    }
    while (requests->under_way)
        join_ended(requests, true);
}

static int thread_per_request_run(void *self, struct err *err)
{
    struct requests *requests = self;

    requests->under_way = requests->failures = 0;
    if (work_has_moments(requests->work))
        fetch_when_due(requests, err);
    else
        fetch_all(requests, err);
    return requests->failures ? -1 : 0;
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
