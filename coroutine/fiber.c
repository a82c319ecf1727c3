/* fiber.c - see fiber.h.
 *
 * swapcontext() also saves the signal mask, which takes one system call per switch, and a
 * request takes four switches. So it only begins a stack; from then on _setjmp() and
 * _longjmp() switch, which _FORTIFY_SOURCE would report as an error. The sanitizers
 * support only swapcontext(), so builds with them keep it. */
#undef _FORTIFY_SOURCE

#include "coroutine/fiber.h"

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define FIBER_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define FIBER_TSAN 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define FIBER_ASAN 1
#endif
#if defined(__SANITIZE_THREAD__)
#define FIBER_TSAN 1
#endif

#if defined(FIBER_ASAN) || defined(FIBER_TSAN)
#define FIBER_BY_CONTEXT 1
#endif
#ifdef FIBER_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FIBER_TSAN
#include <sanitizer/tsan_interface.h>
#endif

/* A point to resume from. Between telling a sanitizer of a switch and the switch itself
 * no function may be entered or left, because it tracks calls. A function that uses
 * setjmp() cannot be inlined. */
#ifdef FIBER_BY_CONTEXT
typedef ucontext_t place[1];
#define SWITCHES static inline __attribute__((always_inline))
#else
typedef jmp_buf place;
#define SWITCHES static
#endif

struct fiber {
    place inside;   /* where it resumes, once it has begun */
    place *outside; /* where its resumer continues; on the resumer's stack */
    bool begun;     /* its stack is in use */
    fiber_fn *function;
    void *argument;
    bool ended;
    char *stack; /* its lowest byte */
    size_t stack_bytes;

    /* for the sanitizers */
    void *inside_mark, *outside_mark;
    const void *outside_stack;
    size_t outside_stack_bytes;
};

/* -- telling the sanitizers: before a switch, and after it ---------------------- */

SWITCHES void leave_outside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    __sanitizer_start_switch_fiber(&fiber->outside_mark, fiber->stack,
                                   fiber->stack_bytes);
#endif
#ifdef FIBER_TSAN
    fiber->outside_mark = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber->inside_mark, 0);
#endif
    (void)fiber;
}

SWITCHES void enter_outside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(fiber->outside_mark, NULL, NULL);
#endif
    (void)fiber;
}

SWITCHES void leave_inside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    /* A fiber that has ended needs nothing of this again. */
    __sanitizer_start_switch_fiber(fiber->ended ? NULL : &fiber->inside_mark,
                                   fiber->outside_stack, fiber->outside_stack_bytes);
    if (fiber->ended)
        fiber->inside_mark = NULL;
#endif
#ifdef FIBER_TSAN
    __tsan_switch_to_fiber(fiber->outside_mark, 0);
#endif
    (void)fiber;
}

SWITCHES void enter_inside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(fiber->inside_mark, &fiber->outside_stack,
                                    &fiber->outside_stack_bytes);
#endif
    (void)fiber;
}

/* -- switches ------------------------------------------------------------------ */

SWITCHES void go(place from, place to)
{
#ifdef FIBER_BY_CONTEXT
    /* Fails only for lack of stack space, and this stack has space. */
    (void)swapcontext(from, to);
#else
    if (!_setjmp(from))
        _longjmp(to, 1);
#endif
}

void fiber_yield(struct fiber *fiber)
{
    leave_inside(fiber);
    go(fiber->inside, *fiber->outside);
    enter_inside(fiber);
}

/* The first function of a new stack, which never returns. makecontext() passes nothing
 * wider than an int. */
static void run_functions(unsigned high, unsigned low)
{
    uintptr_t address = (uintptr_t)high << 16 << 16 | low;
    struct fiber *fiber;

    memcpy(&fiber, &address, sizeof(address));
    enter_inside(fiber);
    for (;;) {
        fiber->function(fiber->argument);
        fiber->ended = true;
        fiber_yield(fiber);
    }
}

/* Makes a context that begins the fiber's stack. */
static void make_context(struct fiber *fiber, ucontext_t *context)
{
    uintptr_t address = (uintptr_t)fiber;

    (void)getcontext(context); /* which cannot fail in this thread */
    context->uc_link = NULL;
    context->uc_stack.ss_sp = fiber->stack;
    context->uc_stack.ss_size = fiber->stack_bytes;
    makecontext(context, (void (*)(void))run_functions, 2,
                (unsigned)(address >> 16 >> 16), (unsigned)address);
}

#ifdef FIBER_BY_CONTEXT
static void prepare(struct fiber *fiber)
{
    make_context(fiber, fiber->inside);
    fiber->begun = true;
}

static void begin(struct fiber *fiber, place from)
{
    (void)fiber; /* it has been prepared */
    (void)from;
}
#else
static void prepare(struct fiber *fiber)
{
    (void)fiber;
}

/* Switches to the new stack. The context is only needed until then. */
static void begin(struct fiber *fiber, place from)
{
    ucontext_t context;
    ucontext_t left; /* never resumed */

    fiber->begun = true;
    make_context(fiber, &context);
    if (!_setjmp(from))
        (void)swapcontext(&left, &context);
}
#endif

bool fiber_resume(struct fiber *fiber)
{
    place outside;

    fiber->outside = &outside;
    leave_outside(fiber);
    if (fiber->begun)
        go(outside, fiber->inside);
    else
        begin(fiber, outside);
    enter_outside(fiber);
    return fiber->ended;
}

void fiber_start(struct fiber *fiber, fiber_fn *function, void *argument)
{
    fiber->function = function;
    fiber->argument = argument;
    fiber->ended = false;
}

/* -- life cycle ---------------------------------------------------------------- */

int fiber_open(struct fiber **out, char *stack, size_t stack_bytes, struct err *err)
{
    struct fiber *fiber = calloc(1, sizeof(*fiber));

    if (!fiber)
        return err_errno(err, "no memory for a fiber");
    fiber->stack = stack;
    fiber->stack_bytes = stack_bytes;
    prepare(fiber);
#ifdef FIBER_TSAN
    fiber->inside_mark = __tsan_create_fiber(0);
#endif
    *out = fiber;
    return 0;
}

void fiber_close(struct fiber *fiber)
{
    if (!fiber)
        return;
#ifdef FIBER_TSAN
    if (fiber->inside_mark)
        __tsan_destroy_fiber(fiber->inside_mark);
#endif
    free(fiber);
}
