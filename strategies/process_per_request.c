/* process_per_request.c - a new process for every request: fork, fetch, wait.
 *
 * A child makes its handle itself and writes its result straight into the shared slot. It
 * takes its connection with it when it ends, so nothing can be kept for the next request.
 * The parent sleeps on one descriptor for each child: with several hundred of them, to
 * ask each whether it has ended would be most of the work. */
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

/* The place of one request in flight. */
struct place {
    struct work_item item;
    pid_t pid; /* 0: no child */
    int pidfd; /* readable when it has ended */
};

struct requests {
    struct work *work;
    const struct fetch_policy *policy;
    struct place *places; /* `level` of them */
    unsigned level;
    int epoll_fd;

    /* of the current run */
    unsigned under_way;
    unsigned failures;
};

/* All that a child does in its life. */
static _Noreturn void fetch_page(const struct requests *requests,
                                 const struct place *place, pid_t parent)
{
    struct fetch *fetch = NULL;

    /* A child must not outlive the cell, however that ends. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
        fetch_create(&fetch, requests->policy, NULL))
        _exit(1);
    fetch_perform(fetch, &place->item);
    fetch_destroy(fetch); /* the origin is to see the end of the connection from it */
    /* Not the full exit: inherited buffers and handlers are the parent's business. */
    _exit(0);
}

/* -- its end ------------------------------------------------------------------- */

/* The first death stands for all. */
static void name_death(struct requests *requests, const struct place *place, int status,
                       struct err *err)
{
    char end[CHILD_END_SIZE];

    if (requests->failures++)
        return;
    (void)err_set(err, "the process (pid %ld) %s while it fetched %s", (long)place->pid,
                  child_end_text(status, end), place->item.url);
}

/* Reaps the child; its CPU time is from now on that of a child that was waited for. */
static void bury(struct requests *requests, struct place *place, struct err *err)
{
    int status = 0;

    while (waitpid(place->pid, &status, 0) < 0 && errno == EINTR)
        ;
    /* Closing is not enough: children that were forked meanwhile have it open too. */
    (void)epoll_ctl(requests->epoll_fd, EPOLL_CTL_DEL, place->pidfd, NULL);
    (void)close(place->pidfd);
    if (!child_succeeded(status))
        name_death(requests, place, status, err);
    place->pid = 0;
    requests->under_way--;
}

/* -- its begin ----------------------------------------------------------------- */

static void name_failure(struct requests *requests, const struct place *place,
                         const char *what, struct err *err)
{
    if (!requests->failures++)
        (void)err_errno(err, "cannot %s a process to fetch %s", what, place->item.url);
}

/* Forks the child for the item that its place has got. If that fails, it is lost. */
static void begin(struct requests *requests, struct place *place, struct err *err)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = place};
    pid_t parent = getpid();
    pid_t pid = fork();

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

static int process_per_request_run(void *self, struct err *err)
{
    struct requests *requests = self;
    struct epoll_event events[EVENTS_AT_ONCE];
    unsigned primed = 0;

    requests->failures = 0;
    /* The whole level has begun before the first of it can end. */
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
    if (requests->failures > 1)
        (void)err_prefix(err, "%u processes died or were not to be had; the first",
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
        (void)err_errno(err, "no descriptor to watch processes with");
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
    .summary = "a new process with a blocking fetch for every request",
    .waits = "each process, in curl_easy_perform()",
    .shared = "nothing: all that a process had goes with it",
    .sessions = "none: a session goes with its process",
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
