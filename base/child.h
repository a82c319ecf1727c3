/* child.h - waiting for a child process, counting its stops, describing its end. */
#ifndef BASE_CHILD_H
#define BASE_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { CHILD_END_SIZE = 96 };

enum child_wait {
    CHILD_ENDED,       /* it was reaped and its status is set */
    CHILD_RUNNING,     /* the time is up */
    CHILD_INTERRUPTED, /* a signal was handled meanwhile */
};

/* Waits until child `pid` ends, at most until clock_ns() reaches `until_ns` (UINT64_MAX:
 * no limit). While it waits `mask` is the signal mask; NULL: unchanged. A child that does
 * not exist counts as ended with status 0. */
enum child_wait child_wait(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                           int *status);

/* How long a child was stopped (SIGSTOP and its relatives) while it was watched. */
struct child_stops {
    pid_t pid;           /* 0: none */
    unsigned count;      /* how often */
    uint64_t stopped_ns; /* total of the stops that have ended */
    uint64_t since_ns;   /* clock_ns() when the current stop began; 0: not stopped */
};

/* Like child_wait(), and records the stops of `watched_count` children, the awaited one
 * or others. The kernel reports a stop by a signal, so watching costs nothing while there
 * is none. A stop between two calls is counted without its length. */
enum child_wait child_wait_watching(pid_t pid, uint64_t until_ns, const sigset_t *mask,
                                    struct child_stops *watched, size_t watched_count,
                                    int *status);

/* The total time it was stopped, up to `now_ns`. */
uint64_t child_stopped_ns(const struct child_stops *stops, uint64_t now_ns);

/* Kills the child and reaps it. */
void child_kill(pid_t pid);

/* True when a status says that it exited with 0. */
bool child_succeeded(int status);

/* "was killed by signal 9 (Killed)" or "exited with status 1". Returns `text`. */
const char *child_end_text(int status, char text[CHILD_END_SIZE]);

#endif
