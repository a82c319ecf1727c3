/* fiber.c - see fiber.h.
 *
 * swapcontext() saves the signal mask too, a system call for each switch. That is 0.2 us
 * of some 60 us that a fetch costs (docs/coroutines.md), so it stays. */
#include "coroutine/fiber.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

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

#ifdef FIBER_ASAN
#include <sanitizer/common_interface_defs.h>
#endif
#ifdef FIBER_TSAN
#include <sanitizer/tsan_interface.h>
#endif

struct fiber {
    ucontext_t inside;   /* where it goes on */
    ucontext_t *outside; /* where its resumer goes on; on the resumer's stack */
    fiber_fn *function;
    void *argument;
    bool ended;
    char *mapping; /* a page to keep away from, then the stack */
    size_t mapping_bytes, guard_bytes;

    /* for the sanitizers */
    void *inside_mark, *outside_mark;
    const void *outside_stack;
    size_t outside_stack_bytes;
};

/* -- what the sanitizers are told: before a switch, and behind it --------------- */

static void leave_outside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    __sanitizer_start_switch_fiber(&fiber->outside_mark,
                                   fiber->mapping + fiber->guard_bytes,
                                   fiber->mapping_bytes - fiber->guard_bytes);
#endif
#ifdef FIBER_TSAN
    fiber->outside_mark = __tsan_get_current_fiber();
    __tsan_switch_to_fiber(fiber->inside_mark, 0);
#endif
    (void)fiber;
}

static void enter_outside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(fiber->outside_mark, NULL, NULL);
#endif
    (void)fiber;
}

static void leave_inside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    /* Nothing of a fiber that has ended is needed again. */
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

static void enter_inside(struct fiber *fiber)
{
#ifdef FIBER_ASAN
    __sanitizer_finish_switch_fiber(fiber->inside_mark, &fiber->outside_stack,
                                    &fiber->outside_stack_bytes);
#endif
    (void)fiber;
}

/* -- switches ------------------------------------------------------------------ */

bool fiber_resume(struct fiber *fiber)
{
    ucontext_t outside;

    fiber->outside = &outside;
    leave_outside(fiber);
    /* Fails only without memory, on a stack that is there. */
    (void)swapcontext(&outside, &fiber->inside);
    enter_outside(fiber);
    return fiber->ended;
}

void fiber_yield(struct fiber *fiber)
{
    leave_inside(fiber);
    (void)swapcontext(&fiber->inside, fiber->outside);
    enter_inside(fiber);
}

/* What a new stack begins with, and never leaves. makecontext() hands on nothing wider
 * than an int. */
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

void fiber_start(struct fiber *fiber, fiber_fn *function, void *argument)
{
    fiber->function = function;
    fiber->argument = argument;
    fiber->ended = false;
}

/* -- its life ------------------------------------------------------------------ */

/* Linux 6.13, newer than the headers of some. A page that is guarded this way costs a
 * third of one with a protection of its own, and no mapping. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* An advice that no kernel knows. */
enum { NO_ADVICE = 0x7fff };

/* An emulator such as qemu-user takes every advice that it does not know, and does
 * nothing: only where an unknown one is refused does a known one count. */
static bool guards_by_advice(void *page, size_t page_bytes)
{
    return madvise(page, page_bytes, NO_ADVICE) &&
           !madvise(page, page_bytes, MADV_GUARD_INSTALL);
}

static int guard_page(void *page, size_t page_bytes, struct err *err)
{
    if (guards_by_advice(page, page_bytes) || !mprotect(page, page_bytes, PROT_NONE))
        return 0;
    return err_errno(err, "cannot guard a stack (vm.max_map_count is a limit)");
}

static int map_stack(struct fiber *fiber, size_t stack_bytes, struct err *err)
{
    size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    size_t pages = (stack_bytes + page_bytes - 1) / page_bytes;
    void *mapping;

    fiber->guard_bytes = page_bytes;
    fiber->mapping_bytes = (pages + 1) * page_bytes;
    mapping = mmap(NULL, fiber->mapping_bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    if (mapping == MAP_FAILED)
        return err_errno(err, "no memory for a stack of %zu bytes", stack_bytes);
    fiber->mapping = mapping;
    /* The stack grows downwards, so the forbidden page is the lowest. */
    return guard_page(mapping, page_bytes, err);
}

int fiber_open(struct fiber **out, size_t stack_bytes, struct err *err)
{
    struct fiber *fiber = calloc(1, sizeof(*fiber));
    uintptr_t address = (uintptr_t)fiber;

    if (!fiber)
        return err_errno(err, "no memory for a fiber");
    if (map_stack(fiber, stack_bytes, err))
        goto failed;
    if (getcontext(&fiber->inside)) {
        (void)err_errno(err, "no context for a fiber");
        goto failed;
    }
    fiber->inside.uc_stack.ss_sp = fiber->mapping + fiber->guard_bytes;
    fiber->inside.uc_stack.ss_size = fiber->mapping_bytes - fiber->guard_bytes;
    makecontext(&fiber->inside, (void (*)(void))run_functions, 2,
                (unsigned)(address >> 16 >> 16), (unsigned)address);
#ifdef FIBER_TSAN
    fiber->inside_mark = __tsan_create_fiber(0);
#endif
    *out = fiber;
    return 0;

failed:
    fiber_close(fiber);
    return -1;
}

void fiber_close(struct fiber *fiber)
{
    if (!fiber)
        return;
#ifdef FIBER_TSAN
    if (fiber->inside_mark)
        __tsan_destroy_fiber(fiber->inside_mark);
#endif
    if (fiber->mapping)
        (void)munmap(fiber->mapping, fiber->mapping_bytes);
    free(fiber);
}
