/* stacks.h - memory for the stacks of many fibers, taken in slabs: a mapping of its own
 * costs a stack more than running on it. */
#ifndef COROUTINE_STACKS_H
#define COROUTINE_STACKS_H

#include <stddef.h>

#include "base/err.h"

struct stacks; /* opaque; one thread only */

/* For stacks of so many bytes, rounded up to whole pages. Owner: the caller,
 * stacks_close(). */
int stacks_open(struct stacks **out, size_t stack_bytes, struct err *err);

/* The lowest byte of one more stack, which has stacks_bytes(); NULL without memory or
 * mappings. Below it lies a page that must not be touched, so that an overflow is a crash
 * at once and never another stack's data. Memory is taken as it is touched. */
char *stacks_take(struct stacks *stacks, struct err *err);

size_t stacks_bytes(const struct stacks *stacks);

/* Gives all of them back. NULL is fine. */
void stacks_close(struct stacks *stacks);

#endif
