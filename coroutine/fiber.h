/* fiber.h - a fiber: a separate stack and the point where it resumes. A coroutine runs on
 * one.
 *
 * Only this file pair knows how stacks are switched. It tells the sanitizers, which would
 * otherwise take another stack for a corrupted one. */
#ifndef COROUTINE_FIBER_H
#define COROUTINE_FIBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct fiber; /* opaque; one thread only */

typedef void fiber_fn(void *argument);

/* Makes a fiber on a stack whose lowest byte is `stack`; the stack must outlive the
 * fiber. Owner: the caller, fiber_close(). Fails if there is no memory. */
int fiber_open(struct fiber **out, char *stack, size_t stack_bytes, struct err *err);

/* Does not unwind its stack. Not from inside. NULL is fine. */
void fiber_close(struct fiber *fiber);

/* Sets the function that the next resume calls. Only for a new fiber or one that has
 * ended: stacks are reused. */
void fiber_start(struct fiber *fiber, fiber_fn *function, void *argument);

/* Runs it until it yields (false) or its function returns (true). */
bool fiber_resume(struct fiber *fiber);

/* From inside: returns to its resumer, until it is resumed again. */
void fiber_yield(struct fiber *fiber);

#endif
