/* demo.h - the article's small examples of coroutines, each a program: `bench demo
 * NAME`. docs/coroutines.md shows them beside their Python. */
#ifndef HARNESS_DEMO_DEMO_H
#define HARNESS_DEMO_DEMO_H

#include "coroutine/await.h"

struct demo {
    const char *name;
    const char *summary;         /* one line */
    int (*run)(struct err *err); /* prints on standard output, in less than a second */
};

extern const struct demo coroutine_demo, task_demo, callback_demo, gather_demo,
    blocking_demo, not_awaitable_demo;

/* All of them, NULL-terminated, each built on those before it. */
extern const struct demo *const demos[];

/* The demo of that name. */
int demo_find(const struct demo **out, const char *name, struct err *err);

/* -- shared parts ----------------------------------------------------------------- */

/* The article's first coroutine: prints its argument, a text, and gives it back. */
coroutine_fn demo_say;

/* Opens a loop that prints the failures which nothing else reports. */
int demo_open_loop(struct task_loop **out, struct err *err);

/* Runs a coroutine on its own loop, to its end. */
int demo_run(const struct coroutine *coroutine, struct err *err);

#endif
