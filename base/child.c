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

/* How often a child is looked at where the kernel gives no descriptor for it. */
#define LOOK_EVERY_NS (2 * CLOCK_NS_PER_MS)

static struct timespec time_left(uint64_t until_ns, uint64_t at_most_ns)
{
    uint64_t now_ns = clock_ns();
    uint64_t left_ns = until_ns > now_ns ? until_ns - now_ns : 0;

    if (left_ns > at_most_ns)
        left_ns = at_most_ns;
    return (struct timespec){.tv_sec = (time_t)(left_ns / CLOCK_NS_PER_S),
                             .tv_nsec = (long)(left_ns % CLOCK_NS_PER_S)};
}

/* Waits for something to happen: the end of the child, the end of the time, a signal.
 * `pidfd` is negative where the kernel has none to give (an old one, a sandbox, no
 * descriptor left); then this returns now and again, to look. Returns what ppoll() does.
 */
static int doze(int pidfd, uint64_t until_ns, const sigset_t *mask)
{
    struct pollfd fd = {.fd = pidfd, .events = POLLIN};
    struct timespec left = time_left(until_ns,
                                     pidfd < 0 ? LOOK_EVERY_NS : 3600 * CLOCK_NS_PER_S);

    return ppoll(&fd, 1, &left, mask);
}

enum child_wait child_wait(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                           int *status)
{
    int pidfd = pidfd_open(pid, 0);
    enum child_wait result = CHILD_RUNNING;

    *status = 0;
    for (;;) {
        pid_t got = waitpid(pid, status, WNOHANG);

        if (got == pid || (got < 0 && errno == ECHILD)) {
            result = CHILD_ENDED;
            break;
        }
        if (clock_ns() >= until_ns)
            break;
        if (doze(pidfd, until_ns, mask) < 0) {
            result = CHILD_INTERRUPTED;
            break;
        }
    }
    if (pidfd >= 0)
        (void)close(pidfd);
    return result;
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
