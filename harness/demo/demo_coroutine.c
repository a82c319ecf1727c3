/* demo_coroutine.c - making a coroutine runs nothing; a loop runs it. */
#include <stdio.h>

#include "harness/demo/demo.h"

static int run(struct err *err)
{
    char text[] = "hello";
    struct coroutine coroutine = {demo_say, text, "say"};

    (void)puts("the coroutine is made; nothing has run");
    if (demo_run(&coroutine, err))
        return -1;
    (void)puts("the loop has run it");
    return 0;
}

const struct demo coroutine_demo = {
    .name = "coroutine",
    .summary = "making a coroutine runs nothing; an event loop runs it",
    .run = run,
};
