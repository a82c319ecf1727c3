/* event_log.h - shared by the tests of coroutines: small coroutines that log their
 * events, and a loop that logs unseen failures. */
#ifndef TESTS_SUPPORT_EVENT_LOG_H
#define TESTS_SUPPORT_EVENT_LOG_H

#include "coroutine/await.h"

/* The events as words in their order, and the reported failures. */
struct event_log {
    char text[400];
    char unseen[200];
};

void event_log_note(struct event_log *event_log, const char *word);

/* A loop that reports to the event log; fails the test if it cannot. */
struct task_loop *event_log_open_loop(struct event_log *event_log);

/* A task; fails the test if it cannot. */
struct task *make_task(coroutine_fn *function, void *argument, const char *name);

/* Runs the task to its end; fails the test if it fails. */
void run_task(struct task_loop *loop, struct task *task);

/* The article's first coroutine: logs "said" in its argument, an event log, and returns
 * it. */
coroutine_fn say;

/* The argument of sleep_async: the entries to log at its begin and end, and its duration.
 */
struct sleeper {
    struct event_log *event_log;
    const char *begins, *ends;
    uint64_t ns;
};

/* Logs its begin, sleeps without blocking, logs its end. */
coroutine_fn sleep_async;

#endif
