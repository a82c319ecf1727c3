/* process_per_request.c - a new process per request: fork, fetch, wait.
 *
 * A child makes its handle itself and writes its result straight into the shared slot.
 * Its connection ends with it, so none can be kept for the next request. The parent
 * sleeps on one descriptor per child: with several hundred children, asking each whether
 * it has ended would be most of the work. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "fetch/fetch.h"
#include "strategies/strategy.h"

enum { EVENTS_AT_ONCE = 64 };

/* A place for one request in flight. */
struct place {
    struct work_item item;
    pid_t pid; /* 0: no child */
    int pidfd; /* readable when it has ended */
    struct place *next_idle;
};

struct requests {
    struct work *work;
    const struct fetch_policy *policy;
    struct place *places; /* `level` of them */
    unsigned level;
    int epoll_fd;

    /* of the current run */
    struct place *idle; /* with items that become due: they have no child */
    unsigned under_way;
    unsigned failures;
};

/* Everything that a child does. */
static _Noreturn void fetch_page(const struct requests *requests,
                                 const struct place *place, pid_t parent)
{
    struct fetch *fetch = NULL;

    /* A child must not outlive the cell, however that ends. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
        fetch_create(&fetch, requests->policy, NULL))
        _exit(1);
    fetch_perform(fetch, &place->item);
    fetch_destroy(fetch); /* closes the connection, which the origin must see */
    /* _exit() leaves inherited buffers and exit handlers to the parent. */
    _exit(0);
}

/* -- the end of a child -------------------------------------------------------- */

/* Reports the first death only. */
static void name_death(struct requests *requests, const struct place *place, int status,
                       struct err *err)
{
    char end[CHILD_END_SIZE];

    if (requests->failures++)
        return;
    (void)err_set(err, "the process (pid %ld) %s while it fetched '%s'", (long)place->pid,
                  child_end_text(status, end), place->item.url);
}

/* Reaps the child, whose CPU time now counts as that of a reaped child. */
static void bury(struct requests *requests, struct place *place, struct err *err)
{
    int status = 0;

    while (waitpid(place->pid, &status, 0) < 0 && errno == EINTR)
        ;
    /* Closing is not enough: children that were forked meanwhile also have it open. */
    (void)epoll_ctl(requests->epoll_fd, EPOLL_CTL_DEL, place->pidfd, NULL);
    (void)close(place->pidfd);
    if (!child_succeeded(status))
        name_death(requests, place, status, err);
    place->pid = 0;
    requests->under_way--;
}

/* -- the start of a child ------------------------------------------------------ */

static void name_failure(struct requests *requests, const struct place *place,
                         const char *what, struct err *err)
{
    if (!requests->failures++)
        (void)err_errno(err, "cannot %s the process for '%s'", what, place->item.url);
}

/* Forks a child for the item of its place. If that fails, the item is lost. */
static void begin(struct requests *requests, struct place *place, struct err *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = place};
    pid_t parent = getpid();
    pid_t pid;

    work_await(&place->item);
    pid = fork();
    if (!pid)
        fetch_page(requests, place, parent);
    if (pid < 0) {
        name_failure(requests, place, "fork", err);
        return;
    }
    place->pidfd = pidfd_open(pid, 0);
    if (place->pidfd < 0 ||
        epoll_ctl(requests->epoll_fd, EPOLL_CTL_ADD, place->pidfd, &event)) {
        name_failure(requests, place, "watch", err);
        if (place->pidfd >= 0)
            (void)close(place->pidfd);
        child_kill(pid);
        return;
    }
    place->pid = pid;
    requests->under_way++;
}

static void fetch_all(struct requests *requests, struct err *err)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    unsigned primed = 0;

    /* Take the whole level before its first request can end. */
    while (primed < requests->level &&
           work_take(requests->work, primed, &requests->places[primed].item))
        primed++;
    for (unsigned i = 0; i < primed; i++)
        begin(requests, &requests->places[i], err);
    while (requests->under_way) {
        int count = epoll_wait(requests->epoll_fd, events, EVENTS_AT_ONCE, -1);

        for (int i = 0; i < count; i++) {
            struct place *place = events[i].data.ptr;

            bury(requests, place, err);
            if (work_take(requests->work, (unsigned)(place - requests->places),
                          &place->item))
                begin(requests, place, err);
        }
    }
}

