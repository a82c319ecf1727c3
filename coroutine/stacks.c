/* stacks.c - see stacks.h. */
#include "coroutine/stacks.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* Each slab has twice the stacks of the last one, up to SLAB_MAX. */
enum { SLAB_FIRST = 4, SLAB_MAX = 256 };

struct slab {
    char *mapping;
    size_t bytes;
    struct slab *next;
};

struct stacks {
    size_t page_bytes, stack_bytes;
    struct slab *slabs; /* the last one first */
    size_t slab_stacks; /* stacks in the last slab ... */
    size_t taken;       /* ... and how many are taken */
    bool by_advice;     /* the kernel has guards that take no mapping */
};

/* Since Linux 6.13; some headers are older. Guarding a page this way costs a third of
 * changing its protection, and no mapping. */
#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102
#endif

/* An advice value that no kernel knows. */
enum { NO_ADVICE = 0x7fff };

static int guard_page(struct stacks *stacks, void *page, struct err *err)
{
    if (stacks->by_advice && !madvise(page, stacks->page_bytes, MADV_GUARD_INSTALL))
        return 0;
    stacks->by_advice = false;
    if (!mprotect(page, stacks->page_bytes, PROT_NONE))
        return 0;
    return err_errno(
        err, "cannot create the guard page of a stack (vm.max_map_count is a limit)");
}

static size_t distance(const struct stacks *stacks)
{
    return stacks->page_bytes + stacks->stack_bytes;
}

static char *map(size_t bytes)
{
    char *mapping = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);

    if (mapping == MAP_FAILED)
        return NULL;
    /* A huge page would take memory for all the stacks in it. From 6.7 on kernels avoid
     * that for MAP_STACK. */
    (void)madvise(mapping, bytes, MADV_NOHUGEPAGE);
    return mapping;
}

static int add_slab(struct stacks *stacks, struct err *err)
{
    size_t count = stacks->slab_stacks ? 2 * stacks->slab_stacks : SLAB_FIRST;
    struct slab *slab = calloc(1, sizeof(*slab));

    if (!slab)
        return err_errno(err, "no memory for stacks");
    if (count > SLAB_MAX)
        count = SLAB_MAX;
    slab->bytes = count * distance(stacks);
    slab->mapping = map(slab->bytes);
    if (!slab->mapping) {
        (void)err_errno(err, "no memory for %zu stacks of %zu bytes", count,
                        stacks->stack_bytes);
        free(slab);
        return -1;
    }
    slab->next = stacks->slabs;
    stacks->slabs = slab;
    stacks->slab_stacks = count;
    stacks->taken = 0;
    return 0;
}

char *stacks_take(struct stacks *stacks, struct err *err)
{
    char *page;

    if (stacks->taken == stacks->slab_stacks && add_slab(stacks, err))
        return NULL;
    /* A stack grows downwards, so the guard page is the lowest. */
    page = stacks->slabs->mapping + stacks->taken * distance(stacks);
    if (guard_page(stacks, page, err))
        return NULL;
    stacks->taken++;
    return page + stacks->page_bytes;
}

size_t stacks_bytes(const struct stacks *stacks)
{
    return stacks->stack_bytes;
}

int stacks_open(struct stacks **out, size_t stack_bytes, struct err *err)
{
    struct stacks *stacks = calloc(1, sizeof(*stacks));
    size_t pages;

    if (!stacks)
        return err_errno(err, "no memory for stacks");
    stacks->page_bytes = (size_t)sysconf(_SC_PAGESIZE);
    pages = (stack_bytes + stacks->page_bytes - 1) / stacks->page_bytes;
    stacks->stack_bytes = pages * stacks->page_bytes;
    /* An emulator such as qemu-user accepts every advice that it does not know, and does
     * nothing: accepting a known one counts only where an unknown one is refused. */
    stacks->by_advice = madvise(NULL, 0, NO_ADVICE) != 0;
    *out = stacks;
    return 0;
}

void stacks_close(struct stacks *stacks)
{
    if (!stacks)
        return;
    while (stacks->slabs) {
        struct slab *slab = stacks->slabs;

        stacks->slabs = slab->next;
        (void)munmap(slab->mapping, slab->bytes);
        free(slab);
    }
    free(stacks);
}
