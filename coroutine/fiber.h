/* fiber.h - a stack of its own and the place where it goes on: what a coroutine runs on.
 *
 * The one file pair that knows how a stack is switched; it tells the sanitizers, which
 * would otherwise take another stack for a broken one. */
#ifndef COROUTINE_FIBER_H
#define COROUTINE_FIBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct fiber; /* opaque; one thread only */

typedef void fiber_fn(void *argument);

/* A fiber on a stack, of which `stack` is the lowest byte; it must outlive the fiber.
 * Owner: the caller, fiber_close(). Fails without memory. */
int fiber_open(struct fiber **out, char *stack, size_t stack_bytes, struct err *err);

/* What stands on its stack is not unwound. Not from inside. NULL is fine. */
void fiber_close(struct fiber *fiber);

/* Sets what the next resume begins with. Only for a new fiber or one that has ended: the
 * same stack is used again and again. */
void fiber_start(struct fiber *fiber, fiber_fn *function, void *argument);

/* Runs it until it yields (false) or its function returns (true). */
bool fiber_resume(struct fiber *fiber);

/* From inside: goes back to where it was resumed, until it is resumed again. */
void fiber_yield(struct fiber *fiber);

#endif
