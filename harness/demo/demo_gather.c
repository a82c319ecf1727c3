/* demo_gather.c - five tasks are awaited together: all wait at the same time. */
#include <stdio.h>

#include "base/clock.h"
#include "harness/demo/demo.h"

enum { TASK_COUNT = 5 };

struct list {
    struct task *tasks[TASK_COUNT];
    void *results[TASK_COUNT];
    int numbers[TASK_COUNT];
};

/* The first waits longest, so that the last ends first. */
static int request(struct task *self, void *argument, void **result, struct err *err)
{
    int number = *(int *)argument;

    (void)printf("request %d begins\n", number);
    if (await_sleep(self, (uint64_t)(TASK_COUNT + 1 - number) * 20 * CLOCK_NS_PER_MS,
                    err))
        return -1;
    (void)printf("request %d ends\n", number);
    *result = argument;
    return 0;
}

static int all(struct task *self, void *argument, void **result, struct err *err)
{
    struct list *list = argument;

    (void)result;
    return gather(self, list->tasks, TASK_COUNT, list->results, err);
}

static int create_all(struct list *list, struct err *err)
{
    for (int i = 0; i < TASK_COUNT; i++) {
        struct coroutine coroutine = {request, &list->numbers[i], "request"};

        list->numbers[i] = i + 1;
        if (task_create(&list->tasks[i], &coroutine, err))
            return -1;
    }
    return 0;
}

static int run(struct err *err)
{
    struct list list = {.tasks = {NULL}};
    struct coroutine coroutine = {all, &list, "all"};
    uint64_t start_ns = clock_ns();
    int result = create_all(&list, err) || demo_run(&coroutine, err);

    if (!result) {
        (void)printf("gather() gives");
        for (int i = 0; i < TASK_COUNT; i++)
            (void)printf(" %d", *(int *)list.results[i]);
        (void)printf(" after %.2f s\n", clock_seconds(clock_ns() - start_ns));
    }
    for (int i = 0; i < TASK_COUNT; i++)
        task_release(list.tasks[i]);
    return result ? -1 : 0;
}

const struct demo gather_demo = {
    .name = "gather",
    .summary = "five tasks are awaited together and take the time of the longest",
    .run = run,
};
