/* loopback.h - the interface over which cells talk to the embedded origin. */
#ifndef HARNESS_MACHINE_LOOPBACK_H
#define HARNESS_MACHINE_LOOPBACK_H

#include "base/err.h"

/* -1 and what to type where a program cannot connect to itself over IPv4: the interface
 * is down, or has no address of 127/8. */
int loopback_check(struct err *err);

#endif
