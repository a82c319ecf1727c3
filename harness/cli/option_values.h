/* option_values.h - what the values of several options have in common. */
#ifndef HARNESS_CLI_OPTION_VALUES_H
#define HARNESS_CLI_OPTION_VALUES_H

#include <stdint.h>

#include "base/err.h"

/* A whole number from `min` to `max`. */
int option_unsigned(unsigned *out, const char *value, unsigned min, unsigned max,
                    struct err *err);

/* One of a few words, NULL behind the last; `*out` becomes its place in the list. */
int option_word(int *out, const char *value, const char *const *words, struct err *err);

/* A duration, or "off" as 0. */
int option_limit(uint64_t *out_ns, const char *value, struct err *err);

/* A share such as 5% or 0.05, from 0 to below 1000 %. */
int option_share(double *out, const char *value, struct err *err);

#endif
