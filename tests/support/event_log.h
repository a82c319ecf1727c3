/* event_log.h - what the tests of coroutines share: small coroutines that write down what
 * they do, and a loop that writes down what it reports. */
#ifndef TESTS_SUPPORT_EVENT_LOG_H
#define TESTS_SUPPORT_EVENT_LOG_H

#include "coroutine/await.h"

/* What went on, as words in their order, and what was reported. */
struct event_log {
    char text[400];
    char unseen[200];
};

void event_log_note(struct event_log *event_log, const char *word);

/* A loop that reports to the event log; fails the test if there is none. */
struct task_loop *event_log_open_loop(struct event_log *event_log);

/* A task; fails the test if there is none. */
struct task *make_task(coroutine_fn *function, void *argument, const char *name);

/* Runs the task to its end; fails the test if it fails. */
void run_task(struct task_loop *loop, struct task *task);

/* The article's first coroutine: notes "said" in its argument, an event log, and gives it
 * back. */
coroutine_fn say;

/* One of several: says when it begins and when it ends. */
struct sleeper {
    struct event_log *event_log;
    const char *begins, *ends;
    uint64_t ns;
};

/* Notes that it begins, sleeps without blocking, notes that it ends. */
coroutine_fn sleep_async;

#endif
