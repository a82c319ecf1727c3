/* interrupt.h - Ctrl-C and its relatives, as a flag that is looked at between steps. */
#ifndef HARNESS_CELL_INTERRUPT_H
#define HARNESS_CELL_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"

/* Catches SIGINT, SIGTERM and SIGHUP from now on. They stay blocked except while
 * something waits with interrupt_wait_mask(), so that none can slip in between a look at
 * the flag and the wait. */
int interrupt_install(struct err *err);

/* True once one of them has come. Lets in what is pending. */
bool interrupt_requested(void);

/* The signal mask to wait with, and to give to new processes: the one from before. */
const sigset_t *interrupt_wait_mask(void);

#endif
