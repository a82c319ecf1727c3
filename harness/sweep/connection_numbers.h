/* connection_numbers.h - which requests of a cell went over the same connection. */
#ifndef HARNESS_SWEEP_CONNECTION_NUMBERS_H
#define HARNESS_SWEEP_CONNECTION_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/result.h"

/* Sets the number of its connection for every request that had one. The same two ends may
 * later have another connection, so requests are taken in the order of their ends, in
 * which connections between the same ends never overlap. -1: no memory. */
int connection_numbers(const struct fetch_result *results, size_t count,
                       uint32_t *numbers, struct err *err);

#endif
