/* ports.h - client ports, which rest in TIME_WAIT behind a fresh connection. */
#ifndef HARNESS_SWEEP_PORTS_H
#define HARNESS_SWEEP_PORTS_H

#include "harness/machine/limits.h"
#include "harness/plan/plan.h"

/* So many of `requests` fresh connections, made evenly over `length_ns`, still have their
 * port when the last is made. */
uint64_t ports_taken(const struct plan *plan, const struct machine_limits *limits,
                     uint64_t requests, uint64_t length_ns);

/* What lets more connections be made; "" where a system setting cannot. */
const char *ports_fix(const struct plan *plan, const struct machine_limits *limits,
                      uint64_t needed);

#endif
