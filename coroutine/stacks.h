/* stacks.h - memory for the stacks of many fibers, taken in slabs: mapping each stack
 * separately costs more than running on it. */
#ifndef COROUTINE_STACKS_H
#define COROUTINE_STACKS_H

#include <stddef.h>

#include "base/err.h"

struct stacks; /* opaque; one thread only */

/* For stacks of `stack_bytes`, rounded up to whole pages. Owner: the caller,
 * stacks_close(). */
int stacks_open(struct stacks **out, size_t stack_bytes, struct err *err);

/* Returns the lowest byte of one more stack, which has stacks_bytes(); NULL without
 * memory or mappings. The page below it is a guard page, so that an overflow crashes at
 * once and never overwrites another stack. Only touched pages take memory. */
char *stacks_take(struct stacks *stacks, struct err *err);

size_t stacks_bytes(const struct stacks *stacks);

/* Frees all stacks. NULL is fine. */
void stacks_close(struct stacks *stacks);

#endif
