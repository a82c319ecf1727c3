/* ports.h - client ports, which stay in TIME_WAIT after a fresh connection. */
#ifndef HARNESS_SWEEP_PORTS_H
#define HARNESS_SWEEP_PORTS_H

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"

/* How many of `requests` fresh connections, opened evenly over `length_ns`, still hold
 * their port when the last one is opened. */
uint64_t ports_taken(const struct plan *plan, const struct machine_limits *limits,
                     uint64_t requests, uint64_t length_ns);

/* The setting that allows more connections, to end a message with; "" where a system
 * setting cannot. */
const char *ports_fix(const struct plan *plan, const struct machine_limits *limits,
                      uint64_t needed);

#endif
