/* connection_numbers.h - which requests of a cell went over the same connection. */
#ifndef HARNESS_SWEEP_CONNECTION_NUMBERS_H
#define HARNESS_SWEEP_CONNECTION_NUMBERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "fetch/result.h"

/* Writes the number of its connection behind every request, 0 where it had none. Between
 * the same two ends there may be a later connection, so they are followed in the order of
 * the ends of the requests: there these never overlap. -1: no memory. */
int connection_numbers(const struct fetch_result *results, size_t count,
                       uint32_t *numbers, struct err *err);

#endif
