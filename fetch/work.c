/* work.c - see work.h. One mapping: header, targets, their URLs, result slots. */
#include "fetch/work.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/shared.h"
#include "fetch/slowdown.h"

/* Only lock-free atomics may be shared between processes. */
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2, "the item counter must be lock-free");

#define WORK_MAGIC 0x6b726f7768636e62ull

struct target {
    size_t url_offset; /* from the start of the mapping */
    struct work_expectation expect;
};

struct header {
    uint64_t magic;
    uint64_t header_bytes; /* sizeof(struct header) and ... */
    uint64_t result_bytes; /* ... of a slot: another build would differ */
    size_t target_count, capacity, count;
    size_t targets_offset, results_offset;
    alignas(64) atomic_ullong next; /* alone on its cache line: every worker writes it */
};

struct work {
    struct shared shared;
    struct header *header;        /* in it; any worker may have overwritten it */
    struct fetch_result *results; /* in it */

    /* The data that this process relies on. `image` has the header, the targets and their
     * URLs as they were made: a private copy in the process that made them, elsewhere the
     * mapping. */
    const char *image;
    char *own_image; /* owned; NULL where `image` is the mapping */
    const struct target *targets;
    size_t target_count, capacity, count;
    struct slowdown slowdown; /* of every item that is taken in this process */
};

static size_t align_up(size_t size, size_t alignment)
{
    return (size + alignment - 1) / alignment * alignment;
}

/* Copies the header of `image`, which is as it was made. */
static void find_parts(struct work *work, const char *image)
{
    const struct header *header = (const void *)image;

    work->header = work->shared.memory;
    work->results = (void *)((char *)work->shared.memory + header->results_offset);
    work->image = image;
    work->targets = (const void *)(image + header->targets_offset);
    work->target_count = header->target_count;
    work->capacity = header->capacity;
    work->count = header->count;
}

static void copy_targets(char *image, const struct work_target *targets)
{
    const struct header *header = (const void *)image;
    struct target *copies = (void *)(image + header->targets_offset);
    size_t offset = header->targets_offset + header->target_count * sizeof(*copies);

    for (size_t i = 0; i < header->target_count; i++) {
        size_t size = strlen(targets[i].url) + 1;

        memcpy(image + offset, targets[i].url, size);
        copies[i] = (struct target){offset, targets[i].expect};
        offset += size;
    }
}

int work_create(struct work **out, const struct work_target *targets, size_t target_count,
                size_t capacity, struct err *err)
{
    struct work *work = calloc(1, sizeof(*work));
    size_t targets_offset = align_up(sizeof(struct header), alignof(struct target));
    size_t size = targets_offset + target_count * sizeof(struct target);
    size_t results_offset;

    if (!work)
        return err_errno(err, "no memory for the supply of work");
    for (size_t i = 0; i < target_count; i++)
        size += strlen(targets[i].url) + 1;
    results_offset = align_up(size, alignof(struct fetch_result));
    size = results_offset + capacity * sizeof(struct fetch_result);
    work->own_image = aligned_alloc(alignof(struct header),
                                    align_up(results_offset, alignof(struct header)));
    if (!work->own_image)
        (void)err_errno(err, "no memory for %zu URLs", target_count);
    if (!work->own_image || shared_create(&work->shared, "bench-work", size, err)) {
        work_destroy(work);
        return -1;
    }
    memset(work->own_image, 0, results_offset);
    *(struct header *)(void *)work->own_image = (struct header){
        .magic = WORK_MAGIC,
        .header_bytes = sizeof(struct header),
        .result_bytes = sizeof(struct fetch_result),
        .target_count = target_count,
        .capacity = capacity,
        .targets_offset = targets_offset,
        .results_offset = results_offset,
    };
    copy_targets(work->own_image, targets);
    memcpy(work->shared.memory, work->own_image, results_offset);
    find_parts(work, work->own_image);
    *out = work;
    return 0;
}

