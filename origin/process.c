/* process.c - see process.h. */
#include "origin/process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/child.h"
#include "base/clock.h"

/* How long a new origin may take until it serves; a millisecond is usual. */
enum { START_PATIENCE_MS = 10000 };

/* How long a stopped origin may take to leave before it is killed. */
#define STOP_PATIENCE_NS (5 * CLOCK_NS_PER_S)

/* 0 stands for "none": standard input is never one of these. */
static void close_end(int *fd)
{
    if (*fd > 0)
        (void)close(*fd);
    *fd = 0;
}

static _Noreturn void child_main(const struct origin_process *process,
                                 const struct origin_options *options,
                                 const struct page_set *pages, int ready_fd, pid_t parent)
{
    /* Its own process group, so that Ctrl-C at the terminal reaches the harness alone,
     * which then stops everything in order. */
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent || setpgid(0, 0))
        _exit(1);
    if (options->cpus && cpus_confine(options->cpus, NULL))
        _exit(1);
    _exit(origin_serve(options, pages, process->listen_fd, process->stop_fd, ready_fd,
                       process->shared.memory, NULL)
              ? 1
              : 0);
}

/* Waits for the byte that says that it serves. */
static int wait_until_ready(int ready_fd, struct err *err)
{
    struct pollfd fd = {.fd = ready_fd, .events = POLLIN};
    char byte;

    if (poll(&fd, 1, START_PATIENCE_MS) != 1)
        return err_set(err, "the origin is not ready after %d s",
                       START_PATIENCE_MS / 1000);
    if (read(ready_fd, &byte, 1) != 1)
        return err_set(err, "the origin ended before it was ready");
    return 0;
}

int origin_run(struct origin_process *process, const struct origin_options *options,
               const struct page_set *pages, struct err *err)
{
    pid_t parent = getpid();
    int ready[2];
    int result;

    if (pipe2(ready, O_CLOEXEC))
        return err_errno(err, "cannot create a pipe to the origin");
    process->pid = fork();
    if (!process->pid)
        child_main(process, options, pages, ready[1], parent);
    close_end(&ready[1]);
    close_end(&process->listen_fd);
    if (process->pid < 0) {
        process->pid = 0;
        result = err_errno(err, "cannot fork the origin");
    } else {
        result = wait_until_ready(ready[0], err);
    }
    close_end(&ready[0]);
    return result;
}

int origin_open(struct origin_process *process, const struct origin_options *options,
                size_t arrivals_room, struct err *err)
{
    int result;

    *process = (struct origin_process){.stop_fd = eventfd(0, EFD_CLOEXEC)};
    if (process->stop_fd < 0)
        return err_errno(err, "cannot create an eventfd for the origin");
    result = shared_create(&process->shared, "bench-origin",
                           origin_stats_bytes(arrivals_room), err);
    if (!result)
        result = origin_listen(options, &process->listen_fd, &process->port, err);
    if (result)
        origin_close(process);
    else
        ((struct origin_stats *)process->shared.memory)->arrivals_room = arrivals_room;
    return result;
}

int origin_start(struct origin_process *process, const struct origin_options *options,
                 const struct page_set *pages, size_t arrivals_room, struct err *err)
{
    if (origin_open(process, options, arrivals_room, err))
        return -1;
    if (!origin_run(process, options, pages, err))
        return 0;
    origin_close(process);
    return -1;
}

void origin_ask_to_stop(struct origin_process *process)
{
    /* If it fails, the patience of origin_stop() ends. */
    if (process->pid)
        (void)eventfd_write(process->stop_fd, 1);
}

int origin_stop(struct origin_process *process, struct err *err)
{
    pid_t pid = process->pid;
    uint64_t until_ns = clock_ns() + STOP_PATIENCE_NS;
    enum child_wait waited;
    char end[CHILD_END_SIZE];
    int status;

    if (!pid)
        return 0;
    origin_ask_to_stop(process);
    process->pid = 0;
    do
        waited = child_wait(pid, until_ns, NULL, &status);
    while (waited == CHILD_INTERRUPTED);
    if (waited != CHILD_ENDED) {
        child_kill(pid);
        return err_set(err, "the origin did not stop and was killed");
    }
    if (!child_succeeded(status))
        return err_set(err, "the origin %s", child_end_text(status, end));
    return 0;
}

const struct origin_stats *origin_stats(const struct origin_process *process)
{
    return process->shared.memory;
}

void origin_close(struct origin_process *process)
{
    (void)origin_stop(process, NULL);
    close_end(&process->listen_fd);
    close_end(&process->stop_fd);
    shared_close(&process->shared);
}
