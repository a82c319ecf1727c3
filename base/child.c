/* child.c - see child.h. */
#include "base/child.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* 1 when the child can be reaped, 0 when the time is over, -1 on a signal. */
static int poll_child(int pidfd, uint64_t until_ns, const sigset_t *mask)
{
    struct pollfd fd = {.fd = pidfd, .events = POLLIN};
    uint64_t now_ns = clock_ns();
    uint64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;
    struct timespec left = {.tv_sec = (time_t)(left_ns / CLOCK_NS_PER_S),
                            .tv_nsec = (long)(left_ns % CLOCK_NS_PER_S)};

    return ppoll(&fd, 1, until_ns == UINT64_MAX ? NULL : &left, mask);
}

enum child_wait child_wait(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                           int *status)
{
    int pidfd = pidfd_open(pid, 0);
    int ready;

    *status = 0;
    if (pidfd < 0)
        return CHILD_ENDED; /* reaped before, or never there */
    ready = poll_child(pidfd, until_ns, mask);
    (void)close(pidfd);
    if (ready < 0)
        return CHILD_INTERRUPTED;
    if (!ready)
        return CHILD_RUNNING;
    while (waitpid(pid, status, 0) < 0 && errno == EINTR)
        ;
    return CHILD_ENDED;
}

void child_kill(pid_t pid)
{
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
        ;
}

bool child_succeeded(int status)
{
    return WIFEXITED(status) && !WEXITSTATUS(status);
}

const char *child_end_text(int status, char text[CHILD_END_SIZE])
{
    if (WIFSIGNALED(status))
        (void)snprintf(text, CHILD_END_SIZE, "was killed by signal %d (%s)",
                       WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        (void)snprintf(text, CHILD_END_SIZE, "exited with status %d",
                       WEXITSTATUS(status));
    return text;
}
