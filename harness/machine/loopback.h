/* loopback.h - the interface over which cells talk to the embedded origin. */
#ifndef HARNESS_MACHINE_LOOPBACK_H
#define HARNESS_MACHINE_LOOPBACK_H

#include "base/err.h"

/* Fails if a program cannot connect to itself over IPv4: the interface is down, or has no
 * address in 127/8. The message says what to type. */
int loopback_check(struct err *err);

#endif
