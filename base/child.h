/* child.h - how a child process ends: waiting for it, and the words for it. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { CHILD_END_SIZE = 96 };

enum child_wait {
    CHILD_ENDED,       /* and was reaped; its status is there */
    CHILD_RUNNING,     /* the time is over */
    CHILD_INTERRUPTED, /* a signal was handled meanwhile */
};

/* Waits for the end of child `pid`, at most until clock_ns() reaches `until_ns`
 * (UINT64_MAX: for ever). While it waits `mask` is the signal mask; NULL: as it is. A
 * child that is not there counts as ended with status 0. */
enum child_wait child_wait(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                           int *status);

/* Kills the child and reaps it. */
void child_kill(pid_t pid);

/* True when a status says that it exited with 0. */
bool child_succeeded(int status);

/* "was killed by signal 9 (Killed)" or "exited with status 1". Returns `text`. */
const char *child_end_text(int status, char text[CHILD_END_SIZE]);

#endif
