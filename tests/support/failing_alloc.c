/* failing_alloc.c - for LD_PRELOAD: makes the allocation with the number FAILING_ALLOC
 * fail, counted from the beginning of main(), in the process that was started with this
 * variable but not in its children. Without a number, or with 0, no allocation fails.
 *
 * FAILING_ALLOC_COUNT names a file that gets the number of allocations at the end. */
#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The allocator of glibc, under its names for replacements. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

typedef int (*main_function)(int, char **, char **);
typedef int (*start_function)(main_function, int, char **, void (*)(void), void (*)(void),
                              void (*)(void), void *);

int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end);

static main_function real_main;
static atomic_ulong count;
static unsigned long failing; /* 0: none */
static const char *count_path;
static pid_t process; /* 0: main() has not begun */

static bool fails(void)
{
    if (!process || process != getpid() || atomic_fetch_add(&count, 1) + 1 != failing)
        return false;
    errno = ENOMEM;
    return true;
}

void *malloc(size_t size)
{
    return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
    return fails() ? NULL : __libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
    return fails() ? NULL : __libc_realloc(ptr, size);
}

void *memalign(size_t alignment, size_t size)
{
    return fails() ? NULL : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **memptr, size_t alignment, size_t size)
{
    void *got = memalign(alignment, size);

    if (!got)
        return ENOMEM;
    *memptr = got;
    return 0;
}

static void write_count(void)
{
    char text[32];
    FILE *file;

    if (process != getpid())
        return;
    process = 0;
    (void)snprintf(text, sizeof(text), "%lu\n", atomic_load(&count));
    file = fopen(count_path, "we");
    if (file && fputs(text, file) >= 0)
        (void)fclose(file);
}

static int counted_main(int argc, char **argv, char **environment)
{
    const char *number = getenv("FAILING_ALLOC");

    failing = number ? strtoul(number, NULL, 10) : 0;
    count_path = getenv("FAILING_ALLOC_COUNT");
    if (count_path)
        (void)atexit(write_count);
    (void)unsetenv("FAILING_ALLOC_COUNT");
    /* Only for the process with the variable: its children must not inherit it. */
    if (number) {
        (void)unsetenv("FAILING_ALLOC");
        process = getpid();
    }
    return real_main(argc, argv, environment);
}

int __libc_start_main(main_function main, int argc, char **argv, void (*init)(void),
                      void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
    start_function next;

    /* ISO C has no conversion from an object pointer to a function pointer. */
    *(void **)&next = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = main;
    return next(counted_main, argc, argv, init, fini, rtld_fini, stack_end);
}
