/* demo_blocking.c - the article's mistake: one blocking call in a coroutine stops all
 * others, also when it stands in a coroutine that the others await. */
#include <stdio.h>

#include "base/clock.h"
#include "harness/demo/demo.h"

#define WAIT_NS (40 * CLOCK_NS_PER_MS)

enum { TASK_COUNT = 5 };

/* Requests that are waiting for their answer. */
struct flight {
    unsigned now, most;
};

static void begin(struct flight *flight)
{
    flight->now++;
    if (flight->now > flight->most)
        flight->most = flight->now;
}

static int await_answer(struct task *self, void *argument, void **result, struct err *err)
{
    struct flight *flight = argument;

    (void)result;
    begin(flight);
    if (await_sleep(self, WAIT_NS, err)) /* the others run meanwhile */
        return -1;
    flight->now--;
    return 0;
}

static int block(struct task *self, void *argument, void **result, struct err *err)
{
    struct flight *flight = argument;

    (void)self;
    (void)result;
    (void)err;
    begin(flight);
    clock_sleep_ns(WAIT_NS); /* nothing else runs meanwhile */
    flight->now--;
    return 0;
}

static int block_elsewhere(struct task *self, void *argument, void **result,
                           struct err *err)
{
    struct coroutine coroutine = {block, argument, "block"};
    struct task *task;
    int failed;

    if (task_create(&task, &coroutine, err))
        return -1;
    failed = await_task(self, task, result, err);
    task_release(task);
    return failed;
}

/* -- all together ---------------------------------------------------------------- */

static int all(struct task *self, void *argument, void **result, struct err *err)
{
    struct task **tasks = argument;

    (void)result;
    return gather(self, tasks, TASK_COUNT, NULL, err);
}

static int measure(coroutine_fn *function, const char *what, struct err *err)
{
    struct flight flight = {0};
    struct task *tasks[TASK_COUNT] = {NULL};
    struct coroutine coroutine = {function, &flight, "request"};
    struct coroutine together = {all, tasks, "all"};
    uint64_t start_ns = clock_ns();
    int result = 0;

    for (size_t i = 0; i < TASK_COUNT && !result; i++)
        result = task_create(&tasks[i], &coroutine, err);
    if (!result)
        result = demo_run(&together, err);
    if (!result)
        (void)printf("%-36s %9u %8.2f s\n", what, flight.most,
                     clock_seconds(clock_ns() - start_ns));
    for (size_t i = 0; i < TASK_COUNT; i++)
        task_release(tasks[i]);
    return result;
}

static int run(struct err *err)
{
    (void)printf("%d requests of 40 ms, each in a task    at a time     took\n",
                 TASK_COUNT);
    return measure(await_answer, "await", err) || measure(block, "block", err) ||
                   measure(block_elsewhere, "await a coroutine that blocks", err)
               ? -1
               : 0;
}

const struct demo blocking_demo = {
    .name = "blocking",
    .summary = "a blocking call stops all tasks, wherever it stands",
    .run = run,
};
