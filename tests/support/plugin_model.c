/* plugin_model.c - a plugin for e2e/plugins.sh: one request after another. Macros on the
 * command line of the compiler give it a name and a fault. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <bench/plugin.h>

#ifndef NAME
#define NAME "one-by-one"
#endif
#ifndef ABI
#define ABI BENCH_PLUGIN_ABI
#endif

/* A fault is a statement at one of these places. */
#ifndef AT_LOAD
#define AT_LOAD
#endif
#ifndef AT_START
#define AT_START
#endif
#ifndef AT_OPEN
#define AT_OPEN
#endif
#ifndef AT_DUE
#define AT_DUE work_await(&item)
#endif
#ifndef AT_REQUEST
#define AT_REQUEST
#endif
#ifndef AT_END
#define AT_END
#endif
#ifndef AT_CLOSE
#define AT_CLOSE
#endif

#define CRASH (signal(SIGSEGV, SIG_DFL), raise(SIGSEGV))
#define LEAVE_CHILD  \
    if (!fork()) {   \
        for (;;)     \
            pause(); \
    }

struct model {
    struct fetch *fetch;
    struct work *work;
};

static int model_open(void **self, const struct strategy_env *env, struct err *err)
{
    struct model *model;

    AT_START;
    model = calloc(1, sizeof(*model));
    if (!model)
        return err_errno(err, "no memory for a model");
    model->work = env->work;
    if (fetch_create(&model->fetch, env->policy, err)) {
        free(model);
        return -1;
    }
    *self = model;
    AT_OPEN;
    return 0;
}

static int model_run(void *self, struct err *err)
{
    struct model *model = self;
    struct work_item item;

    (void)err;
    while (work_take(model->work, 0, &item)) {
        AT_DUE;
        AT_REQUEST;
        fetch_perform(model->fetch, &item);
    }
    AT_END;
    return 0;
}

static void model_close(void *self)
{
    struct model *model = self;

    AT_CLOSE;
    fetch_destroy(model->fetch);
    free(model);
}

static struct strategy strategy = {
    .name = NAME,
    .summary = "one request after another, in a shared object",
    .level_limit = 1,
    .needs = {.descriptors = 3},
    .open = model_open,
    .run = model_run,
    .close = model_close,
};

__attribute__((constructor)) static void load(void)
{
    (void)strategy;
    AT_LOAD;
}

#ifndef NO_TABLE
const struct bench_plugin bench_plugin = {ABI, &strategy};
#endif