/* -- items that become due ----------------------------------------------------- */

static void bury_ended(struct requests *requests, bool waits, struct err *err)
{
    struct epoll_event events[EVENTS_AT_ONCE];
    int count = epoll_wait(requests->epoll_fd, events, EVENTS_AT_ONCE, waits ? -1 : 0);

    for (int i = 0; i < count; i++) {
        struct place *place = events[i].data.ptr;

        bury(requests, place, err);
        place->next_idle = requests->idle;
        requests->idle = place;
    }
}

/* Reaps ended children before each new one, so that no more of them are left than became
 * due. */
static void fetch_when_due(struct requests *requests, struct err *err)
{
    struct place *place;

    requests->idle = NULL;
    for (unsigned i = requests->level; i; i--) {
        requests->places[i - 1].next_idle = requests->idle;
        requests->idle = &requests->places[i - 1];
    }
    while (
        (place = requests->idle) &&
        work_take(requests->work, (unsigned)(place - requests->places), &place->item)) {
        requests->idle = place->next_idle;
        begin(requests, place, err);
        bury_ended(requests, !requests->idle && requests->under_way, err);
    }
    while (requests->under_way)
        bury_ended(requests, true, err);
}

static int process_per_request_run(void *self, struct err *err)
{
    struct requests *requests = self;

    requests->under_way = requests->failures = 0;
    if (work_has_moments(requests->work))
        fetch_when_due(requests, err);
    else
        fetch_all(requests, err);
    if (requests->failures > 1)
        (void)err_prefix(err, "%u processes died or could not start; the first",
                         requests->failures);
    return requests->failures ? -1 : 0;
}

/* -- the table ----------------------------------------------------------------- */

static size_t process_per_request_children(void *self, pid_t *pids, size_t room)
{
    const struct requests *requests = self;
    size_t count = 0;

    for (unsigned i = 0; i < requests->level; i++) {
        if (!requests->places[i].pid)
            continue;
        if (count < room)
            pids[count] = requests->places[i].pid;
        count++;
    }
    return count;
}

static void process_per_request_close(void *self)
{
    struct requests *requests = self;

    if (requests->epoll_fd >= 0)
        (void)close(requests->epoll_fd);
    free(requests->places);
    free(requests);
}

static int process_per_request_open(void **self, const struct strategy_env *env,
                                    struct err *err)
{
    struct requests *requests = calloc(1, sizeof(*requests));

    if (!requests)
        return err_errno(err, "no memory for processes");
    requests->work = env->work;
    requests->policy = env->policy;
    requests->level = env->level;
    requests->epoll_fd = -1;
    requests->places = calloc(env->level, sizeof(*requests->places));
    if (!requests->places) {
        (void)err_errno(err, "no memory for %u processes", env->level);
        goto failed;
    }
    requests->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (requests->epoll_fd < 0) {
        (void)err_errno(err, "cannot create an epoll descriptor");
        goto failed;
    }
    *self = requests;
    return 0;

failed:
    process_per_request_close(requests);
    return -1;
}

const struct strategy strategy_process_per_request = {
    .name = "process-per-request",
    .summary = "a new process per request, with a blocking fetch",
    .waits = "each process, in curl_easy_perform()",
    .shared = "nothing: a connection ends with its process",
    .sessions = "none: a session ends with its process",
    .workers = STRATEGY_WORKER_REQUEST,
    .fresh_only = true,
    .needs = {.descriptors = 1,
              .processes = 1,
              .memory_bytes = 352 * 1024,
              .pidfds = true},
    .open = process_per_request_open,
    .run = process_per_request_run,
    .close = process_per_request_close,
    .children = process_per_request_children,
};