/* True if a mapping of this size is a supply of this build, as its maker left it. */
static bool is_supply(const struct header *header, size_t size_bytes)
{
    return size_bytes >= sizeof(*header) && header->magic == WORK_MAGIC &&
           header->header_bytes == sizeof(*header) &&
           header->result_bytes == sizeof(struct fetch_result) && header->target_count &&
           header->results_offset <= size_bytes &&
           header->targets_offset <= header->results_offset &&
           header->target_count <= (header->results_offset - header->targets_offset) /
                                       sizeof(struct target) &&
           header->capacity <=
               (size_bytes - header->results_offset) / sizeof(struct fetch_result) &&
           header->count <= header->capacity;
}

int work_open(struct work **out, int fd, struct err *err)
{
    struct work *work = calloc(1, sizeof(*work));

    if (!work)
        return err_errno(err, "no memory for the supply of work");
    if (shared_map(&work->shared, fd, err)) {
        free(work);
        return -1;
    }
    if (!is_supply(work->shared.memory, work->shared.size_bytes)) {
        work_destroy(work);
        return err_set(err, "descriptor %d holds no supply of work of this build", fd);
    }
    find_parts(work, work->shared.memory);
    *out = work;
    return 0;
}

void work_destroy(struct work *work)
{
    if (!work)
        return;
    shared_close(&work->shared);
    free(work->own_image);
    free(work);
}

int work_fd(const struct work *work)
{
    return work->shared.fd;
}

void work_arm(struct work *work, size_t count)
{
    memset(work->results, 0, work->capacity * sizeof(struct fetch_result));
    work->count = count < work->capacity ? count : work->capacity;
    work->header->count = work->count;
    atomic_store(&work->header->next, 0);
}

const struct fetch_result *work_results(const struct work *work, size_t *count)
{
    *count = work->count;
    return work->results;
}

struct fetch_result *work_results_copy(const struct work *work, size_t *count,
                                       struct err *err)
{
    size_t bytes = work->count * sizeof(struct fetch_result);
    /* Never zero bytes, for which NULL is no failure. */
    struct fetch_result *copy = aligned_alloc(
        alignof(struct fetch_result), bytes ? bytes : sizeof(struct fetch_result));

    if (!copy) {
        (void)err_errno(err, "no memory for %zu results", work->count);
        return NULL;
    }
    memcpy(copy, work->results, bytes);
    *count = work->count;
    return copy;
}

size_t work_taken(const struct work *work)
{
    /* A worker that found nothing left has advanced the counter, too. */
    unsigned long long next = atomic_load(&work->header->next);

    return next < work->count ? (size_t)next : work->count;
}

size_t work_lost_by(const struct work *work, unsigned worker, size_t *first)
{
    size_t lost = 0;

    for (size_t i = 0; i < work->count; i++) {
        const struct fetch_result *result = &work->results[i];

        if (!result->begin_ns || result->worker != worker ||
            result->outcome != FETCH_LOST)
            continue;
        if (!lost++)
            *first = i;
    }
    return lost;
}

void work_slow_down(struct work *work, const struct slowdown *slowdown)
{
    work->slowdown = *slowdown;
}

static const struct target *target_of(const struct work *work, size_t index)
{
    return &work->targets[index % work->target_count];
}

size_t work_target_count(const struct work *work)
{
    return work->target_count;
}

const char *work_url(const struct work *work, size_t index)
{
    return work->image + target_of(work, index)->url_offset;
}

const struct work_expectation *work_expected(const struct work *work, size_t index)
{
    return &target_of(work, index)->expect;
}

bool work_take(struct work *work, unsigned worker, struct work_item *item)
{
    unsigned long long index = atomic_fetch_add_explicit(&work->header->next, 1,
                                                         memory_order_relaxed);

    if (index >= work->header->count)
        return false;
    *item = (struct work_item){
        .index = index,
        .url = work_url(work, index),
        .expect = &target_of(work, index)->expect,
        .result = &work->results[index],
    };
    item->result->worker = worker;
    item->result->begin_ns = clock_ns();
    if (work->slowdown.kind)
        slowdown_suffer(&work->slowdown);
    return true;
}
