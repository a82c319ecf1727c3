/* interrupt.c - see interrupt.h. The flag is the only global state of the program. */
#include "harness/cell/interrupt.h"

#include <stddef.h>

static volatile sig_atomic_t interrupted;
static sigset_t mask_before; /* written once, by interrupt_install() ... */
static bool installed;       /* ... whose first call counts for all sweeps */

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

static const int caught[] = {SIGINT, SIGTERM, SIGHUP};

int interrupt_install(struct err *err)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;

    if (installed)
        return 0;
    (void)sigemptyset(&action.sa_mask);
    (void)sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++) {
        struct sigaction before;

        /* A signal that nohup or a shell ignores stays ignored. */
        if (sigaction(caught[i], NULL, &before))
            return err_errno(err, "cannot catch signal %d", caught[i]);
        if (before.sa_handler == SIG_IGN)
            continue;
        if (sigaction(caught[i], &action, NULL))
            return err_errno(err, "cannot catch signal %d", caught[i]);
        (void)sigaddset(&blocked, caught[i]);
    }
    if (sigprocmask(SIG_BLOCK, &blocked, &mask_before))
        return err_errno(err, "cannot block signals");
    installed = true;
    return 0;
}

bool interrupt_requested(void)
{
    sigset_t blocked;

    /* A signal that is pending is delivered while the old mask is in force. */
    if (!sigprocmask(SIG_SETMASK, &mask_before, &blocked))
        (void)sigprocmask(SIG_SETMASK, &blocked, NULL);
    return interrupted;
}

const sigset_t *interrupt_wait_mask(void)
{
    return &mask_before;
}
