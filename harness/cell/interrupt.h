/* interrupt.h - Ctrl-C and the like, as a flag that is checked between steps. */
#ifndef HARNESS_CELL_INTERRUPT_H
#define HARNESS_CELL_INTERRUPT_H

#include <signal.h>
#include <stdbool.h>

#include "base/err.h"

/* Catches SIGINT, SIGTERM and SIGHUP from now on. They stay blocked except while
 * something waits with interrupt_wait_mask(), so that none can arrive unnoticed between
 * a check of the flag and the wait. */
int interrupt_install(struct err *err);

/* True once one of them has arrived. Delivers pending ones first. */
bool interrupt_requested(void);

/* The signal mask to wait with, and to give to new processes: the one before
 * interrupt_install(). */
const sigset_t *interrupt_wait_mask(void);

#endif
