/* child.c - see child.h. */
#include "base/child.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

/* The polling interval where the kernel has no pidfd for a child. */
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

/* Reads the reports of stops. The kernel keeps only the last change of each child until
 * it is read, so a child that stopped and then continued is reported as continued. */
static void note_stops(struct child_stops *watched, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct child_stops *stops = &watched[i];
        siginfo_t info = {.si_pid = 0};

        if (!stops->pid ||
            waitid(P_PID, (id_t)stops->pid, &info, WSTOPPED | WCONTINUED | WNOHANG) ||
            info.si_pid != stops->pid)
            continue;
        if (!stops->since_ns)
            stops->count++;
        if (info.si_code == CLD_CONTINUED) {
            stops->stopped_ns = child_stopped_ns(stops, clock_ns());
            stops->since_ns = 0;
        } else if (!stops->since_ns) {
            stops->since_ns = clock_ns();
        }
    }
}

uint64_t child_stopped_ns(const struct child_stops *stops, uint64_t now_ns)
{
    return stops->stopped_ns +
           (stops->since_ns && now_ns > stops->since_ns ? now_ns - stops->since_ns : 0);
}

/* Waits until the child ends, the time is up, a signal arrives or, with `change_fd`, any
 * child stops or continues. `pidfd` is negative where the kernel gives none (old kernel,
 * sandbox, no descriptor left); then this also returns every LOOK_EVERY_NS, so that the
 * caller polls. Returns the result of ppoll(). */
static int doze(int pidfd, int change_fd, uint64_t until_ns, const sigset_t *mask)
{
    struct pollfd fds[] = {{.fd = pidfd, .events = POLLIN},
                           {.fd = change_fd, .events = POLLIN}};
    struct signalfd_siginfo change;
    int got;
    struct timespec left = time_left(until_ns,
                                     pidfd < 0 ? LOOK_EVERY_NS : 3600 * CLOCK_NS_PER_S);

    got = ppoll(fds, 2, &left, mask);
    if (got > 0 && fds[1].revents)
        (void)!read(change_fd, &change, sizeof(change));
    return got;
}

static enum child_wait wait_for(pid_t pid, int change_fd, uint64_t until_ns,
                                const sigset_t *mask, struct child_stops *watched,
                                size_t watched_count, int *status)
{
    int pidfd = pidfd_open(pid, 0);
    enum child_wait result = CHILD_RUNNING;

    *status = 0;
    for (;;) {
        pid_t got;

        note_stops(watched, watched_count);
        got = waitpid(pid, status, WNOHANG);

        if (got == pid || (got < 0 && errno == ECHILD)) {
            result = CHILD_ENDED;
            break;
        }
        if (clock_ns() >= until_ns)
            break;
        if (doze(pidfd, change_fd, until_ns, mask) < 0) {
            result = CHILD_INTERRUPTED;
            break;
        }
    }
    if (pidfd >= 0)
        (void)close(pidfd);
    return result;
}

enum child_wait child_wait(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                           int *status)
{
    return wait_for(pid, -1, until_ns, mask, NULL, 0, status);
}

enum child_wait child_wait_watching(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                                    struct child_stops *watched, size_t watched_count,
                                    int *status)
{
    enum child_wait result;
    sigset_t change;
    sigset_t before;
    sigset_t during;
    int change_fd;

    (void)sigemptyset(&change);
    (void)sigaddset(&change, SIGCHLD);
    /* SIGCHLD is blocked so that it stays pending for the signalfd; otherwise it would be
     * ignored. Without a signalfd a stop is seen only at the next call. */
    (void)sigprocmask(SIG_BLOCK, &change, &before);
    during = mask ? *mask : before;
    (void)sigaddset(&during, SIGCHLD);
    change_fd = signalfd(-1, &change, SFD_CLOEXEC | SFD_NONBLOCK);
    result = wait_for(pid, change_fd, until_ns, &during, watched, watched_count, status);
    if (change_fd >= 0)
        (void)close(change_fd);
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
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
